"""The requester changes her mind: what is asked changes, what was answered stays true to what was asked."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from consensus.app.actions.ask_again import ask_again, askable, cost_of
from consensus.app.actions.finish_batch import finish_batch
from consensus.app.actions.review_item import correct_label
from consensus.app.actions.undo_review import undo_review
from consensus.app.models import SupersededDecision
from delivery import outbox
from kernel.errors import DomainError, NotFound
from labelling.batches.close_batch import close_batch
from labelling.batches.close_overdue import close_overdue
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.gold.retire_gold import retire_gold
from labelling.gold.set_gold import set_gold
from labelling.models import Answer, Batch, Decision, Gold, Item, Lease, QuestionVersion, Settlement
from labelling.models.golds import with_figures
from labelling.projects.change_labels import change_labels
from labelling.projects.edit_project import edit_project
from labelling.projects.question_effects import effect_of
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger import clock
from ledger.audit import findings
from ledger.factories import funds_of
from ledger.posting import balance
from people.models import AuditEntry, Person
from tests.worlds import answer_to, make_worker, opened, sentiment_world

pytestmark = pytest.mark.django_db
BAD, GOOD, MIXED = ({"id": name, "name": {"en": name.title()}} for name in ("bad", "good", "mixed"))


def drain() -> None:
    while outbox.drain():
        continue


def say(world, worker, label: str, n: int = 20) -> list:
    lent = draw_work(worker, world.batch, n)
    results = accept_answers(worker, [answer_to(one, {"label": label}) for one in lent]) if lent else []
    drain()
    return results


def decided(labels=(BAD, GOOD, MIXED), items: int = 2, said: str = "bad", **project):
    """Every item is sure to be `said`, by two workers; two more have answered nothing."""
    world = opened(sentiment_world(items=items, workers=4, config={"labels": list(labels)}, **project))
    for worker in world.workers[:2]:
        say(world, worker, said)
    return world


def test_a_version_is_written_for_each_change_and_never_altered():
    world = sentiment_world(items=1)
    first = world.project.question
    edit_project(world.requester, world.project, title="Kind or unkind", instructions={"en": "Look twice."})
    edit_project(world.requester, world.project, title="Kind or unkind")  # the same again
    edit_project(world.requester, world.project, target_ppm=900_000)  # nothing that she sees
    versions = list(QuestionVersion.objects.order_by("number"))
    assert [(v.number, v.title) for v in versions] == [(1, "Good or bad"), (2, "Kind or unkind")]
    assert world.project.question == versions[1] != first
    assert versions[0].sha256 != versions[1].sha256
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionVersion.objects.update(title="another")
    for field, value in (("title", ""), ("target_ppm", 5), ("task_type", "text"), ("instructions", {"xx": "?"})):
        with pytest.raises(DomainError) as refused:
            edit_project(world.requester, fresh(world), **{field: value})
        assert refused.value.field.startswith(field)
    with pytest.raises(DomainError, match="/labels"):
        edit_project(world.requester, fresh(world), config={"labels": [GOOD]})


def fresh(world):
    world.project.refresh_from_db()
    return world.project


def test_an_answer_from_a_pack_of_before_is_taken_as_it_was_asked():
    world = opened(sentiment_world(items=2, workers=3, config={"labels": [BAD, GOOD, MIXED]}))
    before = draw_work(world.workers[0], world.batch, 2)
    change_labels(world.requester, world.project, [GOOD, BAD], retire=["mixed"])
    results = accept_answers(world.workers[0], [answer_to(one, {"label": "mixed"}) for one in before])
    assert [r.status for r in results] == ["accepted", "accepted"]
    [now, _] = draw_work(world.workers[1], world.batch, 2)
    assert now.question != before[0].question
    [refused] = accept_answers(world.workers[1], [answer_to(now, {"label": "mixed"})])
    assert refused.error["message"] == "value.label must be one of the project's labels: Good, Bad."
    numbers = Lease.objects.filter(answer__isnull=False).values_list("question__number", flat=True)
    assert set(numbers) == {1}


def test_a_merge_renames_what_was_decided_and_joins_what_is_open():
    world = opened(sentiment_world(items=3, workers=4, golds=1, config={"labels": [BAD, GOOD, MIXED]}, max_answers=4))
    golds = world.golds
    set_gold(world.requester, golds[0], {"label": "mixed"})
    for worker in world.workers[:2]:
        say(world, worker, "mixed", 2)  # two items are sure to be mixed
    say(world, world.workers[2], "mixed", 3)  # one vote on the third
    before = dict(Decision.objects.filter(final=True).values_list("item", "inputs_hash"))
    paid = list(Settlement.objects.order_by("answer").values_list("answer", "bonus_micro", "agreed"))
    assert effect_of(world.project, "mixed").decided == len(before) == 2

    change_labels(world.requester, world.project, [GOOD, BAD], merge={"mixed": "bad"})
    drain()
    assert set(Decision.objects.values_list("value__label", flat=True)) == {"bad"}
    assert set(Answer.objects.values_list("value__label", flat=True)) == {"mixed"}  # as they said it
    kept = dict(SupersededDecision.objects.values_list("item", "inputs_hash"))
    assert kept == before  # what measured their pay
    assert paid == list(
        Settlement.objects.filter(answer__in=[p[0] for p in paid])
        .order_by("answer")
        .values_list("answer", "bonus_micro", "agreed")
    )

    say(world, world.workers[3], "bad")  # agrees with the one who had said mixed
    third = Decision.objects.exclude(item__in=before).get()
    assert (third.value, third.final, third.agreement_ppm) == ({"label": "bad"}, True, 1_000_000)
    assert third.detail["inputs"]["labels"] == []  # no sum of what was signed
    assert set(Settlement.objects.filter(answer__item=third.item_id).values_list("agreed", flat=True)) == {True}
    assert Gold.objects.get(item=golds[0]).retired_at is None
    assert findings() == []


def test_a_known_task_is_judged_in_the_labels_that_were_shown():
    world = opened(
        sentiment_world(
            items=4, workers=4, golds=1, gold_share_bps=5000, config={"labels": [BAD, GOOD, MIXED]}, min_answers=3
        )
    )
    gold = world.golds[0]
    set_gold(world.requester, gold, {"label": "mixed"})

    def lent_gold(worker):
        return next(one for one in draw_work(worker, world.batch, 20) if one.item_id == gold.pk)

    early = lent_gold(world.workers[0])
    change_labels(world.requester, world.project, [GOOD, BAD], merge={"mixed": "bad"})
    late = lent_gold(world.workers[1])
    [said_early] = accept_answers(world.workers[0], [answer_to(early, {"label": "bad"})])
    [said_late] = accept_answers(world.workers[1], [answer_to(late, {"label": "bad"})])
    assert said_early.feedback["right"] is said_late.feedback["right"] is True
    assert (said_early.feedback["truth"], said_late.feedback["truth"]) == ({"label": "mixed"}, {"label": "bad"})

    # Who was never shown the true label has missed nothing.
    third = lent_gold(world.workers[2])
    change_labels(world.requester, world.project, [GOOD, BAD, {"id": "new", "name": {"en": "New"}}])
    set_gold(world.requester, gold, {"label": "new"})
    [said_third] = accept_answers(world.workers[2], [answer_to(third, {"label": "bad"})])
    assert (said_third.status, said_third.feedback) == ("accepted", None)
    drain()
    assert Answer.objects.get(lease=third.lease).settlement.counts[1] == 0  # no known task for her
    assert findings() == []


def test_a_retired_label_stays_where_it_was_decided_and_takes_its_gold_along():
    world = decided(said="mixed")
    set_gold(world.requester, world.items[0], {"label": "mixed"})
    change_labels(world.requester, world.project, [GOOD, BAD], retire=["mixed"])
    drain()
    assert Decision.objects.get(item=world.items[1]).value == {"label": "mixed"}
    assert Gold.objects.get().retired_at is not None
    assert world.project.past_labels == [{**MIXED, "into": None}]
    change_labels(world.requester, world.project, [GOOD, BAD, MIXED])  # and can come back
    assert world.project.past_labels == []


@pytest.mark.parametrize(
    ("labels", "more", "field"),
    [
        ([GOOD], {}, "labels"),
        ([GOOD, BAD], {"merge": {"mixed": "ugly"}}, "merge"),
        ([GOOD, BAD], {"merge": {"ugly": "bad"}, "retire": ["mixed"]}, "merge"),
        ([GOOD, BAD, MIXED], {"retire": ["mixed"]}, "retire"),
        ([GOOD, BAD], {"merge": {"mixed": "bad"}, "retire": ["mixed"]}, "retire"),
        ([], {"retire": ["mixed", "good", "bad"]}, "config.labels"),
    ],
)
def test_a_change_that_leaves_a_label_nowhere_is_refused(labels, more, field):
    world = sentiment_world(items=1, config={"labels": [BAD, GOOD, MIXED]})
    with pytest.raises(DomainError) as refused:
        change_labels(world.requester, world.project, labels, **more)
    assert refused.value.field == field
    assert QuestionVersion.objects.count() == 1


def test_a_batch_keeps_the_number_of_answers_that_it_is_funded_for():
    world = opened(sentiment_world(items=2, workers=4, max_answers=3, target_ppm=999_999))
    edit_project(world.requester, world.project, min_answers=1, max_answers=9)
    for worker in world.workers:
        say(world, worker, "good")
    assert set(Decision.objects.values_list("answers_used", "final")) == {(3, True)}
    later = create_batch(world.requester, world.project, name="later", base_micro=10_000)
    assert (later.min_answers, later.max_answers) == (1, 9)
    assert findings() == []


def test_decided_items_are_asked_again_from_the_start_and_the_cost_is_told_before():
    world = decided(said="bad", items=3)
    [a, b, _] = world.items
    again = [a.pk, b.pk]
    funds = balance(funds_of(world.organisation.pk), "USD")
    cost = cost_of(world.project, again)
    batch = ask_again(world.requester, world.project, again, name="again")
    assert (cost.items, cost.escrow_micro) == (2, batch.escrow_micro)
    assert balance(funds_of(world.organisation.pk), "USD") == funds - cost.escrow_micro
    assert (batch.base_micro, batch.bonus_micro) == (world.batch.base_micro, world.batch.bonus_micro)

    world.batch = batch
    assert draw_work(world.workers[0], batch, 5) == []  # who answered before is not asked a second time
    say(world, world.workers[2], "good")
    assert not Decision.objects.get(item=a).final  # one new answer is not enough, whatever was said before
    say(world, world.workers[3], "good")
    decision = Decision.objects.get(item=a)
    assert (decision.value, decision.final, decision.answers_used, decision.batch) == (
        {"label": "good"},
        True,
        2,
        batch,
    )
    assert SupersededDecision.objects.filter(item=a, value={"label": "bad"}).exists()
    assert Batch.objects.get(pk=batch.pk).state == "closed"
    assert findings() == []


def test_what_nobody_answers_again_stands_as_it_stood_and_its_money_comes_back():
    world = decided(said="bad")
    a, b = world.items
    correct_label(world.requester, b.pk, {"label": "mixed"})
    drain()
    before = list(Decision.objects.order_by("item").values("item", "value", "final", "sure", "source", "inputs_hash"))
    assert [(one["final"], one["sure"], one["source"]) for one in before] == [
        (True, True, "crowd"),
        (True, True, "reviewer"),
    ]
    funds = balance(funds_of(world.organisation.pk), "USD")
    batch = ask_again(world.requester, world.project, [a.pk, b.pk], name="again")
    assert timedelta(days=13) < batch.deadline - clock.now() <= timedelta(days=14)
    assert not Decision.objects.filter(final=True).exists()
    drain()
    mail.outbox.clear()
    Batch.objects.filter(pk=batch.pk).update(deadline=clock.now() - timedelta(seconds=1))
    assert close_overdue() == 1
    drain()
    assert list(Decision.objects.order_by("item").values(*before[0])) == before
    assert not Item.objects.filter(heard_after__gt=0).exists()
    assert balance(funds_of(world.organisation.pk), "USD") == funds
    [told] = [one for one in mail.outbox if one.to == [world.requester.email]]
    assert "Nobody answered 2 items" in told.body
    assert finish_batch(batch.pk) is None  # the event again changes nothing
    assert list(Decision.objects.order_by("item").values(*before[0])) == before
    assert ask_again(world.requester, world.project, [a.pk], name="once more").state == "open"
    assert findings() == []


def test_of_items_asked_again_the_answered_ones_keep_their_new_answer():
    world = decided(said="bad")
    world.batch = ask_again(world.requester, world.project, [item.pk for item in world.items], name="again")
    say(world, world.workers[2], "good", 1)
    answered = Answer.objects.get(batch=world.batch).item_id
    close_batch(world.requester, world.batch)
    drain()
    said = dict(Decision.objects.values_list("item", "value"))
    assert {said[item.pk]["label"] for item in world.items if item.pk != answered} == {"bad"}
    assert said[answered] == {"label": "good"}
    assert not Decision.objects.filter(final=False).exists()
    assert findings() == []


def test_only_decided_items_are_asked_again_and_without_money_nothing_changes():
    world = decided(said="bad")
    known, other = world.items
    set_gold(world.requester, known, {"label": "bad"})
    assert list(askable(world.project).values_list("item", flat=True)) == [other.pk]
    for items, price, field in (
        ([known.pk], {}, "items"),
        ([], {}, "items"),
        ([other.pk], {"base_micro": 90_000_000}, "funds"),
        ([other.pk], {"base_micro": 1}, "base_micro"),
    ):
        with pytest.raises(DomainError) as refused:
            ask_again(world.requester, world.project, items, name="again", **price)
        assert refused.value.field == field
    assert Decision.objects.get(item=other).final
    assert Item.objects.get(pk=other.pk).heard_after == 0


def test_a_label_that_is_sure_and_wrong_is_corrected_in_place():
    world = decided(said="bad")
    item = world.items[0]
    paid = list(Settlement.objects.order_by("answer").values_list("bonus_micro", "agreed"))
    decision = correct_label(world.requester, item.pk, {"label": "mixed"}, "It is both.")  # nobody had said so
    drain()
    assert (decision.value, decision.source, decision.sure) == ({"label": "mixed"}, "reviewer", True)
    assert decision.detail["review"]["reason"] == "It is both."
    assert SupersededDecision.objects.filter(item=item).latest("pk").value == {"label": "bad"}
    assert list(Settlement.objects.order_by("answer").values_list("bonus_micro", "agreed")) == paid
    entry = AuditEntry.objects.get(action="decision.correct")
    assert (entry.actor, entry.detail["was"], entry.detail["now"]) == (
        world.requester,
        {"label": "bad"},
        {"label": "mixed"},
    )
    correct_label(world.requester, item.pk, {"label": "mixed"})  # the same again
    assert AuditEntry.objects.filter(action="decision.correct").count() == 1
    undo_review(world.requester, item.pk)
    assert Decision.objects.get(item=item).value == {"label": "bad"}
    with pytest.raises(DomainError) as refused:
        correct_label(world.requester, item.pk, {"label": "ugly"})
    assert refused.value.field == "value.label"
    for stranger in (Person.objects.create_user(email="s@example.org"), make_worker("z").person):
        with pytest.raises(NotFound):
            correct_label(stranger, item.pk, {"label": "good"})


def test_a_correction_while_it_is_asked_ends_the_asking():
    world = opened(sentiment_world(items=1, workers=2))
    say(world, world.workers[0], "bad")
    correct_label(world.requester, world.items[0].pk, {"label": "good"})
    drain()
    world.batch.refresh_from_db()
    assert (world.batch.state, world.batch.items_done, world.batch.items_total) == ("closed", 1, 1)
    assert Decision.objects.get().value == {"label": "good"}
    assert Settlement.objects.count() == 1
    assert findings() == []


def test_gold_is_listed_with_its_misses_and_retired_gold_is_work_again():
    world = opened(sentiment_world(items=1, workers=3, golds=1, gold_share_bps=5000))
    for worker, label in zip(world.workers, ("bad", "good", "bad"), strict=True):
        say(world, worker, label)
    [gold] = with_figures(Gold.objects.all())
    asked = Answer.objects.filter(item=gold.item_id, gold_right__isnull=False)
    missed = asked.filter(gold_right=False).count()
    assert (gold.asked, gold.missed, gold.missed_by) == (asked.count(), missed, missed)
    assert gold.asked
    retire_gold(world.requester, world.golds[0])
    later = create_batch(world.requester, world.project, name="later", base_micro=10_000)
    assert open_batch(world.requester, later).items_total >= 1
    assert later.batch_items.filter(item=world.golds[0]).exists()
    with pytest.raises(DomainError):
        retire_gold(world.requester, world.items[0])
