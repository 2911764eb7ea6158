"""Deployment law: with DEBUG off, no secret may be the one that is printed in this repository."""

from django.conf import settings
from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured

from payouts.checks import check_rails

_DEMO_VALUES = {
    "SECRET_KEY": settings.DEMO_SECRET_KEY,
    "RECEIPT_SIGNING_KEY": settings.DEMO_SIGNING_KEY,
    "RAIL_SECRET": "demo-rail-secret",
    "ANCHOR_PRIVATE_KEY": "0x" + "22" * 32,
}


@register(deploy=False)
def check_no_demo_secrets(app_configs, **kwargs) -> list[Error]:
    """E001: a demo secret in production. An Error stops every management command."""
    if settings.DEBUG or settings.TESTING:
        return []
    return [
        Error(f"{name} is the demo's: set {name} in the environment to a secret of your own.", id="ilima.E001")
        for name, demo in _DEMO_VALUES.items()
        if getattr(settings, name) == demo
    ]


def refuse_demo_secrets(**kwargs) -> None:
    """Raises ImproperlyConfigured. For processes that run no system checks as they start: the web server, Celery."""
    if found := [*check_no_demo_secrets(None), *check_rails(None)]:
        raise ImproperlyConfigured(" ".join(error.msg for error in found))


def refuse_without_static() -> None:
    """Raises ImproperlyConfigured. For the web server: without the collected files every page would fail."""
    if settings.DEBUG or settings.TESTING or (settings.STATIC_ROOT / "staticfiles.json").exists():
        return
    raise ImproperlyConfigured(
        f"The pages' files are not in {settings.STATIC_ROOT}: run manage.py collectstatic first."
    )
