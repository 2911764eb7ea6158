"""A deposit goes the same road as a payout, the other way."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from ledger.audit import findings
from ledger.factories import funds_of, suspense_of
from ledger.posting import balance
from payouts.actions.charge_deposit import charge_deposit
from payouts.actions.look_up_order import look_up_order
from payouts.actions.request_deposit import request_deposit
from payouts.actions.send_order import send_order
from payouts.actions.sweep import send_due, sweep_unknown
from payouts.models import Deposit
from payouts.providers import get_provider
from payouts.reconciliation import reconcile
from payouts.simulated_rail.faults import BY_SUFFIX

pytestmark = pytest.mark.django_db
AMOUNT = 50_000_000


def test_a_card_that_pays_fills_the_funds(own_rail, requester, organisation):
    deposit = send_order(request_deposit(requester, organisation, uuid.uuid4(), AMOUNT, "card-ok"))
    assert (deposit.state, balance(funds_of(organisation.pk), "USD")) == ("sent", 0)
    deposit = look_up_order(deposit)
    assert (deposit.state, deposit.moved_micro) == ("paid", AMOUNT)
    assert balance(funds_of(organisation.pk), "USD") == AMOUNT
    assert look_up_order(deposit).state == "paid"
    assert balance(funds_of(organisation.pk), "USD") == AMOUNT
    assert reconcile(get_provider("simulated")).rail_micro == {"USD": AMOUNT}


@pytest.mark.parametrize(
    ("card", "state"), [("card-ok", "paid"), ("card-01", "paid"), ("card-07", "sent"), ("card-13", "failed")]
)
def test_a_page_that_waits_sees_how_it_ended(rail, requester, organisation, card, state):
    deposit = charge_deposit(request_deposit(requester, organisation, uuid.uuid4(), AMOUNT, card))
    assert (deposit.state, balance(funds_of(organisation.pk), "USD")) == (state, AMOUNT if state == "paid" else 0)
    assert charge_deposit(deposit).state == state
    assert balance(funds_of(organisation.pk), "USD") == (AMOUNT if state == "paid" else 0)


def test_every_fault_of_the_rail_leaves_both_books_equal(own_rail, requester, organisation):
    for suffix in BY_SUFFIX:
        request_deposit(requester, organisation, uuid.uuid4(), AMOUNT, f"card-{suffix}")
    assert send_due() == len(BY_SUFFIX)
    for days in (1, 2):
        sweep_unknown(timezone.now() + timedelta(days=days))
    states = {BY_SUFFIX[d.destination[-2:]]: d.state for d in Deposit.objects.all()}
    failed = {"failed_then_paid", "refused", "fails"}
    assert states == {
        fault: "failed" if fault in failed else "sent" if fault == "never" else "paid" for fault in BY_SUFFIX.values()
    }
    assert balance(funds_of(organisation.pk), "USD") == 10 * AMOUNT + AMOUNT // 2 + 2 * AMOUNT
    assert reconcile(get_provider("simulated")).differences == []
    own_rail.tick(advance_s=86_400)
    for deposit in Deposit.objects.all():
        look_up_order(deposit)
    # one was paid late, one was taken back: what is taken back is spent by nobody, and nothing waits in suspense
    assert balance(funds_of(organisation.pk), "USD") == 10 * AMOUNT + AMOUNT // 2 + 2 * AMOUNT
    assert balance(suspense_of("simulated"), "USD") == 0
    assert reconcile(get_provider("simulated")).differences == []
    assert findings() == []
