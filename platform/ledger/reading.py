"""Looking into the ledger: balances, statements, the trial balance. Nothing here writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Sum

from kernel.sql import fetch
from ledger.models import Account, Leg
from ledger.transfers import AccountRef


@dataclass(frozen=True)
class Line:
    """One line of a statement. `balance_after_micro` is the account's balance once this line was written."""

    leg_id: int
    transfer_id: int
    key: str
    kind: str
    amount_micro: int
    balance_after_micro: int
    note: dict[str, Any]
    effective_at: datetime
    created_at: datetime


@dataclass(frozen=True)
class TrialRow:
    currency: str
    kind: str
    account_count: int
    sum_micro: int


@dataclass(frozen=True)
class Movement:
    """What one kind of transfer did to one account in a period."""

    owner: str
    currency: str
    account_kind: str
    transfer_kind: str
    transfer_count: int
    amount_micro: int


def balance(ref: AccountRef, currency: str) -> int:
    """Micro-units; 0 for an account that never moved."""
    found = Account.objects.filter(kind=ref.kind, owner=ref.owner, currency=currency).values_list(
        "balance_micro", flat=True
    )
    return found.first() or 0


def owners_with_money(kind: str) -> list[str]:
    """Whose account of this kind is not empty."""
    return list(Account.objects.filter(kind=kind, balance_micro__gt=0).values_list("owner", flat=True).distinct())


def balances(refs: Iterable[AccountRef], currency: str | None = None) -> dict[tuple[AccountRef, str], int]:
    """{(account, currency): micro-units} for those of `refs` that ever moved, in every currency or in one. One statement."""
    pairs = sorted(set(refs))
    sql = """
        SELECT a.kind, a.owner, a.currency, a.balance_micro
          FROM ledger_account a JOIN unnest(%s::text[], %s::text[]) AS w(kind, owner) USING (kind, owner)
         WHERE a.currency = %s OR %s::text IS NULL
    """
    found = fetch(sql, [[r.kind for r in pairs], [r.owner for r in pairs], currency, currency])
    return {(AccountRef(kind, owner), cur): micro for kind, owner, cur, micro in found}


# newest: where the page starts. The balance after a line is the balance now, less everything newer.
_LINES = """
SELECT l.id, t.id, t.key, t.kind, l.amount_micro,
       a.balance_micro
         - coalesce((SELECT sum(n.amount_micro) FROM ledger_leg n WHERE n.account_id = a.id AND n.id > newest.id), 0)
         - coalesce(sum(l.amount_micro) OVER (ORDER BY l.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0),
       t.note::text, t.effective_at, t.created_at
  FROM ledger_account a
 CROSS JOIN LATERAL (SELECT max(n.id) AS id FROM ledger_leg n
                      WHERE n.account_id = a.id AND (%(before)s::bigint IS NULL OR n.id < %(before)s)) newest
  JOIN LATERAL (SELECT * FROM ledger_leg n
                 WHERE n.account_id = a.id AND n.id <= newest.id ORDER BY n.id DESC LIMIT %(limit)s) l ON true
  JOIN ledger_transfer t ON t.id = l.transfer_id
 WHERE a.kind = %(kind)s AND a.owner = %(owner)s AND a.currency = %(currency)s
 ORDER BY l.id DESC
"""


def lines(ref: AccountRef, currency: str, before: int | None = None, limit: int = 50) -> list[Line]:
    """The statement of one account, newest first; `before` is the leg_id of the last line of the page before."""
    values = {"kind": ref.kind, "owner": ref.owner, "currency": currency, "before": before, "limit": limit}
    found = fetch(_LINES, values)
    return [
        Line(leg, transfer, key, kind, micro, int(after_micro), json.loads(note), effective_at, created_at)
        for leg, transfer, key, kind, micro, after_micro, note, effective_at, created_at in found
    ]


def trial_balance() -> list[TrialRow]:
    """The sum of the *legs* (not of the cached balances) for each currency and kind of account. Each currency sums to 0."""
    grouped = Leg.objects.values("account__currency", "account__kind").annotate(
        accounts=Count("account", distinct=True), total=Sum("amount_micro")
    )
    return [
        TrialRow(row["account__currency"], row["account__kind"], row["accounts"], int(row["total"]))
        for row in grouped.order_by("account__currency", "account__kind")
    ]


def movements(account_kinds: Sequence[str], start: datetime, end: datetime) -> list[Movement]:
    """What each transfer kind did to each account of these kinds, effective in [start, end). For statements and wages."""
    grouped = (
        Leg.objects.filter(
            account__kind__in=account_kinds, transfer__effective_at__gte=start, transfer__effective_at__lt=end
        )
        .values("account__owner", "account__currency", "account__kind", "transfer__kind")
        .annotate(transfers=Count("id"), total=Sum("amount_micro"))
        .order_by("account__owner", "account__currency", "account__kind", "transfer__kind")
    )
    return [
        Movement(
            row["account__owner"],
            row["account__currency"],
            row["account__kind"],
            row["transfer__kind"],
            row["transfers"],
            int(row["total"]),
        )
        for row in grouped
    ]
