"""With DEBUG off money must be real: the rail to practise on is refused, unless somebody asks for it by name."""

from django.conf import settings
from django.core.checks import Error, register

from payouts.providers import default_provider, get_provider


@register(deploy=False)
def check_rails(app_configs, **kwargs) -> list[Error]:
    """E010: a default rail that is none. E011: practice in production. An Error stops every management command."""
    if default_provider() not in settings.PAYOUT_PROVIDERS:
        known = ", ".join(settings.PAYOUT_PROVIDERS)
        return [Error(f"PAYOUT_PROVIDER is {default_provider()!r}: choose one of {known}.", id="ilima.E010")]
    practice = [name for name in settings.PAYOUT_PROVIDERS if get_provider(name).practice]
    if not practice or settings.DEBUG or settings.TESTING or settings.ALLOW_PRACTICE_RAIL:
        return []
    return [
        Error(
            f"The rail {practice[0]!r} only practises: name a real one in PAYOUT_PROVIDERS, or set ALLOW_PRACTICE_RAIL=1 "
            "if no real money shall move here.",
            id="ilima.E011",
        )
    ]
