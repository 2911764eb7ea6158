"""What counts as a second factor."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator


class MFAAdapter(DefaultMFAAdapter):
    """A passkey is a way in beside the one-time code, not a lock on top of it: a worker whose phone was stolen still comes in by
    a code. Only an authenticator app is a second factor."""

    def is_mfa_enabled(self, user, types=None) -> bool:
        asks_for_second_factor = types is not None and Authenticator.Type.TOTP in types
        return super().is_mfa_enabled(user, [Authenticator.Type.TOTP] if asks_for_second_factor else types)
