"""The rails this installation uses: settings.PAYOUT_PROVIDERS, a dotted path each."""

from django.conf import settings
from django.utils.module_loading import import_string

from payouts.providers.base import Provider


def default_provider() -> str:
    """The rail of who names none: PAYOUT_PROVIDER, else the first of PAYOUT_PROVIDERS."""
    return settings.PAYOUT_PROVIDER or next(iter(settings.PAYOUT_PROVIDERS))


def get_provider(name: str) -> Provider:
    """Raises KeyError for a rail that is not configured. It is called what the setting calls it, as its orders are."""
    provider: Provider = import_string(settings.PAYOUT_PROVIDERS[name])()
    provider.name = name
    return provider
