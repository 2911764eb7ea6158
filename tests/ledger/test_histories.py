"""Random histories of money against a model small enough to be believed."""

from collections import Counter

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from ledger import factories
from ledger.audit import drifted, overdrawn, unbalanced
from ledger.kinds import NEVER_NEGATIVE
from ledger.models import Account, Transfer
from ledger.posting import AlreadyReversed, InsufficientFunds, KeyConflict, post_many, reverse, trial_balance
from tests import sizes


class Books:
    """The model: what a ledger is, with nothing of how it is stored."""

    def __init__(self):
        self.balances, self.bodies, self.reversed = Counter(), {}, set()

    def post(self, key, currency, legs, reverses=None):
        body = currency, frozenset(Counter({ref: micro for ref, micro in legs if micro}).items()), reverses
        if key in self.bodies:
            return "repeat" if self.bodies[key] == body else KeyConflict
        after = self.balances.copy()
        for ref, micro in legs:
            after[ref, currency] += micro
        if any(micro < 0 for (ref, _), micro in after.items() if ref.kind in NEVER_NEGATIVE):
            return InsufficientFunds
        if reverses is not None and reverses in self.reversed:
            return AlreadyReversed
        self.balances, self.bodies[key] = after, body
        self.reversed |= {reverses}
        return "made"


MICRO = st.integers(1, 60)
SMALL = st.integers(0, 2)
CURRENCY = st.sampled_from(["KES", "USD"])


class Histories(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.model = Books()
        self.savepoint = transaction.savepoint()

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    def post(self, spec):
        expected = self.model.post(spec.key, spec.currency, list(spec.amounts.items()))
        assert outcome(lambda: post_many([spec])[0].created) == expected

    @rule(n=SMALL, who=SMALL, micro=MICRO, currency=CURRENCY)
    def deposit(self, n, who, micro, currency):
        self.post(factories.deposit(f"card-{n}-{micro}", who, micro, currency, "simulated"))

    @rule(batch=SMALL, who=SMALL, micro=MICRO, currency=CURRENCY, part=SMALL)
    def fund(self, batch, who, micro, currency, part):
        self.post(factories.fund_batch(batch, who, micro, currency, part))

    @rule(n=SMALL, batch=SMALL, worker=SMALL, micro=MICRO, currency=CURRENCY)
    def earn(self, n, batch, worker, micro, currency):
        self.post(factories.earn(f"a{n}", batch, worker, micro, currency))

    @rule(n=SMALL, batch=SMALL, worker=SMALL, base=MICRO, bonus=SMALL, fee=SMALL, currency=CURRENCY)
    def settle(self, n, batch, worker, base, bonus, fee, currency):
        self.post(factories.settle(f"a{n}", batch, worker, base, bonus, fee, currency))

    @rule(n=SMALL, batch=SMALL, worker=SMALL, micro=MICRO, currency=CURRENCY)
    def refuse(self, n, batch, worker, micro, currency):
        self.post(factories.refuse(f"a{n}", batch, worker, micro, currency))

    @rule(batch=SMALL, who=SMALL, micro=MICRO, currency=CURRENCY, part=SMALL)
    def close(self, batch, who, micro, currency, part):
        self.post(factories.close_batch(batch, who, micro, currency, part))

    @rule(batch=SMALL, workers=st.lists(SMALL, min_size=1, max_size=5), micro=MICRO, currency=CURRENCY)
    def a_pack(self, batch, workers, micro, currency):
        """A pack is taken whole or not at all; its money is what the sum of its legs moves."""
        pack = [factories.earn(f"p{n}-{w}", batch, w, micro, currency) for n, w in enumerate(workers)]
        trial, outcomes = Books(), []
        trial.__dict__.update({**vars(self.model), "bodies": dict(self.model.bodies)})
        for spec in pack:
            outcomes.append(trial.post(spec.key, spec.currency, list(spec.amounts.items())))
        wrong = [o for o in (KeyConflict, InsufficientFunds) if o in outcomes]
        expected = wrong[0] if wrong else [o == "made" for o in outcomes]
        assert outcome(lambda: [p.created for p in post_many(pack)], raw=True) == expected
        if not wrong:
            self.model = trial

    @precondition(lambda self: self.model.bodies)
    @rule(pick=st.integers(0, 99), n=SMALL)
    def undo(self, pick, n):
        key = sorted(self.model.bodies)[pick % len(self.model.bodies)]
        currency, legs, _ = self.model.bodies[key]
        stored = Transfer.objects.get(key=key)
        expected = self.model.post(f"undo-{n}", currency, [(ref, -micro) for ref, micro in legs], reverses=key)
        assert outcome(lambda: reverse(stored.pk, f"undo-{n}").created) == expected

    @invariant()
    def the_books_are_the_models(self):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        stored = {(a.kind, a.owner, a.currency): a.balance_micro for a in Account.objects.all() if a.balance_micro}
        assert stored == {
            (ref.kind, ref.owner, cur): micro for (ref, cur), micro in self.model.balances.items() if micro
        }
        totals = Counter()
        for row in trial_balance():
            totals[row.currency] += row.sum_micro
        assert set(totals.values()) <= {0}
        assert [*unbalanced(), *drifted(), *overdrawn()] == []
        assert Transfer.objects.count() == len(self.model.bodies)


def outcome(call, raw=False):
    try:
        with transaction.atomic():
            answer = call()
    except (KeyConflict, InsufficientFunds, AlreadyReversed) as refusal:
        return type(refusal)
    return answer if raw else {True: "made", False: "repeat"}[answer]


def histories(count, steps):
    """The same ones on every machine: a history that fails here fails everywhere, with nothing kept from earlier runs."""
    relaxed = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}
    run = settings(max_examples=count, stateful_step_count=steps, **relaxed)
    run_state_machine_as_test(seed(sizes.SEED)(Histories), settings=run)


@pytest.mark.django_db
def test_random_histories_agree_with_the_model_after_every_step():
    histories(20, steps=20)


@pytest.mark.slow
@pytest.mark.django_db
def test_many_random_histories():
    histories(sizes.HISTORIES, steps=12)
