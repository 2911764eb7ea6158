"""post() and post_many(): the only writers of the ledger.

One SQL statement for one transfer or for five hundred: `ledger_post` locks the accounts (made when new), looks for the keys and the
money, writes transfers and legs (a trigger adds the legs to the balances). Accounts are locked in ascending id and stay locked until
the transaction ends, so post last, and once, in a transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import orjson
from django.db import IntegrityError, connection, transaction

from kernel.sql import fetch
from ledger.errors import AlreadyReversed, InsufficientFunds, KeyConflict, LedgerError
from ledger.kinds import NEVER_NEGATIVE
from ledger.models import Transfer as StoredTransfer
from ledger.reading import Line, balance, balances, lines, movements, trial_balance
from ledger.transfers import AccountRef, Leg, Posted, Transfer

__all__ = [
    "AccountRef", "AlreadyReversed", "InsufficientFunds", "KeyConflict", "LedgerError", "Leg", "Line", "Posted", "Transfer",
    "balance", "balances", "lines", "locked", "movements", "post", "post_many", "reverse", "trial_balance",
]  # fmt: skip

# The columns come as one JSON text: the driver writes arrays value by value, which cost as much as making the transfers.
_COLUMNS = {
    "account_kinds": "text", "owners": "text", "account_currencies": "text", "never_negative": "text",
    "keys": "text", "kinds": "text", "currencies": "text", "body_hashes": "bytea", "notes": "jsonb", "effective": "timestamptz",
    "reversed": "bigint", "leg_transfers": "int", "leg_accounts": "int", "amounts_micro": "bigint",
}  # fmt: skip
_ARRAYS = ", ".join(f"{name} {kind}[]" for name, kind in _COLUMNS.items())
_POST = f"""
SELECT p.outcome, p.key, p.id, p.body_hash, p.account, p.short_micro
  FROM jsonb_to_record(%s::jsonb) AS sent({_ARRAYS}), ledger_post({", ".join(f"{name} => sent.{name}" for name in _COLUMNS)}) p
"""  # noqa: S608  constants only

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
        stored, made = _write(by_key)
        new = {key: transfer for key, transfer in by_key.items() if key not in stored}
        if stored and new:
            _, made = _write(new)
    return [_posted(transfer.key, stored, made) for transfer in wanted]


_LOCK = "SELECT kind, owner, balance_micro FROM ledger_lock_accounts(%s::text[], %s::text[], %s::text[])"


def locked(refs: Iterable[AccountRef], currency: str) -> dict[AccountRef, int]:
    """The balances of accounts, locked until the caller's transaction ends: for a transfer whose amounts depend on them.

    Name every account that the transfer will touch, all in one call: accounts locked in two turns could wait for each other.
    """
    wanted = sorted(set(refs))
    found = fetch(_LOCK, [[ref.kind for ref in wanted], [ref.owner for ref in wanted], [currency] * len(wanted)])
    return {AccountRef(kind, owner): micro for kind, owner, micro in found}


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


def _write(by_key: Mapping[str, Transfer]) -> tuple[dict[str, int], dict[str, int]]:
    """({key: id} of those that stand already, {key: id} of those made): when one stands, none is made.

    Contenders with one body wait for each other at the account locks, so what the statement sees is final.
    """
    transfers = [transfer for _, transfer in sorted(by_key.items())]
    accounts = sorted({(ref, transfer.currency) for transfer in transfers for ref in transfer.amounts})
    try:
        rows = fetch(_POST, [orjson.dumps(_columns(transfers, accounts)).decode()])
    except IntegrityError as error:
        raise _in_words(error, transfers) from error
    for outcome, key, _, body_hash, place, short_micro in rows:
        if outcome == "short":
            ref, currency = accounts[place - 1]
            raise InsufficientFunds(ref, short_micro, currency)
        if outcome == "stands" and bytes(body_hash) != by_key[key].body_hash:
            raise KeyConflict(key)
    ids = {key: pk for _, key, pk, *_ in rows}
    return (ids, {}) if rows[0][0] == "stands" else ({}, ids)


def _columns(transfers: Sequence[Transfer], accounts: Sequence[_AccountKey]) -> dict[str, list]:
    """The accounts, the transfers, and their legs as (place of the transfer, place of the account, amount); places count from 1."""
    place = {account: number for number, account in enumerate(accounts, 1)}
    legs = [
        (number, place[ref, transfer.currency], amount_micro)
        for number, transfer in enumerate(transfers, 1)
        for ref, amount_micro in transfer.amounts.items()
    ]
    return {
        "account_kinds": [ref.kind for ref, _ in accounts],
        "owners": [ref.owner for ref, _ in accounts],
        "account_currencies": [currency for _, currency in accounts],
        "never_negative": list(NEVER_NEGATIVE),
        "keys": [t.key for t in transfers],
        "kinds": [t.kind for t in transfers],
        "currencies": [t.currency for t in transfers],
        "body_hashes": ["\\x" + t.body_hash.hex() for t in transfers],
        "notes": [t.note or {} for t in transfers],
        "effective": [t.effective_at for t in transfers],
        "reversed": [t.reverses_id for t in transfers],
        "leg_transfers": [leg[0] for leg in legs],
        "leg_accounts": [leg[1] for leg in legs],
        "amounts_micro": [leg[2] for leg in legs],
    }


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
