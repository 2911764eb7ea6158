"""What a transfer is, before any database: accounts, legs, and the hash that makes a repeat recognisable. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from ledger.kinds import KIND_LABELS
from proofs.canonical_json import canonical_bytes

MAX_MICRO = 2**63 - 1


@dataclass(frozen=True, order=True)
class AccountRef:
    """An account by name: a kind of `ledger.kinds.KINDS` and whose it is, for example "worker:12"."""

    kind: str
    owner: str

    def __post_init__(self) -> None:
        if self.kind not in KIND_LABELS:
            raise ValueError(f"kind {self.kind!r} is not a kind of account: use one of {', '.join(KIND_LABELS)}.")
        if not self.owner:
            raise ValueError("owner is empty: name whose account it is, for example 'worker:12'.")

    @property
    def label(self) -> str:
        return f"{KIND_LABELS[self.kind]} ({self.owner})"


Leg = tuple[AccountRef, int]


@dataclass(frozen=True)
class Posted:
    """A transfer that stands in the ledger; `created` is False when it stood there before this call."""

    transfer_id: int
    created: bool


@dataclass(frozen=True)
class Transfer:
    """One movement of money between at least two accounts of one currency, summing to zero.

    key: idempotency key, unique for ever. kind: what happened, for statements ("earn", "settle" ...). legs: (account, amount in
    micro-units), credit positive; several legs of one account are added up and zeros dropped. note: commentary for people, not part of
    the body. Raises ValueError when the legs do not make a transfer.
    """

    key: str
    kind: str
    currency: str
    legs: Sequence[Leg]
    note: Mapping[str, Any] | None = None
    effective_at: datetime | None = None
    reverses_id: int | None = None
    amounts: dict[AccountRef, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "amounts", _added_up(self.legs))
        check_transfer(self)

    @cached_property
    def body_hash(self) -> bytes:
        """SHA-256 over what moves: kind, currency, amounts and the transfer reversed. Not the note, not the time."""
        legs = [[ref.kind, ref.owner, str(amount)] for ref, amount in sorted(self.amounts.items())]
        return hash_body(self.kind, self.currency, legs, self.reverses_id)


def hash_body(kind: str, currency: str, legs: list[list[str]], reverses_id: int | None) -> bytes:
    """legs: [account kind, owner, amount as text], sorted. Amounts are text because JSON readers lose integers over 53 bits."""
    return hashlib.sha256(
        canonical_bytes({"currency": currency, "kind": kind, "legs": legs, "reverses": reverses_id})
    ).digest()


def check_transfer(transfer: Transfer) -> None:
    """The same law as the database's, with better words."""
    amounts = transfer.amounts
    if not transfer.key or not transfer.kind:
        raise ValueError("A transfer needs a key and a kind.")
    if not (len(transfer.currency) == 3 and transfer.currency.isascii() and transfer.currency.isupper()):
        raise ValueError(
            f"currency {transfer.currency!r} is not a currency code: use three capital letters, for example KES."
        )
    if len(amounts) < 2:
        raise ValueError(f"Transfer {transfer.key!r} touches fewer than two accounts: leave it out, no money moves.")
    if total := sum(amounts.values()):
        raise ValueError(f"The legs of transfer {transfer.key!r} sum to {total}: they must sum to 0.")
    if max(map(abs, amounts.values())) > MAX_MICRO:
        raise ValueError(f"An amount of transfer {transfer.key!r} is over 2^63 micro-units: split it.")


def _added_up(legs: Sequence[Leg]) -> dict[AccountRef, int]:
    amounts: dict[AccountRef, int] = {}
    for ref, amount_micro in legs:
        if type(amount_micro) is not int:
            raise ValueError(f"amount {amount_micro!r} is not an integer: count money in whole micro-units.")
        amounts[ref] = amounts.get(ref, 0) + amount_micro
    return {ref: amount for ref, amount in amounts.items() if amount}
