"""What a payment rail must be able to do, and the few things it may say. Adding a rail is adding one class (docs/guides/add_a_rail.md).

The rule behind all of it: a timeout, a dropped line, a 429 or a 5xx says nothing about the money. That is `Unknown`, and only
`look_up` ends it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Order:
    """What the rail is asked for: pay `destination` (a payout) or take from it (a charge). `reference` was fixed before the first try."""

    kind: str  # "payout" or "charge"
    reference: str
    amount_micro: int
    currency: str
    destination: str


@dataclass(frozen=True)
class Accepted:
    """The rail has taken the order. It has not said how it ends."""


@dataclass(frozen=True)
class Refused:
    """Conclusive: the rail has not done it and never will under this reference."""

    code: str


@dataclass(frozen=True)
class Unknown:
    """Nobody can tell whether money moved."""

    reason: str


@dataclass(frozen=True)
class Pending:
    """The rail knows the order and has not finished it."""


@dataclass(frozen=True)
class Paid:
    """Money moved: `moved_micro` of it, for a charge of `fee_micro`."""

    receipt: str
    moved_micro: int
    fee_micro: int = 0


@dataclass(frozen=True)
class Failed:
    """Conclusive, as far as the rail can tell: no money moved."""

    code: str


@dataclass(frozen=True)
class Reversed:
    """Money moved and came back: all of it, or `back_micro` of it so far, in one part or in several."""

    receipt: str
    moved_micro: int
    fee_micro: int = 0
    back_micro: int | None = None

    @property
    def returned_micro(self) -> int:
        return self.moved_micro if self.back_micro is None else min(self.back_micro, self.moved_micro)


@dataclass(frozen=True)
class NotFound:
    """The rail has never heard of the reference."""


Ack = Accepted | Refused | Unknown
Outcome = Pending | Paid | Failed | Reversed | NotFound | Unknown


@dataclass(frozen=True)
class Entry:
    """A line of the rail's statement: what the order of `reference` did to our wallet there (+ in, - out)."""

    reference: str
    kind: str
    currency: str
    wallet_micro: int


@dataclass(frozen=True)
class Limits:
    """unit_micro: the rail pays multiples of it. min, max: of one order."""

    unit_micro: int
    min_micro: int
    max_micro: int


class BadCallback(Exception):
    """The callback is not from the rail, too old, or not to be read."""


class Provider(ABC):
    name: str  # what the setting calls it: its orders are stored under this name
    repeat_safe: bool  # the rail promises that one reference is carried out at most once, so that asking again is safe
    practice: bool = (
        False  # moves no real money: refused with DEBUG off, unless ALLOW_PRACTICE_RAIL asks for it (checks.py)
    )
    signature_headers: tuple[str, ...] = ()  # in which its callbacks are signed, small letters: kept with them

    @abstractmethod
    def limits(self, currency: str) -> Limits: ...

    @abstractmethod
    def submit(self, order: Order) -> Ack: ...

    @abstractmethod
    def look_up(self, reference: str) -> Outcome: ...

    @abstractmethod
    def parse_callback(self, headers: Mapping[str, str], raw: bytes) -> list[str]:
        """The references a genuine callback speaks of; raises BadCallback. What it says of them is only a hint: look them up."""

    @abstractmethod
    def statement(self) -> Iterator[Entry]:
        """Every entry of the rail's own books, oldest first."""
