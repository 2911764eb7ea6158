"""The first known task that she misses in a project teaches: it stands in no count, costs nothing, and is still evidence."""

import pytest

from delivery import outbox
from labelling.batches import pay
from labelling.batches.claims import kept_micro
from labelling.gold.appeal_gold import appeal_gold
from labelling.gold.decide_gold_appeal import decide_gold_appeal
from labelling.models import Answer, Batch, Settlement, WorkerRecord
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.scores import scores_of
from people.models import Person
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return opened(sentiment_world(items=8, workers=2, golds=4, gold_share_bps=5000))


def settle() -> None:
    while outbox.drain():
        continue


def say_bad(world, worker, at_once: int = 20) -> list:
    """All known tasks are good, so each of them is missed. The results in the order of the answers."""
    results = []
    lent = draw_work(worker, world.batch, 20)
    for start in range(0, len(lent), at_once):
        sent = [answer_to(one, {"label": "bad"}) for one in lent[start : start + at_once]]
        results += accept_answers(worker, sent)
        settle()
    return results


def counts(worker) -> tuple:
    record = WorkerRecord.objects.get(worker=worker)
    return record.gold_right, record.gold_seen, record.taught


@pytest.mark.parametrize("at_once", [1, 20])
def test_the_first_miss_costs_nothing_and_she_hears_that_it_does_not(world, at_once):
    worker = world.workers[0]
    told = [one.feedback["teaches"] for one in say_bad(world, worker, at_once) if one.feedback]
    assert told == [True, False, False, False]
    assert counts(worker) == (0, 3, True)
    first = Settlement.objects.get(worker=worker, taught=True)
    assert first.counts[1] == min(
        c[1] for c in Settlement.objects.filter(worker=worker).values_list("counts", flat=True)
    )
    assert first.score_bps >= pay.PRIOR_BPS or first.counts[2] < first.counts[3]
    [score] = scores_of(worker)
    assert (score["gold_seen"], score["taught"]) == (3, True)


def test_an_answer_that_is_sent_again_hears_the_same(world):
    worker = world.workers[0]
    lent = draw_work(worker, world.batch, 20)
    sent = [answer_to(one, {"label": "bad"}) for one in lent]
    before = [one.feedback for one in accept_answers(worker, sent)]
    settle()
    assert [one.feedback for one in accept_answers(worker, sent)] == before
    assert sum(told["teaches"] for told in before if told) == 1


def test_one_for_each_person_in_a_project_and_not_for_each_batch(world):
    worker, other = world.workers
    say_bad(world, worker, at_once=1)
    say_bad(world, other, at_once=1)
    assert counts(worker) == counts(other) == (0, 3, True)
    assert Settlement.objects.filter(taught=True).count() == 2


def test_it_is_evidence_all_the_same(world):
    """What tells a clicker from a person is the answer, and that stays."""
    worker = world.workers[0]
    say_bad(world, worker)
    assert Answer.objects.filter(worker=worker, gold_right=False).count() == 4


def test_what_was_offered_under_the_rule_before_is_paid_by_it(world):
    Batch.objects.filter(pk=world.batch.pk).update(pay_rule_version=1)
    worker = world.workers[0]
    assert not any(one.feedback["teaches"] for one in say_bad(world, worker) if one.feedback)
    assert counts(worker) == (0, 4, False)


def test_a_first_miss_that_was_none_is_put_right_and_owes_nothing(world):
    worker = world.workers[0]
    reviewer = Person.objects.create_user(email="reviewer@example.org", is_reviewer=True)
    say_bad(world, worker, at_once=1)
    miss = Answer.objects.get(settlement__taught=True)
    kept = kept_micro(world.batch)
    appeal_gold(worker, miss.pk, "It says bad.")
    appeal = decide_gold_appeal(reviewer, miss.pk, "won", "You are right.", retire=True)
    settle()
    assert (appeal.paid_micro, appeal.owed_micro) == (0, 0)
    assert counts(worker) == (1, 4, False), "it stands in both counts now, and the next miss is the first"
    assert kept_micro(world.batch) <= kept


def test_nothing_is_kept_for_a_miss_that_cost_nothing():
    world = opened(sentiment_world(items=8, workers=1, golds=1, gold_share_bps=5000))
    say_bad(world, world.workers[0])
    assert Settlement.objects.filter(taught=True).exists()
    assert kept_micro(world.batch) == 0


def test_a_rule_never_changes_under_its_version():
    """Hashed into offers that are signed and anchored."""
    assert pay.RULE_HASHES[1] == "7d2cbae33ed5171dab4c476ce4498344f559220450c4ec83f83f352bd6250dca"
    assert pay.RULE_HASHES[2] == "9a963dc2ff94df24b68dc8cc8473c898bbae6f744a3c1e4e26e2cef303a35511"
    assert all(f"Pay rule {version}." in text for version, text in pay.RULES.items())
