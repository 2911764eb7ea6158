"""What anchoring asks of a chain."""

from dataclasses import dataclass
from typing import Protocol


class ChainError(Exception):
    """The chain could not be asked, or refused; the message says which call and why. Try again later."""


@dataclass(frozen=True)
class Receipt:
    tx_hash: str
    block_number: int
    block_hash: str
    succeeded: bool


class Chain(Protocol):
    def chain_id(self) -> int: ...

    def nonce(self, address: str, tag: str = "latest") -> int:
        """How many transactions of this sender are in the chain up to `tag` (latest or finalized)."""

    def fees(self) -> tuple[int, int]:
        """(max_fee_wei, tip_wei) that should be mined soon."""

    def send_raw(self, raw: bytes) -> None:
        """Hand over signed bytes. Repeating it is fine. Raises ChainError."""

    def receipt(self, tx_hash: str) -> Receipt | None: ...

    def finalized_number(self) -> int: ...

    def block_hash(self, number: int) -> str: ...

    def call(self, contract: str, data: str) -> bytes:
        """Result of a read-only call on the latest block."""
