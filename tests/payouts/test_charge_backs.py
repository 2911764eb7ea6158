"""A deposit that is taken back: nobody spends it, workers who worked in good faith keep their pay, the rest is owed (M5)."""

import uuid

import pytest
from django.core import mail
from django.test import Client

from delivery import outbox
from labelling.access import get_open_batch_for
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.models import Batch
from labelling.tasks import refund_closed_batches
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.return_lease import skip_lease
from ledger.audit import findings
from ledger.factories import available_of, debt_of, escrow_of, funds_of, pending_of, suspense_of
from ledger.posting import balance
from ledger.reading import trial_balance
from payouts.actions.look_up_order import look_up_order
from payouts.models import Deposit
from payouts.providers import get_provider
from payouts.reconciliation import reconcile
from people.models import AuditEntry, Person
from tests.ledger.helpers import in_threads
from tests.worlds import answer_to, sentiment_world

pytestmark = pytest.mark.django_db
AMOUNT = 20_000_000
CENT = 10_000
LARGE, SMALL = 1_000_000, 100_000  # base pay that needs much of it, or little


@pytest.fixture
def world():
    return sentiment_world(items=6, workers=3, funds_micro=1, min_answers=2, max_answers=2)


@pytest.fixture
def page(world):
    client = Client()
    client.force_login(world.requester)
    return client


def post(client, path, body=None):
    return client.post(f"/api/v1{path}", body or {}, content_type="application/json")


def deposited(page, world, amount=AMOUNT):
    body = {"id": str(uuid.uuid4()), "amount_micro": amount, "card": "card-ok"}
    said = post(page, f"/organisations/{world.organisation.pk}/deposits", body)
    assert said.json()["state"] == "paid", said.content
    return Deposit.objects.get(pk=body["id"])


def opened(page, world, base_micro=LARGE):
    made = post(page, f"/projects/{world.project.pk}/batches", {"name": "b", "base_micro": base_micro}).json()
    assert post(page, f"/batches/{made['id']}/open").status_code == 200
    return Batch.objects.get(pk=made["id"])


def taken_back(rail, deposit, amount_micro=None):
    rail.take_back(deposit.reference, amount_micro)
    look_up_order(deposit)
    outbox.drain()
    deposit.refresh_from_db()
    return deposit


def money_of(world, *batches):
    organisation = world.organisation.pk
    return (
        balance(funds_of(organisation), "USD"),
        sum(balance(escrow_of(batch.pk), "USD") for batch in batches),
        -balance(debt_of(organisation), "USD"),
    )


def is_sound(rail):
    assert balance(suspense_of("simulated"), "USD") == 0
    assert sum(row.sum_micro for row in trial_balance()) == 0
    assert findings() == []


def test_what_is_free_is_taken_first_and_no_batch_opens_with_it(rail, world, page):
    deposit = taken_back(rail, deposited(page, world))
    assert (deposit.state, money_of(world)) == ("reversed", (1, 0, 0))  # what was there before
    made = post(page, f"/projects/{world.project.pk}/batches", {"name": "b", "base_micro": SMALL}).json()
    said = post(page, f"/batches/{made['id']}/open")
    assert (said.status_code, said.json()["error"]["code"]) == (400, "insufficient_funds")
    is_sound(rail)


def test_funds_that_cover_it_leave_open_batches_alone(rail, world, page):
    first, _second = deposited(page, world), deposited(page, world)
    batch = opened(page, world, SMALL)
    free, escrow, _ = money_of(world, batch)
    taken_back(rail, first)
    assert money_of(world, batch) == (free - AMOUNT, escrow, 0)
    assert Batch.objects.get(pk=batch.pk).owing_at is None
    assert draw_work(world.workers[0], _drawn(world.workers[0], batch), 1)
    is_sound(rail)


def _drawn(worker, batch):
    return get_open_batch_for(worker, batch.pk)


def test_then_escrow_that_nobody_has_a_claim_on_and_what_is_out_is_paid(rail, world, page):
    deposit = deposited(page, world)
    batch = opened(page, world)
    free, escrow, _ = money_of(world, batch)
    worker, other = world.workers[0], Client()
    other.force_login(world.workers[1].person)
    lent = draw_work(worker, _drawn(worker, batch), 3)
    taken_back(rail, deposit)
    kept = 3 * LARGE
    assert money_of(world, batch) == (0, kept, AMOUNT - free - (escrow - kept))
    refused = post(other, "/work/draw", {"batch": batch.pk, "n": 1})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "paused")
    assert other.get("/api/v1/work/batches").json()["results"] == []
    assert {r.status for r in accept_answers(worker, [answer_to(one, {"label": "good"}) for one in lent])} == {
        "accepted"
    }
    outbox.drain()
    earned = balance(pending_of(worker.pk), "USD") + balance(available_of(worker.pk), "USD")
    assert (earned, balance(escrow_of(batch.pk), "USD")) == (kept, 0)
    is_sound(rail)


def test_the_next_deposit_pays_what_is_owed_and_the_batch_goes_on_where_it_was(rail, world, page):
    deposit = deposited(page, world)
    batch = opened(page, world)
    _, escrow, _ = money_of(world, batch)
    draw_work(world.workers[1], _drawn(world.workers[1], batch), 3)
    taken_back(rail, deposit)
    _, kept, owed = money_of(world, batch)
    assert (kept, owed) == (3 * LARGE, 3 * LARGE - 1)
    said = post(page, f"/batches/{batch.pk}/resume")
    assert (said.status_code, said.json()["error"]["code"]) == (400, "owing")
    nearly = owed // CENT * CENT  # a card pays whole cents
    deposited(page, world, nearly)
    assert money_of(world, batch) == (0, kept, owed - nearly)
    more = (owed - nearly + escrow - kept) // CENT * CENT - CENT
    deposited(page, world, more)
    free = more - (owed - nearly)
    assert money_of(world, batch) == (free, kept, 0)
    said = post(page, f"/batches/{batch.pk}/resume")
    assert (said.json()["error"]["code"], said.json()["error"]["missing_micro"]) == (
        "insufficient_funds",
        escrow - kept - free,
    )
    deposited(page, world, 3 * CENT)
    assert post(page, f"/batches/{batch.pk}/resume").json()["owing"] is False
    assert money_of(world, batch) == (free + 3 * CENT - (escrow - kept), escrow, 0)
    assert draw_work(world.workers[0], _drawn(world.workers[0], batch), 1)
    assert post(page, f"/batches/{batch.pk}/resume").status_code == 409
    is_sound(rail)


def test_what_comes_back_of_a_closed_batch_pays_what_is_owed(rail, world, page):
    deposit = deposited(page, world)
    batch = opened(page, world)
    [lent] = draw_work(world.workers[0], _drawn(world.workers[0], batch), 1)
    post(page, f"/batches/{batch.pk}/close")
    taken_back(rail, deposit)
    free, escrow, owed = money_of(world, batch)
    assert (free, owed) == (0, escrow - 1)
    skip_lease(world.workers[0], lent.lease)
    refund_closed_batches()
    assert money_of(world, batch) == (1, 0, 0)
    is_sound(rail)


def test_twice_is_once_and_parts_add_up(own_rail, world, page):
    deposit = deposited(page, world)
    assert money_of(world) == (AMOUNT + 1, 0, 0)
    for micro, left in ((5_000_000, 15_000_001), (1, 15_000_000), (None, 1)):
        taken_back(own_rail, deposit, micro)
        before = money_of(world)
        assert before == (left, 0, 0)
        look_up_order(deposit)
        outbox.drain()
        assert money_of(world) == before
    taken_back(own_rail, deposit, 5_000_000)  # nothing is left of it to take
    assert (deposit.returned_micro, money_of(world)) == (AMOUNT, (1, 0, 0))
    assert [row for row in reconcile(get_provider("simulated")).differences if row.reference == deposit.reference] == []
    is_sound(own_rail)


def test_taken_back_before_we_knew_that_it_was_paid(rail, world, page):
    body = {"id": str(uuid.uuid4()), "amount_micro": AMOUNT, "card": "card-06"}  # says failed, pays an hour later
    assert post(page, f"/organisations/{world.organisation.pk}/deposits", body).json()["state"] == "failed"
    deposit = Deposit.objects.get(pk=body["id"])
    rail.tick(advance_s=3_600)
    rail.take_back(deposit.reference)
    Deposit.objects.filter(pk=deposit.pk).update(state="sent")  # a rail that had said nothing at all
    look_up_order(deposit)
    assert money_of(world) == (1, 0, 0)
    is_sound(rail)


def test_requester_and_admins_are_told_and_it_is_written_down(rail, world, page):
    admin = Person.objects.create_user(email="admin@example.org", is_staff=True, language="zu")
    batch_money = deposited(page, world)
    batch = opened(page, world)
    draw_work(world.workers[0], _drawn(world.workers[0], batch), 3)
    taken_back(rail, batch_money)
    told = {message.to[0]: message.body for message in mail.outbox}
    assert "until 13.00 USD" in told[world.requester.email]
    assert "Amaqoqo avuliwe" in told[admin.email]
    entries = dict(AuditEntry.objects.values_list("action", "detail"))
    assert entries["payouts.deposit_reversed"] == {"returned_micro": AMOUNT}
    assert entries["batch.owing"]["owed_micro"] == money_of(world, batch)[2]
    assert "was taken back" in page.get(f"/console/organisations/{world.organisation.pk}/").text
    assert "Resume" in page.get(f"/console/batches/{batch.pk}/").text
    client = Client()
    client.force_login(admin)
    assert "requester_debt" in client.get("/console/admin/ledger/").text


@pytest.mark.django_db(transaction=True)
def test_a_charge_back_and_openings_at_once_never_spend_it_twice(rail, world, page):
    """Whatever comes first, what was taken back is gone: of funds, of escrow, or owed; to the micro-unit."""
    deposit = deposited(page, world)
    drafts = [create_batch(world.requester, world.project, name=f"b{n}", base_micro=SMALL) for n in range(6)]
    rail.take_back(deposit.reference)

    def one(n):
        if n == 0:
            return look_up_order(deposit)
        try:
            return open_batch(
                world.requester, Batch.objects.select_related("project").get(pk=drafts[n - 1].pk), limit=1
            )
        except Exception as refused:
            return refused

    in_threads(7, one)
    outbox.drain()
    free, escrow, owed = money_of(world, *drafts)
    assert (free + escrow, owed) == (1, 0)  # the one micro-unit that is hers lies where the last opening left it
    is_sound(rail)
