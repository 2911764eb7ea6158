"""The state table, every cell of it."""

import uuid

import pytest

from ledger.factories import debt_of, funds_of
from ledger.kinds import PROVIDER_FLOAT
from payouts.models import Deposit, Payout
from payouts.money import Requester
from payouts.outcomes import step
from payouts.providers.base import Failed, NotFound, Paid, Pending, Reversed, Unknown

PAID, REVERSED = Paid("R1", 1_000, 7), Reversed("R1", 1_000, 7)
QUIET = [Pending(), NotFound(), Unknown("500")]


def payout(state, **fields):
    return Payout(
        id=uuid.uuid4(), worker_id=5, provider="simulated", amount_micro=1_000, currency="USD", state=state, **fields
    )


def deposit(state, **fields):
    return Deposit(
        id=uuid.uuid4(),
        organisation_id=3,
        provider="simulated",
        amount_micro=1_000,
        currency="USD",
        state=state,
        **fields,
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
        assert step(order("reversed", returned_micro=1_000), outcome) is None


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


@pytest.mark.parametrize("order", [payout, deposit])
def test_what_comes_back_in_parts_is_posted_part_by_part(order):
    sign = 1 if order is payout else -1
    first = Reversed("R1", 1_000, 7, back_micro=300)
    assert taken(order("paid"), first) == ("reversed", ["reversed"], -sign * 300, BACK)
    assert step(order("reversed", returned_micro=300), first) is None
    assert taken(order("reversed", returned_micro=300), REVERSED) == ("reversed", ["reversed"], -sign * 700, BACK)
    assert step(order("paid"), Reversed("R1", 1_000, 7, back_micro=0)) is None
    assert taken(order("sent"), Reversed("R1", 1_000, 7, back_micro=0))[:2] == ("paid", ["paid"])
    keys = {t.key for back in (0, 300) for t in step(order("reversed", returned_micro=back), REVERSED).transfers}
    assert len(keys) == 2


def test_a_charge_back_takes_what_is_free_and_the_rest_is_owed():
    (back,) = step(deposit("paid"), REVERSED, Requester(funds_micro=400)).transfers
    assert {ref.kind: micro for ref, micro in back.amounts.items()} == {
        "requester_funds": -400,
        "requester_debt": -600,
        "provider_float": 1_000,
    }


def test_a_charge_back_before_it_was_paid_leaves_what_was_there():
    done = step(deposit("sent"), REVERSED, Requester(funds_micro=50, owed_micro=0)).transfers
    assert [sum(t.amounts.get(ref, 0) for t in done) for ref in (funds_of(3), debt_of(3))] == [0, 0]
    owing = step(deposit("sent"), REVERSED, Requester(owed_micro=250)).transfers
    assert [sum(t.amounts.get(ref, 0) for t in owing) for ref in (funds_of(3), debt_of(3))] == [0, 0]


def test_a_deposit_pays_first_what_is_owed():
    (paid,) = step(deposit("sent"), PAID, Requester(owed_micro=250)).transfers
    assert (paid.amounts[debt_of(3)], paid.amounts[funds_of(3)]) == (250, 750)
