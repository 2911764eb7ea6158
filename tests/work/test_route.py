"""The route of one answer, verb by verb: lease, answer, decision, settlement, money to the micro-unit."""

import pytest

from delivery import outbox
from kernel.errors import DomainError
from labelling.models import Answer, BatchItem, Decision, Lease, Settlement
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger import factories
from ledger.models import Transfer
from ledger.posting import balance, trial_balance
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db


def work(world, worker, n=20, label="good"):
    lent = draw_work(worker, world.batch, n)
    return accept_answers(worker, [answer_to(one, {"label": label}) for one in lent])


def test_three_agreeing_workers_decide_everything_and_are_paid():
    world = opened(sentiment_world(items=4, workers=3))
    escrow = world.batch.escrow_micro
    for worker in world.workers[:2]:
        work(world, worker)
        outbox.drain()
    assert draw_work(world.workers[2], world.batch, 20) == []  # two were enough for each item

    decisions = Decision.objects.filter(final=True)
    assert [d.value for d in decisions] == [{"label": "good"}] * 4
    assert all(d.confidence_ppm >= 800_000 and d.agreement_ppm == 1_000_000 for d in decisions)
    assert Answer.objects.count() == 8
    earned = sum(s.base_micro + s.bonus_micro for s in Settlement.objects.all())
    available = sum(balance(factories.available_of(w.pk), "USD") for w in world.workers)
    assert available == earned > 8 * 10_000
    assert sum(balance(factories.pending_of(w.pk), "USD") for w in world.workers) == 0
    world.batch.refresh_from_db()
    assert world.batch.state == "closed"
    assert balance(factories.escrow_of(world.batch.pk), "USD") == 0
    assert balance(factories.funds_of(world.organisation.pk), "USD") == 100_000_000 - earned
    assert escrow == (4 * 3 + 1) * 15_000
    assert sum(row.sum_micro for row in trial_balance()) == 0


def test_a_repeated_answer_gets_its_receipt_again_and_another_body_is_a_conflict():
    world = opened(sentiment_world(items=1))
    [lent] = draw_work(world.workers[0], world.batch, 1)
    sent = answer_to(lent, {"label": "good"})
    [first] = accept_answers(world.workers[0], [sent])
    [second] = accept_answers(world.workers[0], [sent])
    [other] = accept_answers(world.workers[0], [{**sent, "value": {"label": "bad"}}])
    assert (first.status, second.status, other.status) == ("accepted", "repeated", "refused")
    assert first.receipt == second.receipt
    assert other.error["code"] == "conflict"
    assert Answer.objects.get().value == {"label": "good"}
    assert Transfer.objects.filter(kind="earn").count() == 1


def test_a_bad_answer_does_not_stop_the_good_ones():
    world = opened(sentiment_world(items=3))
    a, b, c = draw_work(world.workers[0], world.batch, 3)
    sent = [answer_to(a, {"label": "good"}), answer_to(b, {"label": "ugly"}), answer_to(c, {"label": "bad"})]
    results = accept_answers(world.workers[0], [*sent, "nonsense"])
    assert [r.status for r in results] == ["accepted", "refused", "accepted", "refused"]
    assert results[1].error == {
        "code": "invalid",
        "field": "value.label",
        "message": "value.label must be one of the project's labels: Bad, Good.",
    }
    assert Answer.objects.count() == 2
    assert Lease.objects.get(pk=b.lease).state == "live"


def test_somebody_elses_lease_is_not_there():
    world = opened(sentiment_world(items=1))
    [lent] = draw_work(world.workers[0], world.batch, 1)
    [result] = accept_answers(world.workers[1], [answer_to(lent, {"label": "good"})])
    assert (result.status, result.error["code"]) == ("refused", "not_found")
    assert not Answer.objects.exists()
    assert not Transfer.objects.filter(kind="earn").exists()


def test_two_answers_on_one_lease_in_one_batch():
    world = opened(sentiment_world(items=1))
    [lent] = draw_work(world.workers[0], world.batch, 1)
    results = accept_answers(world.workers[0], [answer_to(lent, {"label": "good"}), answer_to(lent, {"label": "bad"})])
    assert [r.status for r in results] == ["accepted", "refused"]
    assert Answer.objects.count() == 1


def test_a_late_answer_counts_only_while_the_item_needs_it_and_is_paid_either_way():
    from django.utils import timezone

    from labelling.work.expire_leases import expire_leases

    world = opened(sentiment_world(items=1, workers=4, max_answers=2))
    late, *others = world.workers
    [lent] = draw_work(late, world.batch, 1)
    Lease.objects.update(expires_at=timezone.now())
    assert expire_leases() == 1
    assert BatchItem.objects.get().taken == 0
    for worker in others[:2]:
        work(world, worker)
    outbox.drain()
    [result] = accept_answers(late, [answer_to(lent, {"label": "bad"})])
    outbox.drain()
    assert result.status == "accepted"
    stored = Answer.objects.get(worker=late)
    assert stored.counted is False
    assert stored.settlement.agreed is False
    assert balance(factories.available_of(late.pk), "USD") == 10_000 + stored.settlement.bonus_micro
    assert Decision.objects.get().answers_used == 2


def test_gold_is_paid_teaches_and_never_counts():
    world = opened(sentiment_world(items=40, golds=3, gold_share_bps=5000))
    worker = world.workers[0]
    lent = draw_work(worker, world.batch, 20)
    gold_ids = {item.pk for item in world.golds}
    assert gold_ids & {one.item_id for one in lent}
    results = accept_answers(worker, [answer_to(one, {"label": "bad"}) for one in lent])
    outbox.drain()
    taught = [r for r in results if r.feedback]
    assert [r.feedback["right"] for r in taught] == [False] * len(taught)
    assert taught[0].feedback["truth"] == {"label": "good"}
    assert taught[0].feedback["explanation"] == "It is plainly good."
    assert not Answer.objects.filter(counted=True, item__in=gold_ids).exists()
    assert Settlement.objects.filter(answer__item__in=gold_ids).count() == len(taught)


def test_never_the_same_item_twice_and_never_over_issued():
    world = opened(sentiment_world(items=5, workers=4))
    seen = [draw_work(worker, world.batch, 20) for worker in world.workers]
    assert [len(lent) for lent in seen] == [5, 5, 0, 0]  # two wanted of each, no more
    assert draw_work(world.workers[0], world.batch, 20) == []


def test_a_skipped_item_goes_to_somebody_else():
    from labelling.work.return_lease import skip_lease

    world = opened(sentiment_world(items=1, workers=3))
    [lent] = draw_work(world.workers[0], world.batch, 1)
    skip_lease(world.workers[0], lent.lease)
    skip_lease(world.workers[0], lent.lease)
    assert BatchItem.objects.get().taken == 0
    assert draw_work(world.workers[0], world.batch, 1) == []
    assert len(draw_work(world.workers[1], world.batch, 1)) == 1


def test_opening_without_the_money_is_refused_and_nothing_changes():
    world = sentiment_world(items=4, funds_micro=1_000)
    with pytest.raises(DomainError, match="are missing: deposit that much, or offer fewer items"):
        opened(world)
    assert world.batch.__class__.objects.get().state == "draft"
    assert BatchItem.objects.count() == 0
    assert balance(factories.funds_of(world.organisation.pk), "USD") == 1_000


def test_disagreement_asks_one_more_and_an_honest_minority_is_paid():
    world = opened(sentiment_world(items=1, workers=3))
    labels = ["good", "bad", "good"]
    for worker, label in zip(world.workers, labels, strict=True):
        work(world, worker, label=label)
        outbox.drain()
    decision = Decision.objects.get()
    assert (decision.value, decision.final, decision.answers_used) == ({"label": "good"}, True, 3)
    minority = Settlement.objects.get(worker=world.workers[1])
    assert minority.agreed is False
    assert minority.base_micro == 10_000
    assert minority.bonus_micro == 5_000 * minority.score_bps // 10_000


@pytest.mark.django_db(transaction=True)
def test_rows_that_are_being_decided_are_waited_for_not_given_up():
    """A decider holds the rows of a small batch for a moment: a draw then must not say that nothing is left."""
    import threading

    from django.db import connection, transaction

    world = opened(sentiment_world(items=2, workers=2))
    held, release = threading.Event(), threading.Event()

    def decider():
        with transaction.atomic():
            list(BatchItem.objects.select_for_update().order_by("id"))
            held.set()
            release.wait(10)
        connection.close()

    thread = threading.Thread(target=decider)
    thread.start()
    held.wait(10)
    threading.Timer(0.2, release.set).start()
    lent = draw_work(world.workers[0], world.batch, 2)
    thread.join()
    assert len(lent) == 2
