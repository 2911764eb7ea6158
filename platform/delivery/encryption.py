"""Secrets at rest: encrypted with a key of their own for each purpose, opened only to use them.

Keys: settings.DESTINATION_KEYS, newest first (any text; each is stretched to a Fernet key). Old keys still open, new ones seal.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


class Seal:
    def __init__(self, purpose: str):
        self.purpose = purpose

    def seal(self, plain: str) -> bytes:
        return self._box().encrypt(plain.encode())

    def open(self, sealed: bytes) -> str:
        return self._box().decrypt(sealed).decode()

    def _box(self) -> MultiFernet:
        return MultiFernet([Fernet(self._stretched(key)) for key in settings.DESTINATION_KEYS])

    def _stretched(self, key: str) -> bytes:
        return base64.urlsafe_b64encode(hashlib.sha256(f"{self.purpose}:{key}".encode()).digest())


class SealedField(models.TextField):
    """Text that stands sealed in the table and open in Python. Nothing stays nothing; it cannot be searched for."""

    seal = Seal("ilima webhook secret")

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return self.seal.seal(value).decode() if value else value

    def from_db_value(self, value, expression, connection):
        return self.seal.open(value.encode()) if value else value
