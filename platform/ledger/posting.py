"""post() and post_many(): the only writers of the ledger.

Three SQL statements for one transfer or for five hundred: lock the accounts (made when new), look for the keys, write transfers and legs
(a trigger adds the legs to the balances). Accounts are locked in ascending id and stay locked until the transaction ends, so post last,
and once, in a transaction.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from ledger.errors import AlreadyReversed, InsufficientFunds, KeyConflict, LedgerError
from ledger.kinds import NEVER_NEGATIVE
from ledger.models import Transfer as StoredTransfer
from ledger.reading import Line, balance, balances, lines, movements, trial_balance
from ledger.sql import fetch
from ledger.transfers import AccountRef, Leg, Posted, Transfer

__all__ = [
    "AccountRef", "AlreadyReversed", "InsufficientFunds", "KeyConflict", "LedgerError", "Leg", "Line", "Posted", "Transfer",
    "balance", "balances", "lines", "movements", "post", "post_many", "reverse", "trial_balance",
]  # fmt: skip

_LOCK = "SELECT id, kind, owner, currency, balance_micro FROM ledger_lock_accounts(%s::text[], %s::text[], %s::text[])"

_WRITE = """
WITH body AS (
    SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bytea[], %s::jsonb[], %s::timestamptz[], %s::bigint[])
             AS b(key, kind, currency, body_hash, note, effective_at, reverses_id)
), made AS (
    INSERT INTO ledger_transfer (key, kind, currency, body_hash, note, effective_at, reverses_id)
    SELECT key, kind, currency, body_hash, note, coalesce(effective_at, now()), reverses_id FROM body ORDER BY key
    RETURNING id, key
), written AS (
    INSERT INTO ledger_leg (transfer_id, account_id, amount_micro)
    SELECT made.id, leg.account_id, leg.amount_micro
      FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS leg(key, account_id, amount_micro) JOIN made USING (key)
)
SELECT key, id FROM made
"""

_AccountKey = tuple[AccountRef, str]  # the account and its currency


def post(
    key: str,
    kind: str,
    currency: str,
    legs: Sequence[Leg],
    note: Mapping[str, Any] | None = None,
    effective_at: datetime | None = None,
) -> Posted:
    """Post one transfer. See post_many() for the errors."""
    return post_many([Transfer(key, kind, currency, legs, note, effective_at)])[0]


def post_many(transfers: Iterable[Transfer]) -> list[Posted]:
    """Post all of them or none; the answer has their order.

    A key that stands with the same body gives the stored transfer (created=False). Raises KeyConflict when it stands with another body,
    InsufficientFunds when a never-negative account would fall below zero, AlreadyReversed for a second reversal. After InsufficientFunds
    (and nearly every KeyConflict) the caller's transaction can go on.
    """
    wanted = list(transfers)
    by_key = _distinct(wanted)
    if not by_key:
        return []
    with _in_a_transaction():
        accounts = _lock_accounts(by_key.values())
        stored = _stored(by_key)
        new = [transfer for key, transfer in sorted(by_key.items()) if key not in stored]
        _check_funds(new, accounts)
        made = _write(new, accounts) if new else {}
    return [_posted(transfer.key, stored, made) for transfer in wanted]


def reverse(transfer_id: int, key: str, note: Mapping[str, Any] | None = None) -> Posted:
    """Undo a transfer by posting its mirror image. Raises AlreadyReversed, InsufficientFunds, KeyConflict."""
    original = StoredTransfer.objects.get(pk=transfer_id)
    legs = [
        (AccountRef(leg.account.kind, leg.account.owner), -leg.amount_micro)
        for leg in original.legs.select_related("account")
    ]
    mirror = Transfer(key, f"reverse {original.kind}"[:40], original.currency, legs, note, reverses_id=transfer_id)
    return post_many([mirror])[0]


@contextmanager
def _in_a_transaction() -> Iterator[None]:
    """The caller's transaction when there is one: a refusal must leave it usable, which atomic(savepoint=False) would not."""
    if connection.in_atomic_block:
        yield
    else:
        with transaction.atomic():
            yield


def _distinct(transfers: Sequence[Transfer]) -> dict[str, Transfer]:
    by_key: dict[str, Transfer] = {}
    for transfer in transfers:
        if by_key.setdefault(transfer.key, transfer).body_hash != transfer.body_hash:
            raise KeyConflict(transfer.key)
    return by_key


def _lock_accounts(transfers: Iterable[Transfer]) -> dict[_AccountKey, tuple[int, int]]:
    """{account: (id, balance)} of every account touched, locked in ascending id; missing ones are made."""
    wanted = sorted({(ref, transfer.currency) for transfer in transfers for ref in transfer.amounts})
    names = [ref.kind for ref, _ in wanted], [ref.owner for ref, _ in wanted], [currency for _, currency in wanted]
    return {(AccountRef(kind, owner), cur): (pk, now) for pk, kind, owner, cur, now in fetch(_LOCK, names)}


def _stored(by_key: Mapping[str, Transfer]) -> dict[str, int]:
    """{key: id} of those that stand already. Contenders with one body wait for each other at the account locks, so this look is final."""
    rows = fetch("SELECT key, id, body_hash FROM ledger_transfer WHERE key = ANY(%s)", [list(by_key)])
    for key, _, body_hash in rows:
        if bytes(body_hash) != by_key[key].body_hash:
            raise KeyConflict(key)
    return {key: pk for key, pk, _ in rows}


def _check_funds(new: Sequence[Transfer], accounts: Mapping[_AccountKey, tuple[int, int]]) -> None:
    change: Counter[_AccountKey] = Counter()
    for transfer in new:
        for ref, amount_micro in transfer.amounts.items():
            change[ref, transfer.currency] += amount_micro
    for (ref, currency), amount_micro in change.items():
        after_micro = accounts[ref, currency][1] + amount_micro
        if after_micro < 0 and ref.kind in NEVER_NEGATIVE:
            raise InsufficientFunds(ref, -after_micro, currency)


def _write(new: Sequence[Transfer], accounts: Mapping[_AccountKey, tuple[int, int]]) -> dict[str, int]:
    legs = [(t.key, accounts[ref, t.currency][0], amount) for t in new for ref, amount in t.amounts.items()]
    columns = [
        [t.key for t in new],
        [t.kind for t in new],
        [t.currency for t in new],
        [t.body_hash for t in new],
        [json.dumps(t.note or {}) for t in new],
        [t.effective_at for t in new],
        [t.reverses_id for t in new],
        *(list(column) for column in zip(*legs, strict=True)),
    ]
    try:
        return dict(fetch(_WRITE, columns))
    except IntegrityError as error:
        raise _in_words(error, new) from error


def _in_words(error: IntegrityError, new: Sequence[Transfer]) -> Exception:
    """The unique keys are the law; these two are the races that a look beforehand cannot see."""
    said = str(error)
    for transfer in new:
        if f"Key (key)=({transfer.key}) already exists" in said:
            return KeyConflict(transfer.key)
        if transfer.reverses_id and f"Key (reverses_id)=({transfer.reverses_id}) already exists" in said:
            return AlreadyReversed(transfer.reverses_id)
    return error


def _posted(key: str, stored: dict[str, int], made: Mapping[str, int]) -> Posted:
    """A key twice in one call was created by its first mention only."""
    if key in stored:
        return Posted(stored[key], created=False)
    stored[key] = made[key]
    return Posted(made[key], created=True)
