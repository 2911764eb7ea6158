"""What counts as a second factor, and how its seed lies in the database."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator

from delivery.encryption import Seal

SEALED = "sealed:"
_seal = Seal("ilima second factor")


class MFAAdapter(DefaultMFAAdapter):
    """A passkey is a way in beside the one-time code, not a lock on top of it: a worker whose phone was stolen still comes in by
    a code. Only an authenticator app is a second factor."""

    def is_mfa_enabled(self, user, types=None) -> bool:
        asks_for_second_factor = types is not None and Authenticator.Type.TOTP in types
        return super().is_mfa_enabled(user, [Authenticator.Type.TOTP] if asks_for_second_factor else types)

    def encrypt(self, text: str) -> str:
        """Whoever reads the table alone makes no codes of it."""
        return SEALED + _seal.seal(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Seeds of before 2026-11-30 stand open until they are set up anew."""
        if not encrypted_text.startswith(SEALED):
            return encrypted_text
        return _seal.open(encrypted_text.removeprefix(SEALED).encode())
