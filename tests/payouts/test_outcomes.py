"""The state table, every cell of it."""

import uuid

import pytest

from ledger.kinds import PROVIDER_FLOAT
from payouts.models import Deposit, Payout
from payouts.outcomes import step
from payouts.providers.base import Failed, NotFound, Paid, Pending, Reversed, Unknown

PAID, REVERSED = Paid("R1", 1_000, 7), Reversed("R1", 1_000, 7)
QUIET = [Pending(), NotFound(), Unknown("500")]


def payout(state, **fields):
    return Payout(
        id=uuid.uuid4(), worker_id=5, provider="simulated", amount_micro=1_000, currency="USD", state=state, **fields
    )


def deposit(state):
    return Deposit(
        id=uuid.uuid4(), organisation_id=3, provider="simulated", amount_micro=1_000, currency="USD", state=state
    )


def taken(order, outcome):
    """(new state, kinds of the transfers, their sum on the float, alarm)"""
    done = step(order, outcome)
    if done is None:
        return None
    floats = [micro for t in done.transfers for ref, micro in t.amounts.items() if ref.kind == PROVIDER_FLOAT]
    return done.state, [t.kind.split(" ", 1)[1] for t in done.transfers], sum(floats), done.fields.get("alarm", "")


BACK = "The rail paid and took it back."


@pytest.mark.parametrize("state", ["created", "sent", "unknown"])
@pytest.mark.parametrize("order", [payout, deposit])
def test_an_open_order_goes_where_the_rail_says(order, state):
    sign = 1 if order is payout else -1
    assert taken(order(state), Pending()) == ("sent", [], 0, "")
    assert taken(order(state), NotFound()) == ("unknown", [], 0, "")
    assert taken(order(state), Unknown("x")) == ("unknown", [], 0, "")
    assert taken(order(state), Failed("c")) == ("failed", ["failed"] if order is payout else [], 0, "")
    assert taken(order(state), PAID) == ("paid", ["paid"], sign * 1_000 + 7, "")
    assert taken(order(state), REVERSED) == ("reversed", ["paid", "reversed"], 7, BACK)


@pytest.mark.parametrize("order", [payout, deposit])
def test_a_finished_order_moves_only_by_new_transfers_and_with_an_alarm(order):
    sign = 1 if order is payout else -1
    late = "paid late" if order is payout else "paid"
    assert taken(order("failed"), PAID) == ("paid", [late], sign * 1_000 + 7, "The rail paid after it had said failed.")
    assert taken(order("failed"), REVERSED) == ("failed", [], 0, "The rail said failed, then paid, then took it back.")
    assert taken(order("paid"), REVERSED) == ("reversed", ["reversed"], -sign * 1_000, BACK)
    assert taken(order("paid"), Failed("c")) == ("paid", [], 0, "The rail says failed after it had said paid.")


@pytest.mark.parametrize("order", [payout, deposit])
def test_everything_else_changes_nothing(order):
    for outcome in [*QUIET, Failed("c")]:
        assert step(order("failed"), outcome) is None
    for outcome in [*QUIET, PAID]:
        assert step(order("paid"), outcome) is None
    for outcome in [*QUIET, Failed("c"), PAID, REVERSED]:
        assert step(order("reversed"), outcome) is None


def legs(order, outcome):
    return [{ref.label: micro for ref, micro in t.amounts.items()} for t in step(order, outcome).transfers]


def test_a_short_payment_gives_the_rest_back_to_her():
    (paid,) = legs(payout("sent"), Paid("R", 400))
    assert sorted(paid.values()) == [-1_000, 400, 600]
    assert paid["the worker's available money (worker:5)"] == 600


def test_a_double_payment_waits_in_suspense():
    (paid,) = legs(payout("sent"), Paid("R", 2_000))
    assert paid["money in suspense (simulated)"] == -1_000
    assert paid["the money held with the provider (simulated)"] == 2_000


def test_a_payment_that_moved_nothing_is_not_a_payment():
    assert taken(payout("sent"), Paid("R", 0)) == ("unknown", [], 0, "")
    assert step(payout("paid"), Reversed("R", 0)) is None


def test_what_came_late_and_went_back_never_touches_her_balance():
    (back,) = legs(payout("paid", late=True), Reversed("R", 1_000))
    assert back == {"the money held with the provider (simulated)": -1_000, "money in suspense (simulated)": 1_000}


def test_a_wrong_amount_is_an_alarm():
    assert step(payout("sent"), Paid("R", 400)).fields["alarm"] == "The rail moved 400 micro-units instead of 1000."
