"""What she earned and was paid, month by month, out of the ledger alone: who paid, for what, and what was hers afterwards. Reading only.

Her two accounts (being checked, available) are one here: what moves between them is no money in or out. Months are UTC's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings

from kernel.errors import DomainError
from kernel.sql import fetch
from ledger.factories import available_of, pending_of
from people.models import Worker

MONTHS = 36  # three years: as long as a tax office asks

# Whose money it was: the batch whose escrow it came from, and its project, or a requester's funds.
_HERS = """
WITH hers AS (SELECT id FROM ledger_account WHERE (kind, owner) IN ((%(pending)s, %(owner)s), (%(available)s, %(owner)s))
                 AND currency = %(currency)s),
     moved AS (SELECT t.id, t.effective_at AS at, t.kind, t.key, sum(l.amount_micro)::bigint AS micro
                 FROM ledger_leg l JOIN ledger_transfer t ON t.id = l.transfer_id
                WHERE l.account_id IN (SELECT id FROM hers) GROUP BY t.id HAVING sum(l.amount_micro) <> 0)
"""
_MONTHS = f"""{_HERS}
SELECT month, came::bigint, went::bigint, sum(came + went) OVER (ORDER BY month)::bigint
  FROM (SELECT date_trunc('month', at AT TIME ZONE 'UTC')::date AS month,
               coalesce(sum(micro) FILTER (WHERE micro > 0), 0) AS came, coalesce(sum(micro) FILTER (WHERE micro < 0), 0) AS went
          FROM moved GROUP BY 1) of_months
 ORDER BY month DESC LIMIT {MONTHS}
"""  # noqa: S608  constants only
_LINES = f"""{_HERS},
     added AS (SELECT moved.*, sum(micro) OVER (ORDER BY at, id)::bigint AS balance FROM moved)
SELECT m.at, m.kind, m.key, m.micro, m.balance, coalesce(p.titles->>%(language)s, p.title, ''), coalesce(o.name, '')
  FROM added m
  LEFT JOIN LATERAL (SELECT a.kind, split_part(a.owner, ':', 2)::bigint AS whose
                       FROM ledger_leg l JOIN ledger_account a ON a.id = l.account_id
                      WHERE l.transfer_id = m.id AND a.kind IN ('batch_escrow', 'requester_funds')
                      ORDER BY l.amount_micro LIMIT 1) source ON true
  LEFT JOIN labelling_batch b ON source.kind = 'batch_escrow' AND b.id = source.whose
  LEFT JOIN labelling_project p ON p.id = b.project_id
  LEFT JOIN people_organisation o
         ON o.id = coalesce(p.organisation_id, CASE source.kind WHEN 'requester_funds' THEN source.whose END)
 WHERE m.at >= %(start)s AND m.at < %(end)s ORDER BY m.at, m.id
"""  # noqa: S608  constants only


@dataclass(frozen=True)
class Month:
    """`closing_micro`: what was hers at its end, being checked or available."""

    month: date
    in_micro: int
    out_micro: int
    closing_micro: int

    @property
    def opening_micro(self) -> int:
        return self.closing_micro - self.in_micro - self.out_micro


@dataclass(frozen=True)
class Line:
    """One movement. `payer` and `project` are empty where the money is not a requester's."""

    at: datetime
    kind: str
    key: str
    amount_micro: int
    balance_micro: int
    project: str
    payer: str


def months_of(worker: Worker) -> list[Month]:
    """The months in which money of hers moved, newest first."""
    return [Month(*row) for row in fetch(_MONTHS, _whose(worker))]


def month_of(worker: Worker, text: str) -> Month:
    """`text`: 2026-11. A month without a movement has none to state."""
    found = next((one for one in months_of(worker) if f"{one.month:%Y-%m}" == text), None)
    if found is None:
        raise DomainError(
            "There is no statement of {month}: choose a month in which money moved, for example 2026-11.",
            field="month",
            status=404,
            code="no_statement",
            said={"month": text[:20]},
        )
    return found


def lines_of(worker: Worker, month: date) -> list[Line]:
    """The movements of a month, oldest first."""
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    end = datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=UTC)
    asked = {"start": start, "end": end, "language": worker.person.language}
    return [Line(*row) for row in fetch(_LINES, _whose(worker) | asked)]


def _whose(worker: Worker) -> dict[str, str]:
    pending, available = pending_of(worker.pk), available_of(worker.pk)
    return {
        "pending": pending.kind,
        "available": available.kind,
        "owner": pending.owner,
        "currency": settings.CURRENCY,
    }
