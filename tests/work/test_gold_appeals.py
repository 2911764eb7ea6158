"""Appeals against missed known tasks: what a won one puts right, to the micro-unit, and what nobody may do."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from consensus.app.tasks_of import load_tasks
from delivery import outbox
from kernel.errors import Conflict, DomainError, NotFound
from labelling.batches import pay
from labelling.gold.appeal_gold import appeal_gold
from labelling.gold.decide_gold_appeal import decide_gold_appeal
from labelling.gold.end_gold_appeals import end_gold_appeals
from labelling.models import Answer, Gold, Settlement, WorkerRecord
from labelling.models.gold_appeals import MAX_WAITING, GoldAppeal
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger.factories import available_of
from ledger.posting import trial_balance
from ledger.reading import balance
from people.models import Membership, Person
from rewards.models import Score
from tests.roles import as_owner
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def world():
    """Two workers who say "bad" to everything: all the known tasks, which are good, are missed."""
    world = opened(sentiment_world(items=9, workers=2, golds=5, gold_share_bps=5000))
    for worker in world.workers:
        lent = draw_work(worker, world.batch, 20)
        accept_answers(worker, [answer_to(one, {"label": "bad"}) for one in lent])
    while outbox.drain():
        continue
    return world


@pytest.fixture
def reviewer():
    return Person.objects.create_user(email="reviewer@example.org", is_reviewer=True)


def misses(worker) -> list[Answer]:
    """Those that cost her something: the first one taught (test_first_miss.py)."""
    missed = Answer.objects.filter(worker=worker, gold_right=False).exclude(settlement__taught=True)
    return list(missed.order_by("settlement__counts__1"))


def available(worker) -> int:
    return balance(available_of(worker.pk), "USD")


def record_of(worker) -> WorkerRecord:
    return WorkerRecord.objects.get(worker=worker)


def long_ago(appeal: GoldAppeal, by: timedelta) -> None:
    GoldAppeal.objects.filter(pk=appeal.pk).update(made_at=appeal.made_at - by)


def bonus_if(worker, wins: list[int]) -> int:
    """All her bonuses, had the misses with these places (gold_seen) been right from the start."""
    total = 0
    for row in Settlement.objects.filter(worker=worker).select_related("answer__batch"):
        right, seen, agreed, decided = row.counts
        right += sum(place <= seen for place in wins)
        total += pay.bonus_for(row.answer.batch.bonus_micro, pay.score_bps(right, seen, agreed, decided))
    return total


def test_a_won_appeal_puts_score_money_points_and_the_item_right(world, reviewer):
    worker, others = world.workers
    miss = misses(worker)[0]
    before, record, points = available(worker), record_of(worker), Score.objects.get(worker=worker).points
    paid = bonus_if(worker, [])
    appeal_gold(worker, miss.pk, "It says bad.")
    appeal = decide_gold_appeal(reviewer, miss.pk, "won", "You are right.", retire=True)
    outbox.drain()
    after = record_of(worker)
    assert (after.gold_right, after.gold_seen) == (record.gold_right + 1, record.gold_seen)
    owed = bonus_if(worker, [miss.settlement.counts[1]]) - paid
    assert owed > 0
    assert (appeal.paid_micro, available(worker) - before) == (owed, owed)
    assert Score.objects.get(worker=worker).points == points + 10  # 12 for a known task that is right, 2 were given
    assert Gold.objects.get(item=miss.item).retired_at is not None
    [task] = load_tasks(world.project, [miss.item_id], with_truth=True)
    assert task.truth is None  # skills are no more learned from it
    assert Answer.objects.get(pk=miss.pk).gold_right is False  # what was said and signed stays
    assert sum(row.sum_micro for row in trial_balance()) == 0
    same = GoldAppeal.objects.get(worker=others)  # who gave the very same answer did not have to ask
    assert (same.answer.item_id, same.outcome, same.words) == (miss.item_id, "won", "")
    assert record_of(others).gold_right == 1


def test_several_wins_pay_together_what_the_misses_cost_together(world, reviewer):
    worker = world.workers[0]
    first, second, *_ = misses(worker)
    before, paid = available(worker), bonus_if(worker, [])
    for miss in (second, first):  # the later one first
        appeal_gold(worker, miss.pk)
        decide_gold_appeal(reviewer, miss.pk, "won", "")
    places = [miss.settlement.counts[1] for miss in (first, second)]
    assert available(worker) - before == bonus_if(worker, places) - paid
    assert sum(row.sum_micro for row in trial_balance()) == 0


def test_a_lost_one_changes_nothing_and_says_why(world, reviewer):
    worker = world.workers[0]
    miss, before = misses(worker)[0], available(worker)
    appeal_gold(worker, miss.pk, "No!")
    with pytest.raises(DomainError, match="Tell her why"):
        decide_gold_appeal(reviewer, miss.pk, "lost", " ")
    decide_gold_appeal(reviewer, miss.pk, "lost", "It says great twice.")
    outbox.drain()
    told = [(letter.to[0], letter.body.split(":")[0]) for letter in mail.outbox]
    assert told == [
        ("reviewer@example.org", "A worker questions a known task of Good or bad"),
        (worker.person.email, "Somebody looked again at a known task of Good or bad, and its answer stands. See why"),
    ]
    assert (record_of(worker).gold_right, available(worker)) == (0, before)
    assert Gold.objects.get(item=miss.item).retired_at is None
    with pytest.raises(Conflict, match="decided already"):
        decide_gold_appeal(reviewer, miss.pk, "won", "")


def test_silence_wins_after_72_hours_and_not_before(world, reviewer):
    worker, other = world.workers
    miss = misses(worker)[0]
    appeal = appeal_gold(worker, miss.pk)
    long_ago(appeal, 71 * HOUR)
    assert end_gold_appeals() == 0
    long_ago(appeal, 72 * HOUR)
    with pytest.raises(Conflict, match="silence"):
        decide_gold_appeal(reviewer, miss.pk, "lost", "Too late.")
    assert end_gold_appeals() == 1
    assert end_gold_appeals() == 0
    assert GoldAppeal.objects.get().outcome == "silence"
    assert record_of(worker).gold_right == 1
    assert record_of(other).gold_right == 0  # nobody judged the item: it is put right for her alone
    with pytest.raises(IntegrityError), transaction.atomic():
        GoldAppeal.objects.update(made_at=GoldAppeal.objects.get().decided_at - HOUR)


def test_asking_again_is_one_appeal_and_only_misses_can_be_asked_about(world):
    worker, other = world.workers
    miss = misses(worker)[0]
    assert appeal_gold(worker, miss.pk, "Look.") == appeal_gold(worker, miss.pk, "Look.")
    assert appeal_gold(worker, miss.pk) == GoldAppeal.objects.get()  # the key alone, pressed again
    with pytest.raises(Conflict, match="first words"):
        appeal_gold(worker, miss.pk, "Something else.")
    with pytest.raises(NotFound):
        appeal_gold(other, miss.pk)
    with pytest.raises(NotFound):
        appeal_gold(worker, uuid.uuid4())
    ordinary = Answer.objects.filter(worker=worker, gold_right=None).first()
    with pytest.raises(Conflict, match="not counted as a miss"):
        appeal_gold(worker, ordinary.pk)
    assert GoldAppeal.objects.count() == 1


def test_few_wait_at_once_and_old_ones_are_too_late(world):
    worker = world.workers[0]
    *some, last = misses(worker)
    assert len(some) == MAX_WAITING
    for miss in some:
        appeal_gold(worker, miss.pk)
    with pytest.raises(Conflict, match="wait for an answer"):
        appeal_gold(worker, last.pk)
    GoldAppeal.objects.all().delete()
    with as_owner():
        Answer.objects.filter(pk=last.pk).update(received_at=last.received_at - timedelta(days=15))
    with pytest.raises(Conflict, match="first 14 days"):
        appeal_gold(worker, last.pk)


def test_nobody_who_was_involved_decides(world, reviewer):
    worker, other = world.workers
    miss = misses(worker)[0]
    appeal_gold(worker, miss.pk)
    member = Person.objects.create_user(email="both@example.org", is_reviewer=True)
    Membership.objects.create(organisation=world.organisation, person=member)
    stranger = Person.objects.create_user(email="nobody@example.org")
    Person.objects.filter(pk__in=[worker.person_id, other.person_id]).update(is_reviewer=True)
    for person in (world.requester, member, stranger, worker.person, other.person):
        person.refresh_from_db()
        with pytest.raises(NotFound):
            decide_gold_appeal(person, miss.pk, "won", "")
    assert GoldAppeal.objects.get().outcome == ""
    decide_gold_appeal(reviewer, miss.pk, "won", "")


def test_the_phone_sees_it_in_her_history(world, reviewer):
    worker = world.workers[0]
    phone = Client()
    phone.force_login(worker.person)
    missed = [
        row for row in phone.get("/api/v1/work/history").json()["results"] if row["may_appeal"] and not row["taught"]
    ]
    assert {row["answer"] for row in missed} == {str(miss.pk) for miss in misses(worker)}
    body = {"answer": missed[0]["answer"], "words": "Look again."}
    said = phone.post("/api/v1/work/appeal", body, content_type="application/json").json()
    assert said["appeal"]["outcome"] == ""
    decide_gold_appeal(reviewer, missed[0]["answer"], "won", "Yes.")
    [row] = [r for r in phone.get("/api/v1/work/history").json()["results"] if r["answer"] == missed[0]["answer"]]
    assert (row["appeal"]["outcome"], row["appeal"]["reply"], row["may_appeal"]) == ("won", "Yes.", False)


def test_a_reviewer_decides_on_the_console(world, reviewer):
    worker = world.workers[0]
    miss = misses(worker)[0]
    appeal_gold(worker, miss.pk, "It says <b>bad</b>.")
    console = Client()
    console.force_login(reviewer)
    page = console.get("/console/appeals/").content.decode()
    assert "It says &lt;b&gt;bad&lt;/b&gt;." in page
    assert "It is plainly good." in page
    assert worker.pseudonym not in page  # nobody's name should weigh here
    address = f"/console/appeals/{miss.pk}/"
    refused = console.post(address, {"outcome": "lost"})
    assert refused.status_code == 400
    assert "Tell her why" in refused.content.decode()
    assert console.post(address, {"outcome": "won", "retire": "on"}).status_code == 302
    assert GoldAppeal.objects.get(worker=worker).outcome == "won"
    assert Gold.objects.get(item=miss.item).retired_at is not None
    assert "No known task is in question" in console.get("/console/appeals/").content.decode()
