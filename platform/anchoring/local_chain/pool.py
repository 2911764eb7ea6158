"""Transactions that wait to be mined, with geth's rules for nonces and for replacing one that is stuck."""

from collections.abc import Callable

REPLACEMENT_PERCENT = 110


class PoolError(ValueError):
    """The node's refusal of a transaction."""


class Pool:
    def __init__(self) -> None:
        self._waiting: dict[tuple[bytes, int], tuple] = {}  # (sender, nonce) -> (transaction, raw)
        self.min_tip_wei = 0  # what the block builder asks; raise it to make a cheap transaction stick

    def add(self, transaction, raw: bytes) -> None:
        """Raises PoolError for one that is here already, or that replaces another without paying a tenth more."""
        place = (transaction.sender, transaction.nonce)
        waiting = self._waiting.get(place)
        if waiting and waiting[1] == raw:
            raise PoolError("already known")
        if waiting and not _pays_more(transaction, waiting[0]):
            raise PoolError("replacement transaction underpriced")
        self._waiting[place] = (transaction, raw)

    def remove(self, transaction) -> None:
        self._waiting.pop((transaction.sender, transaction.nonce), None)

    def raw(self, transaction) -> bytes:
        return self._waiting[(transaction.sender, transaction.nonce)][1]

    def find(self, tx_hash: bytes):
        return next((tx for tx, _ in self._waiting.values() if tx.hash == tx_hash), None)

    def executable(self, nonce_of: Callable[[bytes], int], base_fee_wei: int) -> list:
        """Per sender, the run of nonces from the account's own on, as far as the fees suffice."""
        ready = []
        for sender in sorted({sender for sender, _ in self._waiting}):
            nonce = nonce_of(sender)
            while (entry := self._waiting.get((sender, nonce))) and self._pays_enough(entry[0], base_fee_wei):
                ready.append(entry[0])
                nonce += 1
        return ready

    def pending_nonce(self, sender: bytes, nonce: int) -> int:
        while (sender, nonce) in self._waiting:
            nonce += 1
        return nonce

    def _pays_enough(self, transaction, base_fee_wei: int) -> bool:
        tip = min(transaction.max_priority_fee_per_gas, transaction.max_fee_per_gas - base_fee_wei)
        return tip >= self.min_tip_wei


def _pays_more(new, old) -> bool:
    return (
        new.max_fee_per_gas * 100 >= old.max_fee_per_gas * REPLACEMENT_PERCENT
        and new.max_priority_fee_per_gas * 100 >= old.max_priority_fee_per_gas * REPLACEMENT_PERCENT
    )
