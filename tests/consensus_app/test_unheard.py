"""A flag takes the weight from a worker's answers: what they decided is decided without them, and nobody's pay changes."""

from datetime import timedelta

import pytest

from consensus.app.actions.decide_items import decide_items
from consensus.app.actions.look_at_newcomers import look_at_newcomers
from consensus.app.heard import LOOK_WITHIN, unheard_in
from consensus.app.models import SupersededDecision
from delivery import outbox
from delivery.models import OutboxEvent
from labelling.conduct.hold_pay import hold_pay, let_go
from labelling.models import Answer, Batch, BatchItem, Decision, Settlement
from labelling.models.bans import Ban
from labelling.models.holds import PayHold
from labelling.proof.integer_rule import decide
from labelling.releases.create_release import create_release
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.mark_recorded import mark_recorded
from ledger import clock
from people.models import Person
from tests.roles import as_owner
from tests.worlds import World, answer_to, make_worker, opened, sentiment_world

pytestmark = pytest.mark.django_db
ITEMS = 4


def answer_all(world: World, worker, label: str) -> None:
    lent = draw_work(worker, world.batch, 20)
    results = accept_answers(worker, [answer_to(one, {"label": label}) for one in lent])
    assert {result.status for result in results} == {"accepted"}
    outbox.drain()


def decided_by_two(keep_open: bool = True, **project) -> World:
    """Both say "good" of every item, and that is enough; a third was not asked."""
    fields = {"min_answers": 2, "max_answers": 4, "target_ppm": 800_000}
    world = opened(sentiment_world(items=ITEMS, workers=4, **{**fields, **project}), keep_open=keep_open)
    for worker in world.workers[:2]:
        answer_all(world, worker, "good")
    return world


def flag(world: World, worker) -> None:
    """As a look does; only that a recorded worker, who is nobody, is not flagged."""
    mark_recorded([worker], recorded=False)
    assert hold_pay(world.project, [(worker.pk, "hurried")]) == 1
    outbox.drain()


def states(world: World) -> set[str]:
    return set(BatchItem.objects.filter(batch=world.batch).values_list("state", flat=True))


def finals(world: World) -> int:
    return Decision.objects.filter(project=world.project, final=True).count()


def settled() -> list[tuple]:
    return list(Settlement.objects.order_by("pk").values_list("answer", "base_micro", "bonus_micro", "agreed"))


def test_what_her_answers_decided_is_asked_again_and_then_decided_without_them():
    world = decided_by_two()
    assert (states(world), finals(world)) == ({"done"}, ITEMS)
    paid, before = settled(), Batch.objects.get(pk=world.batch.pk)
    flag(world, world.workers[0])
    batch = Batch.objects.get(pk=world.batch.pk)
    assert (states(world), finals(world), batch.items_done) == ({"open"}, 0, 0)
    assert batch.spare == before.spare - 2 * ITEMS  # each may still want two answers
    assert SupersededDecision.objects.count() == ITEMS  # pay was measured by them
    assert settled() == paid
    answer_all(world, world.workers[2], "good")
    batch = Batch.objects.get(pk=world.batch.pk)
    assert (states(world), finals(world), batch.items_done) == ({"done"}, ITEMS, ITEMS)
    assert batch.spare == before.spare - ITEMS  # one each was needed
    assert settled()[: len(paid)] == paid
    decision = Decision.objects.filter(project=world.project).first()
    assert decision.answers_used == 2
    assert [any(vote["weights"]) for vote in decision.detail["inputs"]["votes"]] == [False, True, True]
    assert {"label": decide(decision.detail["inputs"])} == decision.value  # as a verifier adds them up


def test_her_answers_alone_decide_nothing_for_sure():
    world = opened(
        sentiment_world(items=ITEMS, workers=4, min_answers=1, max_answers=4, target_ppm=500_000), keep_open=True
    )
    first = world.workers[0]
    answer_all(world, first, "good")
    assert finals(world) == ITEMS
    assert Answer.objects.filter(worker=first, counted=True).count() == ITEMS  # one answer was enough
    flag(world, first)
    assert finals(world) == 0
    assert not Decision.objects.filter(project=world.project, sure=True).exists()
    answer_all(world, world.workers[2], "bad")
    assert set(Decision.objects.filter(final=True).values_list("value__label", flat=True)) == {"bad"}


def test_silent_answers_do_not_use_up_an_items_answers_while_the_spare_can_pay_for_others():
    world = opened(
        sentiment_world(items=ITEMS, workers=4, min_answers=2, max_answers=2, target_ppm=999_999), keep_open=True
    )
    answer_all(world, world.workers[0], "good")
    flag(world, world.workers[0])
    Batch.objects.filter(pk=world.batch.pk).update(spare=ITEMS - 1)
    answer_all(world, world.workers[1], "bad")
    assert finals(world) == 1  # the last one, for which nothing is left
    assert set(BatchItem.objects.filter(state="open").values_list("wanted", "counted")) == {(3, 2)}
    assert Batch.objects.get(pk=world.batch.pk).spare == 0
    answer_all(world, world.workers[2], "bad")
    assert (states(world), finals(world)) == ({"done"}, ITEMS)
    assert set(Decision.objects.values_list("value__label", "answers_used")) == {("bad", 1), ("bad", 2)}
    assert Batch.objects.get(pk=world.batch.pk).spare == 0  # what was set aside was answered


def test_what_was_set_aside_beyond_the_limit_comes_back_when_it_is_not_needed():
    world = opened(
        sentiment_world(items=ITEMS, workers=4, min_answers=2, max_answers=2, target_ppm=999_999), keep_open=True
    )
    answer_all(world, world.workers[0], "good")
    flag(world, world.workers[0])
    Batch.objects.filter(pk=world.batch.pk).update(spare=ITEMS)
    answer_all(world, world.workers[1], "bad")
    assert (finals(world), Batch.objects.get(pk=world.batch.pk).spare) == (0, 0)
    let_go(world.project, set())  # both count now
    decide_items([item.pk for item in world.items])
    assert (finals(world), Batch.objects.get(pk=world.batch.pk).spare) == (ITEMS, ITEMS)


def test_a_lifted_flag_counts_again_from_then_on():
    world = decided_by_two()
    flag(world, world.workers[0])
    assert let_go(world.project, set()) == 1
    decide_items([item.pk for item in world.items])
    assert (states(world), finals(world)) == ({"done"}, ITEMS)


def test_where_the_escrow_has_nothing_left_the_others_have_the_last_word():
    world = decided_by_two()
    Batch.objects.filter(pk=world.batch.pk).update(spare=0)
    flag(world, world.workers[0])
    assert (states(world), finals(world)) == ({"done"}, ITEMS)
    assert set(Decision.objects.values_list("answers_used", "sure")) == {(1, False)}
    assert SupersededDecision.objects.count() == ITEMS


def test_so_it_is_in_a_batch_that_is_closed():
    world = decided_by_two(keep_open=False)
    assert Batch.objects.get(pk=world.batch.pk).state == "closed"
    flag(world, world.workers[0])
    assert (states(world), finals(world)) == ({"done"}, ITEMS)
    assert set(Decision.objects.values_list("answers_used", flat=True)) == {1}


def test_what_a_release_holds_and_what_was_decided_long_ago_stays():
    world = decided_by_two()
    Decision.objects.filter(item=world.items[0].pk).update(decided_at=clock.now() - timedelta(hours=25))
    flag(world, world.workers[0])
    assert finals(world) == 1
    other = decided_by_two()
    create_release(other.requester, other.project)
    flag(other, other.workers[0])
    assert (states(other), finals(other)) == ({"done"}, ITEMS)


def test_a_lease_that_was_out_when_its_item_was_decided_is_one_of_the_answers_that_it_may_still_want():
    world = opened(
        sentiment_world(items=1, workers=4, min_answers=2, max_answers=4, target_ppm=800_000), keep_open=True
    )
    first, second, third, _ = world.workers
    with as_owner():
        BatchItem.objects.update(wanted=3)
    [held] = draw_work(third, world.batch, 1)
    for worker in (first, second):
        answer_all(world, worker, "good")
    assert states(world) == {"done"}
    before = Batch.objects.get(pk=world.batch.pk).spare
    flag(world, first)
    row = BatchItem.objects.get(batch=world.batch)
    assert (row.state, row.counted, row.taken) == ("open", 2, 3)
    assert Batch.objects.get(pk=world.batch.pk).spare == before - 1
    [result] = accept_answers(third, [answer_to(held, {"label": "good"})])
    assert result.status == "accepted"
    outbox.drain()
    assert (states(world), finals(world)) == ({"done"}, 1)
    assert Answer.objects.get(worker=third).counted


# --- the look ---------------------------------------------------------------------------------------------------------
def test_nothing_is_final_by_a_newcomers_answer_before_a_look():
    world = opened(sentiment_world(items=ITEMS, workers=1, min_answers=2, max_answers=4), keep_open=True)
    world.workers.append(make_worker("newcomer", recorded=False))
    for worker in world.workers:
        answer_all(world, worker, "good")
    assert (states(world), finals(world)) == ({"open"}, 0)
    assert set(BatchItem.objects.values_list("wanted", flat=True)) == {2}  # nobody is asked meanwhile
    look_at_newcomers()
    outbox.drain()
    assert (states(world), finals(world)) == ({"done"}, ITEMS)


def test_it_waits_no_longer_than_two_looks_when_none_comes():
    world = opened(sentiment_world(items=ITEMS, workers=1, min_answers=2, max_answers=4), keep_open=True)
    world.workers.append(make_worker("newcomer", recorded=False))
    for worker in world.workers:
        answer_all(world, worker, "good")
    assert finals(world) == 0
    event = OutboxEvent.objects.get(delivered_at=None, name="items.waiting")
    assert (
        LOOK_WITHIN - timedelta(seconds=5) < event.not_before - event.created_at <= LOOK_WITHIN + timedelta(seconds=5)
    )
    with as_owner():
        Answer.objects.update(received_at=clock.now() - LOOK_WITHIN)
        OutboxEvent.objects.filter(pk=event.pk).update(not_before=None)
    outbox.drain()
    assert (states(world), finals(world)) == ({"done"}, ITEMS)


def banned(worker, project, reason: str) -> Ban:
    now = clock.now()
    return Ban.objects.create(
        worker=worker, project=project, reason=reason, sentence="So it is.", starts_at=now - timedelta(days=4),
        until=now + timedelta(days=3), made_by=Person.objects.create_user(email=f"{reason}-{worker.pk}@example.org"),
    )  # fmt: skip


def test_the_end_of_a_hold_gives_no_weight_back_while_a_ban_for_her_answers_stands():
    world = decided_by_two()
    here, everywhere, misuser, _ = world.workers
    flag(world, here)
    now = clock.now()
    PayHold.objects.filter(worker=here).update(since=now - timedelta(days=3), until=now - timedelta(minutes=1))
    assert unheard_in(world.project) == set()
    ban = banned(here, world.project, Ban.Reason.AUTOMATED)
    banned(everywhere, None, Ban.Reason.ACCOUNTS)
    banned(misuser, world.project, Ban.Reason.MISUSE)
    assert unheard_in(world.project) == {f"worker:{here.pk}", f"worker:{everywhere.pk}"}
    assert unheard_in(sentiment_world(items=1, workers=1).project) == {f"worker:{everywhere.pk}"}
    Ban.objects.filter(pk=ban.pk).update(lifted_at=clock.now(), lifted_because=Ban.Because.APPEAL)
    assert unheard_in(world.project) == {f"worker:{everywhere.pk}"}
