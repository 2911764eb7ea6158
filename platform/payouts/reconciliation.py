"""Two sets of books of the same money: the rail's statement and our provider_float. They must agree for every reference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Sum
from django.db.models.fields.json import KeyTextTransform

from ledger import kinds
from ledger.models import Leg
from payouts.actions.look_up_order import look_up_order
from payouts.models import Deposit, Payout
from payouts.providers.base import Provider


@dataclass(frozen=True)
class Difference:
    """rail_micro and ledger_micro: what the reference did to our wallet at the rail, by its books and by ours."""

    reference: str
    currency: str
    rail_micro: int
    ledger_micro: int
    state: str

    @property
    def difference_micro(self) -> int:
        return self.rail_micro - self.ledger_micro


@dataclass(frozen=True)
class Reconciliation:
    rail_micro: dict[str, int]  # by currency
    ledger_micro: dict[str, int]
    reference_count: int
    differences: list[Difference]


def reconcile(provider: Provider) -> Reconciliation:
    rail, ours = rail_books(provider), ledger_books(provider.name)
    differences = list(_differences(rail, ours))
    return Reconciliation(_by_currency(rail), _by_currency(ours), len(rail.keys() | ours.keys()), differences)


def mend(provider: Provider) -> Reconciliation:
    """Look up every reference of ours that differs, which is what a lost callback needs, and compare again."""
    differing = [difference.reference for difference in reconcile(provider).differences]
    for model in (Payout, Deposit):
        for order in model.objects.filter(reference__in=differing):
            look_up_order(order)
    return reconcile(provider)


def rail_books(provider: Provider) -> Counter[tuple[str, str]]:
    """{(reference, currency): micro-units that came into the wallet}"""
    books: Counter[tuple[str, str]] = Counter()
    for entry in provider.statement():
        books[entry.reference, entry.currency] += entry.wallet_micro
    return books


def ledger_books(provider: str) -> Counter[tuple[str, str]]:
    """The same by our ledger. An asset is negative there, hence the minus."""
    legs = Leg.objects.filter(account__kind=kinds.PROVIDER_FLOAT, account__owner=provider)
    rows = legs.annotate(reference=KeyTextTransform("reference", "transfer__note")).values_list(
        "reference", "account__currency"
    )
    return Counter(
        {(ref or "(none)", currency): -total for ref, currency, total in rows.annotate(total=Sum("amount_micro"))}
    )


def _differences(rail: Counter[tuple[str, str]], ours: Counter[tuple[str, str]]) -> Iterator[Difference]:
    wrong = sorted(key for key in rail.keys() | ours.keys() if rail[key] != ours[key])
    states = _states([reference for reference, _ in wrong])
    for reference, currency in wrong:
        state = states.get(reference, "not ours")
        yield Difference(reference, currency, rail[reference, currency], ours[reference, currency], state)


def _states(references: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for model in (Payout, Deposit):
        found.update(model.objects.filter(reference__in=references).values_list("reference", "state"))
    return found


def _by_currency(books: Counter[tuple[str, str]]) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for (_, currency), micro in books.items():
        totals[currency] += micro
    return dict(totals)
