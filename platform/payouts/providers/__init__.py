"""The rails this installation uses: settings.PAYOUT_PROVIDERS, a dotted path each."""

from django.conf import settings
from django.utils.module_loading import import_string

from payouts.providers.base import Provider


def get_provider(name: str) -> Provider:
    """Raises KeyError for a rail that is not configured."""
    provider = import_string(settings.PAYOUT_PROVIDERS[name])()
    return provider
