"""What is payable: an answer whose lease holds a slot. Money that nobody escrowed is never paid, and nobody loses what she could not
know that she would lose."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from delivery import outbox
from labelling.batches.close_batch import close_batch
from labelling.models import Answer, Batch, BatchItem, GoldPurse, Lease
from labelling.tasks import refund_closed_batches
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.expire_leases import expire_leases
from labelling.work.return_lease import report_lease, skip_lease
from ledger.audit import findings
from ledger.factories import available_of, escrow_of, funds_of, goodwill_of_platform, pending_of
from ledger.models import Account
from ledger.posting import balance
from tests.worlds import answer_to, make_worker, opened, sentiment_world

pytestmark = pytest.mark.django_db
FUNDS = 100_000_000
GOOD = {"label": "good"}
JUST_OVER, GRACE_OVER = timedelta(seconds=1), timedelta(seconds=settings.LEASE_GRACE_S + 1)


def ran_out(lent, ago: timedelta = JUST_OVER) -> None:
    Lease.objects.filter(pk=lent.lease).update(expires_at=timezone.now() - ago)


def drain() -> None:
    while outbox.drain():
        continue


def escrow(world) -> int:
    return balance(escrow_of(world.batch.pk), "USD")


def earned(*workers) -> int:
    return sum(balance(ref, "USD") for w in workers for ref in (pending_of(w.pk), available_of(w.pk)))


def no_money_was_made() -> bool:
    return balance(goodwill_of_platform(), "USD") == 0 and findings() == []


def status(result) -> str:
    return result.error["code"] if result.error else result.status


class Phone:
    """A worker's phone, over HTTP."""

    def __init__(self, worker):
        self.client = Client()
        self.client.force_login(worker.person)

    def post(self, path: str, body: dict) -> dict:
        return self.client.post(f"/api/v1/work/{path}", body, content_type="application/json").json()

    def answer(self, lease: str, label: str = "good") -> dict:
        value = {"id": str(uuid.uuid4()), "lease": lease, "value": {"label": label}, "active_ms": 2000}
        return self.post("answers", {"answers": [value]})["results"][0]


def test_skipped_leases_print_no_money():
    """One item, one answer wanted; twenty accounts draw, skip and then answer what they gave back."""
    world = sentiment_world(items=1, workers=20, min_answers=1, max_answers=1, funds_micro=10_000_000)
    opened(world, base_micro=4_000_000, bonus_micro=0)
    phones, leases = [Phone(worker) for worker in world.workers], []
    for phone in phones:
        [lease] = phone.post("draw", {"batch": world.batch.pk, "n": 1})["leases"]
        phone.post("skip", {"lease": lease["lease"]})
        leases.append(lease["lease"])
    said = [phone.answer(lease) for phone, lease in zip(phones, leases, strict=True)]
    drain()
    assert {one["error"]["code"] for one in said} == {"lease_returned"}
    assert "thank you" in said[0]["error"]["message"]
    assert (earned(*world.workers), Answer.objects.count()) == (0, 0)
    assert no_money_was_made()


@pytest.mark.parametrize("hand_back", [skip_lease, lambda w, lease: report_lease(w, lease, "broken")])
def test_what_was_given_back_is_not_paid_after_the_refund(hand_back):
    """Six accounts give all of an honest requester's items back, wait until others did them and she is refunded, and answer."""
    world = opened(sentiment_world(items=4, workers=8, min_answers=2, max_answers=2))
    hoard = []
    for worker in world.workers[:6]:
        for lent in draw_work(worker, world.batch, 4):
            hand_back(worker, lent.lease)
            hoard.append((worker, lent))
    for worker in world.workers[6:]:
        accept_answers(worker, [answer_to(one, GOOD) for one in draw_work(worker, world.batch, 4)])
    drain()
    refund_closed_batches()
    before = balance(funds_of(world.organisation.pk), "USD")
    assert escrow(world) == 0
    assert {status(accept_answers(w, [answer_to(lent, GOOD)])[0]) for w, lent in hoard} == {"lease_returned"}
    drain()
    assert (earned(*world.workers[:6]), balance(funds_of(world.organisation.pk), "USD")) == (0, before)
    assert no_money_was_made()


def test_one_answer_that_is_not_payable_changes_nobody_elses_pay():
    """A POST with forty answers of a rich batch and one stale one of a drained batch: the rich one pays its forty."""
    rich = opened(sentiment_world(items=40, workers=0, min_answers=1, max_answers=1))
    poor = opened(sentiment_world(items=1, workers=0, min_answers=1, max_answers=1))
    worker, other = make_worker("both"), make_worker("other")
    [stale] = draw_work(worker, poor.batch, 1)
    skip_lease(worker, stale.lease)
    accept_answers(other, [answer_to(one, GOOD) for one in draw_work(other, poor.batch, 1)])
    drain()
    refund_closed_batches()
    lent = draw_work(worker, rich.batch, 40)
    before = escrow(rich)
    *good, last = accept_answers(worker, [answer_to(one, GOOD) for one in [*lent, stale]])
    assert ({status(one) for one in good}, status(last)) == ({"accepted"}, "lease_returned")
    assert before - escrow(rich) == len(lent) * rich.batch.base_micro
    assert no_money_was_made()


def test_an_escrow_that_cannot_pay_lets_its_own_answers_wait_and_no_other(monkeypatch):
    """Only a mistake of ours can empty an escrow. Then nothing is lost: the phone keeps the answer and sends it again."""
    from ledger import factories
    from ledger.posting import post_many

    rich = opened(sentiment_world(items=2, workers=0))
    robbed = opened(sentiment_world(items=2, workers=0))
    worker = make_worker("both")
    sent = [answer_to(draw_work(worker, world.batch, 1)[0], GOOD) for world in (robbed, rich)]
    taken = escrow(robbed)
    post_many([factories.close_batch(robbed.batch.pk, robbed.organisation.pk, taken, "USD")])
    waits, paid = accept_answers(worker, sent)
    assert (waits.status, status(waits), status(paid)) == ("waits", "escrow_short", "accepted")
    assert earned(worker) == 10_000
    post_many([factories.fund_batch(robbed.batch.pk, robbed.organisation.pk, taken, "USD", part=1)])
    assert [status(one) for one in accept_answers(worker, sent)] == ["accepted", "repeated"]
    assert earned(worker) == 20_000
    assert no_money_was_made()


def test_a_late_answer_within_the_grace_counts_while_it_is_wanted():
    world = opened(sentiment_world(items=1))
    [lent] = draw_work(world.workers[0], world.batch, 1)
    ran_out(lent)
    assert expire_leases() == 1
    assert Lease.objects.get(pk=lent.lease).state == "late"
    assert BatchItem.objects.get().taken == 0
    [result] = accept_answers(world.workers[0], [answer_to(lent, GOOD)])
    assert (result.status, Answer.objects.get().counted) == ("accepted", True)
    assert Batch.objects.get().spare == 1  # the slot pays for it, so the spare is free again


def test_a_late_answer_that_nobody_needs_is_paid_by_the_requester_who_kept_the_money():
    world = opened(sentiment_world(items=1, workers=4, min_answers=2, max_answers=2))
    late, *others = world.workers
    [lent] = draw_work(late, world.batch, 1)
    ran_out(lent)
    expire_leases()
    for worker in others[:2]:
        accept_answers(worker, [answer_to(one, GOOD) for one in draw_work(worker, world.batch, 1)])
    drain()
    assert Batch.objects.get().state == "closed"
    assert refund_closed_batches() == 0  # her claim is out
    [result] = accept_answers(late, [answer_to(lent, GOOD)])
    assert (result.status, Answer.objects.get(worker=late).counted) == ("accepted", False)
    drain()
    refund_closed_batches()
    assert earned(late) >= world.batch.base_micro
    assert (escrow(world), balance(funds_of(world.organisation.pk), "USD")) == (0, FUNDS - earned(*world.workers))
    assert no_money_was_made()


def test_where_the_spare_is_used_up_a_slot_is_held_until_the_grace_is_over():
    world = opened(sentiment_world(items=3, workers=2))  # nine answers: one spare
    lent = draw_work(world.workers[0], world.batch, 3)
    for one in lent:
        ran_out(one)
    assert expire_leases() == 1
    assert expire_leases() == 0
    assert sorted(Lease.objects.values_list("state", flat=True)) == ["late", "live", "live"]
    for one in lent:
        ran_out(one, GRACE_OVER)
    assert expire_leases() == 3
    assert set(Lease.objects.values_list("state", flat=True)) == {"expired"}
    assert (set(BatchItem.objects.values_list("taken", flat=True)), Batch.objects.get().spare) == ({0}, 1)


@pytest.mark.parametrize("swept", [False, True])
def test_beyond_the_grace_it_is_refused_in_one_sentence_swept_up_or_not(swept):
    world = opened(sentiment_world(items=1))
    [lent] = draw_work(world.workers[0], world.batch, 1)
    ran_out(lent, GRACE_OVER)
    if swept:
        expire_leases()
    said = Phone(world.workers[0]).answer(lent.lease)
    assert (said["status"], said["error"]["code"]) == ("refused", "lease_ended")
    assert earned(world.workers[0]) == 0


def test_she_is_told_with_the_lease_and_in_the_offer_until_when_it_is_paid():
    world = opened(sentiment_world(items=1))
    phone = Phone(world.workers[0])
    [offer] = phone.client.get("/api/v1/work/batches").json()["results"]
    assert (offer["lease_s"], offer["late_s"]) == (settings.LEASE_S, settings.LEASE_GRACE_S)
    [lease] = phone.post("draw", {"batch": world.batch.pk, "n": 1})["leases"]
    ends, paid = (timezone.datetime.fromisoformat(lease[name]) for name in ("expires_at", "paid_until"))
    assert paid - ends == timedelta(seconds=settings.LEASE_GRACE_S)


def test_what_was_live_at_closing_is_paid_until_its_own_end_and_grace():
    world = opened(sentiment_world(items=2, workers=2))
    in_time, too_late = draw_work(world.workers[0], world.batch, 2)
    close_batch(world.requester, world.batch)
    drain()
    ran_out(in_time)
    ran_out(too_late, GRACE_OVER)
    said = accept_answers(world.workers[0], [answer_to(one, GOOD) for one in (in_time, too_late)])
    assert [status(one) for one in said] == ["accepted", "lease_ended"]
    expire_leases()
    drain()
    refund_closed_batches()
    assert (escrow(world), balance(funds_of(world.organisation.pk), "USD")) == (0, FUNDS - earned(world.workers[0]))
    assert no_money_was_made()


def test_a_late_lease_that_is_handed_back_gives_its_spare_back():
    world = opened(sentiment_world(items=1))
    [lent] = draw_work(world.workers[0], world.batch, 1)
    ran_out(lent)
    expire_leases()
    assert Batch.objects.get().spare == 0
    skip_lease(world.workers[0], lent.lease)
    skip_lease(world.workers[0], lent.lease)
    report_lease(world.workers[0], lent.lease, "broken")
    assert Batch.objects.get().spare == 1


def test_no_more_known_tasks_are_lent_than_lie_in_escrow():
    """Accounts that give the work back and keep the known tasks: the batch lends as many as it has set aside for."""
    world = opened(sentiment_world(items=4, workers=12, golds=6, gold_share_bps=3000))
    set_aside = sum(GoldPurse.objects.values_list("left", flat=True))
    sent = []
    for worker in world.workers:
        for lent in draw_work(worker, world.batch, 6):
            lease = Lease.objects.get(pk=lent.lease)
            if lease.batch_item_id is None:
                sent.append((worker, lent))
            else:
                skip_lease(worker, lent.lease)
    assert len(sent) == set_aside == 6
    for worker, lent in sent:
        assert status(accept_answers(worker, [answer_to(lent, GOOD)])[0]) == "accepted"
    drain()
    assert escrow(world) >= 12 * 15_000  # its items can still be paid in full
    assert no_money_was_made()


def test_a_known_task_that_is_handed_back_or_runs_out_can_be_lent_again():
    world = opened(sentiment_world(items=8, workers=2, golds=4, gold_share_bps=5000))
    before = sum(GoldPurse.objects.values_list("left", flat=True))
    lent = draw_work(world.workers[0], world.batch, 8)
    golds = [one for one in lent if Lease.objects.get(pk=one.lease).batch_item_id is None]
    assert len(golds) >= 2
    skip_lease(world.workers[0], golds[0].lease)
    ran_out(golds[1], GRACE_OVER)
    expire_leases()
    assert sum(GoldPurse.objects.values_list("left", flat=True)) == before - len(golds) + 2


def test_no_account_is_below_zero_but_those_of_the_outside():
    world = opened(sentiment_world(items=2))
    accept_answers(world.workers[0], [answer_to(one, GOOD) for one in draw_work(world.workers[0], world.batch, 2)])
    below = set(Account.objects.filter(balance_micro__lt=0).values_list("kind", flat=True))
    assert below == {"provider_float"}
