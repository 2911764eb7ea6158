"""Close a period: everything in the ledger that no statement has yet, and every offer and decision not yet fixed."""

import secrets
from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from anchoring.actions.find_commitments import find_commitments
from anchoring.models import Commitment, Period, Statement, StatementLine
from kernel.locks import lock_until_commit
from ledger import clock, kinds
from ledger.hash_chain import head
from proofs import MerkleTree, build_header, build_statement, commitment_leaf, header_hash, statement_leaf
from proofs.headers import EMPTY_ROOT, GENESIS

WALLET = (kinds.WORKER_PENDING, kinds.WORKER_AVAILABLE)
# No transaction lives this long, so whatever was not committed by then never will be.
LONGEST_TRANSACTION = timedelta(hours=1)

# One statement, so one snapshot: the lines and the balances that they must add up to belong together.
_WAITING = """
SELECT substr(a.owner, 8)::bigint AS worker_id, a.currency, t.id, t.key, t.kind, sum(l.amount_micro)::bigint,
       (SELECT sum(b.balance_micro) FROM ledger_account b
         WHERE b.owner = a.owner AND b.currency = a.currency AND b.kind = ANY(%(wallet)s))::bigint,
       max(l.id), t.created_at
  FROM ledger_leg l JOIN ledger_account a ON a.id = l.account_id JOIN ledger_transfer t ON t.id = l.transfer_id
 WHERE a.kind = ANY(%(wallet)s) AND l.id > %(floor)s
   AND NOT EXISTS (SELECT 1 FROM anchoring_statementline s
                    WHERE s.transfer_id = t.id AND s.worker_id = substr(a.owner, 8)::bigint)
 GROUP BY a.owner, a.currency, t.id
 ORDER BY a.owner, a.currency, t.id
"""


class BooksDisagree(Exception):
    """A worker's statements do not add up to her wallet. Nothing was closed; the ledger must be looked at."""


@transaction.atomic
def close_period(day: date | None = None) -> Period | None:
    """The new period, or None when nothing happened since the last. Raises BooksDisagree."""
    lock_until_commit("anchoring.close_period")
    last = Period.objects.order_by("-number").first()
    now = clock.now()
    wallets, leg_floor = _read_wallets(last.leg_floor if last else 0, now)
    commitments = find_commitments(last.closed_at - LONGEST_TRANSACTION if last else None)
    if not wallets and not commitments:
        return None
    number = last.number + 1 if last else 0
    openings = _read_openings()
    statements = [_state(number, owner, openings.get(owner, 0), *found) for owner, found in wallets.items()]
    header = build_header(
        number=number,
        day=(day or now.date()).isoformat(),
        prev=last.header_hash if last else GENESIS,
        statements_root=_root([bytes.fromhex(statement.leaf) for statement, _ in statements]),
        statement_count=len(statements),
        commitments_root=_root([commitment_leaf(c.kind, c.reference, c.document_hash) for c in commitments]),
        commitment_count=len(commitments),
        ledger_head=head().hex(),
    )
    period = _save_period(header, leg_floor, now)
    _save_statements(period, statements)
    for commitment in commitments:
        commitment.period = period
    Commitment.objects.bulk_create(commitments, batch_size=1000)
    return period


def _read_wallets(floor: int, now: datetime) -> tuple[dict, int]:
    """({(worker id, currency): (lines, balance_micro)}, the floor for the next period)."""
    wallets: dict = defaultdict(lambda: ([], 0))
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"wallet": list(WALLET), "floor": floor})
        for worker_id, currency, transfer, key, kind, amount_micro, balance_micro, leg, created_at in cursor.fetchall():
            lines, _ = wallets[worker_id, currency]
            lines.append({"transfer_id": transfer, "key": key, "kind": kind, "amount_micro": amount_micro})
            wallets[worker_id, currency] = (lines, balance_micro)
            if created_at < now - LONGEST_TRANSACTION:
                floor = max(floor, leg)
    return dict(wallets), floor


def _read_openings() -> dict[tuple[int, str], int]:
    """The balance of each wallet's last statement."""
    last = Statement.objects.order_by("worker_id", "currency", "-period__number").distinct("worker_id", "currency")
    return {
        (worker_id, currency): micro
        for worker_id, currency, micro in last.values_list("worker_id", "currency", "balance_micro")
    }


def _state(number: int, owner: tuple[int, str], opening_micro: int, lines: list[dict], balance_micro: int) -> tuple:
    """An unsaved statement and its lines."""
    worker_id, currency = owner
    document = build_statement(
        period=number,
        pseudonym=secrets.token_hex(32),
        currency=currency,
        opening_micro=opening_micro,
        lines=lines,
        salt=secrets.token_hex(32),
    )
    if document["balance_micro"] != balance_micro:
        raise BooksDisagree(
            f"Worker {worker_id}: statements end at {document['balance_micro']} {currency}, the wallet holds {balance_micro}."
        )
    fields = ("currency", "pseudonym", "salt", "opening_micro", "earned_micro", "paid_micro", "balance_micro")
    leaf = statement_leaf(document).hex()
    return Statement(worker_id=worker_id, leaf=leaf, **{name: document[name] for name in fields}), lines


def _root(leaves: list[bytes]) -> str:
    return MerkleTree(leaves).root.hex() if leaves else EMPTY_ROOT


def _save_period(header: dict, leg_floor: int, now: datetime) -> Period:
    names = ("number", "day", "statements_root", "statement_count", "commitments_root", "commitment_count")
    copied = {name: header[name] for name in names} | {"day": date.fromisoformat(header["day"])}
    return Period.objects.create(
        **copied, header=header, header_hash=header_hash(header), leg_floor=leg_floor, closed_at=now
    )


def _save_statements(period: Period, statements: list[tuple]) -> None:
    for statement, _ in statements:
        statement.period = period
    Statement.objects.bulk_create([statement for statement, _ in statements], batch_size=1000)
    lines = [
        StatementLine(statement=statement, worker_id=statement.worker_id, **line)
        for statement, found in statements
        for line in found
    ]
    StatementLine.objects.bulk_create(lines, batch_size=2000)
