"""Is the ledger sound? Each check recomputes from the legs and yields one sentence for whatever is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from kernel.sql import fetch, stream
from ledger.hash_chain import broken_seals
from ledger.kinds import NEVER_NEGATIVE
from ledger.models import Leg
from ledger.transfers import hash_body

_UNBALANCED = """
SELECT t.id, count(l.id), coalesce(sum(l.amount_micro), 0), count(*) FILTER (WHERE a.currency <> t.currency)
  FROM ledger_transfer t LEFT JOIN ledger_leg l ON l.transfer_id = t.id LEFT JOIN ledger_account a ON a.id = l.account_id
 GROUP BY t.id HAVING count(l.id) < 2 OR sum(l.amount_micro) <> 0 OR count(*) FILTER (WHERE a.currency <> t.currency) > 0
 ORDER BY t.id
"""
_DRIFTED = """
SELECT a.id, a.kind, a.owner, a.currency, a.balance_micro, coalesce(sum(l.amount_micro), 0)
  FROM ledger_account a LEFT JOIN ledger_leg l ON l.account_id = a.id
 GROUP BY a.id HAVING a.balance_micro <> coalesce(sum(l.amount_micro), 0) ORDER BY a.id
"""
_OVERDRAWN = """
SELECT a.kind, a.owner, a.currency, sum(l.amount_micro) FROM ledger_account a JOIN ledger_leg l ON l.account_id = a.id
 WHERE a.kind = ANY(%s) GROUP BY a.id HAVING sum(l.amount_micro) < 0 ORDER BY a.id
"""


def findings() -> list[str]:
    """Everything that is wrong, in sentences; an empty list is a sound ledger. Time grows with the number of legs."""
    return [*unbalanced(), *drifted(), *overdrawn(), *altered(), *broken_seals()]


def unbalanced() -> Iterator[str]:
    for pk, legs, total, foreign in fetch(_UNBALANCED):
        yield f"Transfer {pk} has {legs} legs summing to {total}, {foreign} of them in another currency."


def drifted() -> Iterator[str]:
    for pk, kind, owner, currency, cached, total in fetch(_DRIFTED):
        yield f"Account {pk} ({kind} {owner} {currency}) says {cached}, but its legs sum to {total}."


def overdrawn() -> Iterator[str]:
    for kind, owner, currency, total in fetch(_OVERDRAWN, [list(NEVER_NEGATIVE)]):
        yield f"{kind} {owner} is at {total} {currency} micro-units, below zero."


def altered() -> Iterator[str]:
    """Transfers whose body hash does not fit their legs any more."""
    rows = Leg.objects.order_by("transfer_id").values_list(
        "transfer_id", "transfer__body_hash", "transfer__kind", "transfer__currency", "transfer__reverses_id",
        "account__kind", "account__owner", "amount_micro",
    )  # fmt: skip
    for head, group in groupby(stream(rows), key=lambda row: row[:5]):
        pk, body_hash, kind, currency, reverses_id = head
        legs = sorted([account_kind, owner, str(amount)] for *_, account_kind, owner, amount in group)
        if bytes(body_hash) != hash_body(kind, currency, legs, reverses_id):
            yield f"Transfer {pk} does not fit its body hash: its legs, kind or currency were changed."
