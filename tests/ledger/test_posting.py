"""What post() promises to its callers."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from ledger import factories, posting
from ledger.models import Account, Leg, Seal, Transfer
from ledger.posting import (
    AccountRef,
    AlreadyReversed,
    InsufficientFunds,
    KeyConflict,
    balance,
    balances,
    lines,
    movements,
    post,
    post_many,
    reverse,
    trial_balance,
)
from ledger.tasks import seal_ledger
from ledger.transfers import Transfer as Spec
from tests.ledger.helpers import in_threads

pytestmark = pytest.mark.django_db

FLOAT, FUNDS, ESCROW = factories.float_of("simulated"), factories.funds_of(3), factories.escrow_of(9)


def deposit(amount_micro=1_000, key="card-1"):
    return post_many([factories.deposit(key, 3, amount_micro, "KES", "simulated")])[0]


def state():
    return (
        Transfer.objects.count(),
        Leg.objects.count(),
        {str(a): a.balance_micro for a in Account.objects.order_by("id")},
    )


def test_a_deposit_credits_the_funds_and_debits_the_float():
    posted = deposit()
    assert posted.created
    assert (balance(FUNDS, "KES"), balance(FLOAT, "KES")) == (1_000, -1_000)
    assert balance(FUNDS, "USD") == 0
    assert [(row.kind, row.sum_micro, row.account_count) for row in trial_balance()] == [
        ("provider_float", -1_000, 1),
        ("requester_funds", 1_000, 1),
    ]


def test_the_same_key_and_body_gives_the_stored_transfer():
    first, before = deposit(), None
    before = state()
    again = post(
        "deposit:card-1", "deposit", "KES", [(FUNDS, 400), (FUNDS, 600), (FLOAT, -1_000)], note={"other": "words"}
    )
    assert again == type(first)(first.transfer_id, created=False)
    assert state() == before


def test_the_same_key_with_another_body_is_a_conflict_and_changes_nothing():
    deposit()
    before = state()
    with pytest.raises(KeyConflict, match=r"'deposit:card-1' was already used for another transfer"):
        deposit(amount_micro=2_000)
    assert state() == before


def test_short_funds_are_refused_in_one_sentence_and_the_transaction_goes_on():
    deposit()
    before = state()
    with transaction.atomic():
        with pytest.raises(InsufficientFunds) as refusal:
            post_many([factories.fund_batch(9, 3, 1_000_500, "KES")])
        assert state()[:2] == before[:2]
        assert post_many([factories.fund_batch(9, 3, 1_000, "KES")])[0].created
    assert (
        str(refusal.value)
        == "There is not enough money in the requester's funds (organisation:3): 0.999500 KES is missing."
    )
    assert refusal.value.account == FUNDS
    assert balance(ESCROW, "KES") == 1_000


def test_a_replay_succeeds_even_when_the_money_has_gone_since():
    deposit()
    fund = factories.fund_batch(9, 3, 1_000, "KES")
    first = post_many([fund])[0]
    post_many([factories.earn("a", 9, 1, 1_000, "KES")])
    assert post_many([fund])[0] == type(first)(first.transfer_id, created=False)


@pytest.mark.parametrize(
    ("legs", "words"),
    [
        ([(FUNDS, 5), (FLOAT, -4)], "sum to 1"),
        ([(FUNDS, 5), (FUNDS, -5)], "fewer than two accounts"),
        ([(FUNDS, 0), (FLOAT, 0)], "fewer than two accounts"),
        ([(FUNDS, 0.5), (FLOAT, -0.5)], "not an integer"),
        ([(FUNDS, True), (FLOAT, -1)], "not an integer"),
        ([(FUNDS, 2**63), (FLOAT, -(2**63))], "over 2\\^63"),
    ],
)
def test_what_is_not_a_transfer_is_refused_before_the_database(legs, words):
    with pytest.raises(ValueError, match=words):
        post("k", "deposit", "KES", legs)
    assert state() == (0, 0, {})


@pytest.mark.parametrize("currency", ["", "kes", "KESH", "K€S"])
def test_a_currency_is_three_capital_letters(currency):
    with pytest.raises(ValueError, match="three capital letters"):
        Spec("k", "deposit", currency, [(FUNDS, 5), (FLOAT, -5)])


def test_an_account_has_a_known_kind_and_an_owner():
    with pytest.raises(ValueError, match="not a kind of account"):
        AccountRef("pocket", "worker:1")
    with pytest.raises(ValueError, match="owner is empty"):
        AccountRef("suspense", "")


def test_five_hundred_answers_cost_one_statement(django_assert_num_queries):
    deposit(10_000_000)
    post_many([factories.fund_batch(9, 3, 10_000_000, "KES")])
    earns = [factories.earn(f"answer-{i}", 9, i % 7, 10_000, "KES") for i in range(500)]
    with django_assert_num_queries(1):
        made = post_many(earns)
    with django_assert_num_queries(1):
        again = post_many(earns)
    assert all(p.created for p in made)
    assert [p.transfer_id for p in again] == [p.transfer_id for p in made]
    assert not any(p.created for p in again)
    assert balance(ESCROW, "KES") == 5_000_000
    assert balances([factories.pending_of(i) for i in range(8)]) == {
        (factories.pending_of(i), "KES"): 10_000 * len(range(i, 500, 7)) for i in range(7)
    }


def test_one_call_may_mix_old_new_and_repeated_keys_and_currencies():
    deposit()
    other = factories.deposit("card-2", 3, 70, "USD", "simulated")
    made = post_many([factories.deposit("card-1", 3, 1_000, "KES", "simulated"), other, other])
    assert [p.created for p in made] == [False, True, False]
    assert made[1].transfer_id == made[2].transfer_id
    assert balances([FUNDS]) == {(FUNDS, "KES"): 1_000, (FUNDS, "USD"): 70}
    assert balances([FUNDS], "USD") == {(FUNDS, "USD"): 70}


def test_nothing_to_post_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert post_many([]) == []


def test_two_bodies_under_one_key_in_one_call_conflict():
    with pytest.raises(KeyConflict):
        post_many([factories.deposit("x", 3, 1, "KES", "simulated"), factories.deposit("x", 3, 2, "KES", "simulated")])
    assert state() == (0, 0, {})


def test_a_reversal_is_the_mirror_and_happens_once():
    posted = deposit()
    undone = reverse(posted.transfer_id, "undo-1", {"why": "card stolen"})
    assert (balance(FUNDS, "KES"), balance(FLOAT, "KES")) == (0, 0)
    assert Transfer.objects.get(pk=undone.transfer_id).reverses_id == posted.transfer_id
    assert reverse(posted.transfer_id, "undo-1") == type(undone)(undone.transfer_id, created=False)
    deposit(key="card-2")
    before = state()
    with transaction.atomic(), pytest.raises(AlreadyReversed), transaction.atomic():
        reverse(posted.transfer_id, "undo-2")
    assert state() == before


def test_a_reversal_that_would_take_spent_money_is_refused():
    posted = deposit()
    post_many([factories.fund_batch(9, 3, 600, "KES")])
    with pytest.raises(InsufficientFunds, match=r"0\.000600 KES"):
        reverse(posted.transfer_id, "undo")
    assert balance(FUNDS, "KES") == 400


def test_the_whole_route_of_an_answers_money():
    deposit(1_000_000)
    post_many([factories.fund_batch(9, 3, 500_000, "KES")])
    post_many([factories.earn("a1", 9, 7, 20_000, "KES"), factories.earn("a2", 9, 8, 20_000, "KES")])
    post_many([factories.settle("a1", 9, 7, 20_000, 5_000, 2_500, "KES"), factories.refuse("a2", 9, 8, 20_000, "KES")])
    left = balance(ESCROW, "KES")
    post_many([factories.fund_goodwill("own-1", 100, 0, "KES", "simulated")])
    post_many([factories.close_batch(9, 3, left, "KES"), factories.goodwill("g1", 8, 100, "KES", "a broken picture")])
    accounts = Account.objects.values_list("owner", "kind", "balance_micro")
    assert {(owner, kind): micro for owner, kind, micro in accounts} == {
        ("simulated", "provider_float"): -1_000_100,
        ("organisation:3", "requester_funds"): 972_500,
        ("batch:9", "batch_escrow"): 0,
        ("batch:9", "platform_fee"): 2_500,
        ("worker:7", "worker_pending"): 0,
        ("worker:7", "worker_available"): 25_000,
        ("worker:8", "worker_pending"): 0,
        ("worker:8", "worker_available"): 100,
        ("platform", "goodwill"): 0,
    }
    assert sum(row.sum_micro for row in trial_balance()) == 0


def test_a_statement_reads_backwards_with_running_balances_page_by_page():
    deposit(10_000)
    post_many([factories.fund_batch(9, 3, 10_000, "KES")])
    for n in range(1, 6):
        post_many([factories.earn(f"a{n}", 9, 7, 100 * n, "KES")])
    whole = lines(factories.pending_of(7), "KES")
    assert [(line.key, line.amount_micro, line.balance_after_micro) for line in whole] == [
        ("earn:a5", 500, 1_500),
        ("earn:a4", 400, 1_000),
        ("earn:a3", 300, 600),
        ("earn:a2", 200, 300),
        ("earn:a1", 100, 100),
    ]
    assert whole[0].note == {"answer": "a5", "batch": 9}
    first = lines(factories.pending_of(7), "KES", limit=2)
    assert first + lines(factories.pending_of(7), "KES", before=first[-1].leg_id, limit=9) == whole
    assert lines(factories.pending_of(8), "KES") == []


def test_movements_are_grouped_by_what_happened_in_the_period():
    day = [datetime(2026, 11, n, tzinfo=UTC) for n in (1, 2, 3)]
    for n, when in enumerate(day):
        post(f"d{n}", "deposit", "KES", [(FLOAT, -10 * (n + 1)), (FUNDS, 10 * (n + 1))], effective_at=when)
    found = movements(["requester_funds"], day[0], day[2])
    assert [
        (m.owner, m.currency, m.account_kind, m.transfer_kind, m.transfer_count, m.amount_micro) for m in found
    ] == [("organisation:3", "KES", "requester_funds", "deposit", 2, 30)]


@pytest.mark.django_db(transaction=True)
def test_sixteen_threads_with_the_same_fifty_keys_create_each_once():
    def work(n):
        specs = [factories.deposit(f"k{i}", i % 5, 10, "KES", "simulated") for i in range(50)]
        return [post_many([spec])[0] for spec in (specs if n % 2 else reversed(specs))]

    results = in_threads(16, work)
    posted = [p for result in results for p in result]
    assert sum(p.created for p in posted) == 50
    assert len(posted) == 800
    assert Transfer.objects.count() == 50
    assert balance(FLOAT, "KES") == -500


@pytest.mark.django_db(transaction=True)
def test_contenders_for_the_last_money_never_overdraw_and_never_deadlock():
    deposit(1_000)
    post_many([factories.fund_batch(9, 3, 1_000, "KES")])

    def work(n):
        mine = [factories.earn(f"{n}-{i}", 9, (n + i) % 4, 30, "KES") for i in range(10)]
        return post_many(mine)

    results = in_threads(8, work)
    paid = [r for r in results if isinstance(r, list)]
    assert len(paid) == 3
    assert [type(r) for r in results if not isinstance(r, list)] == [InsufficientFunds] * 5
    assert balance(ESCROW, "KES") == 100
    assert Transfer.objects.filter(kind="earn").count() == 30


@pytest.mark.django_db(transaction=True)
def test_two_bodies_racing_for_one_key_end_as_one_transfer_and_one_conflict():
    """Their accounts differ, so they do not wait for each other: the unique key decides."""
    results = in_threads(
        2, lambda n: post("same", "deposit", "KES", [(FLOAT, -5), (factories.funds_of(n), 5)], {"n": n})
    )
    results += in_threads(
        2, lambda n: post("two", "test", "KES", [(factories.fee_of(2 * n), -5), (factories.fee_of(2 * n + 1), 5)])
    )
    assert sorted(type(r).__name__ for r in results) == ["KeyConflict", "KeyConflict", "Posted", "Posted"]
    assert Transfer.objects.count() == 2
    assert sum(row.sum_micro for row in trial_balance()) == 0


def test_a_name_is_its_own_explanation():
    posted = deposit()
    seal_ledger()
    leg = Leg.objects.get(account__kind="requester_funds")
    assert str(Transfer.objects.get(pk=posted.transfer_id)) == "deposit:card-1"
    assert str(leg) == f"1000 on {leg.account_id}"
    assert str(Seal.objects.get()) == bytes(Seal.objects.get().hash).hex()


def test_other_broken_laws_are_not_dressed_up_as_conflicts(monkeypatch):
    with pytest.raises(IntegrityError, match="ledger_never_negative"), transaction.atomic():
        unlocked_withdrawal(monkeypatch)


def unlocked_withdrawal(monkeypatch):
    """Past the look beforehand, as a mistake in it would be: the database still refuses."""
    monkeypatch.setattr(posting, "NEVER_NEGATIVE", ())
    post("k", "test", "KES", [(FUNDS, -5), (FLOAT, 5)])


@pytest.mark.parametrize("wrong", [{"key": ""}, {"kind": ""}])
def test_a_transfer_needs_a_key_and_a_kind(wrong):
    with pytest.raises(ValueError, match="needs a key and a kind"):
        Spec(**{"key": "k", "kind": "deposit", "currency": "KES", "legs": [(FUNDS, 5), (FLOAT, -5)], **wrong})


def test_money_does_not_move_backwards_by_a_verb():
    with pytest.raises(ValueError, match="must not be negative"):
        factories.earn("a", 9, 7, -5, "KES")
