"""Why the ledger refused. In each case nothing was posted."""

from kernel.money import to_text
from ledger.transfers import AccountRef


class LedgerError(Exception):
    """Base of all refusals."""


class KeyConflict(LedgerError):
    """The key is taken by a transfer with another body."""

    def __init__(self, key: str):
        self.key = key
        super().__init__(f"The key {key!r} was already used for another transfer: use a new key for a new transfer.")


class InsufficientFunds(LedgerError):
    """An account that may not go below zero would."""

    def __init__(self, account: AccountRef, short_micro: int, currency: str):
        self.account, self.short_micro, self.currency = account, short_micro, currency
        super().__init__(
            f"There is not enough money in {account.label}: {to_text(short_micro, currency, places=6)} is missing."
        )


class AlreadyReversed(LedgerError):
    """A transfer can be reversed once."""

    def __init__(self, transfer_id: int):
        super().__init__(f"Transfer {transfer_id} is already reversed; a reversal cannot be repeated.")
