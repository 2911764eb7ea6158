"""A key from the environment (ANCHOR_PRIVATE_KEY), for one machine. Larger houses add a KMS beside this file."""

from django.conf import settings
from eth_account import Account


class EnvKeySigner:
    def __init__(self) -> None:
        self._account = Account.from_key(settings.ANCHOR_PRIVATE_KEY)
        self.address: str = self._account.address

    def sign(self, transaction: dict) -> bytes:
        return bytes(self._account.sign_transaction(transaction).raw_transaction)
