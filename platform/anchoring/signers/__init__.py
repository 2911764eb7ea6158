"""Signers of transactions, one file each; settings.SIGNER_CLASS names the one in use."""

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Signer(Protocol):
    address: str

    def sign(self, transaction: dict) -> bytes:
        """Signed raw bytes of an EIP-1559 transaction. The key holds money for gas and nothing else."""


def get_signer() -> Signer:
    return import_string(settings.SIGNER_CLASS)()
