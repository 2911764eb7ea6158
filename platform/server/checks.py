"""Deployment law: with DEBUG off, no secret may be the one that is printed in this repository."""

import os

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
def check_doors(app_configs, **kwargs) -> list[Error]:
    """E002: one secret for two things. E003: roles that move others' money without a second factor."""
    if settings.DEBUG or settings.TESTING:
        return []
    found = []
    if {settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS} & set(settings.DESTINATION_KEYS):
        found.append(
            Error(
                "DESTINATION_KEYS seals phone numbers and webhook secrets: set it to a secret of its own, not SECRET_KEY.",
                hint="What is sealed already opens with the old key: list the new one first, the old one after it.",
                id="ilima.E002",
            )
        )
    if not settings.SECOND_FACTOR_REQUIRED:
        found.append(
            Error("SECOND_FACTOR_REQUIRED may be off in a demo only: leave it out of the environment.", id="ilima.E003")
        )
    return found


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


@register(deploy=False)
def check_messages(app_configs, **kwargs) -> list[Error]:
    """E004: codes that nobody would get. A sign-in by code is a letter or a text message."""
    if settings.DEBUG or settings.TESTING or settings.ALLOW_FILE_MESSAGES:
        return []
    found = [
        ("E-mails", "EMAIL_URL", settings.EMAIL_BACKEND, "filebased"),
        ("Text messages", "SMS_BACKEND=people.sms.http.HttpBackend and SMS_URL", settings.SMS_BACKEND, "sms.file"),
    ]
    return [
        Error(
            f"{what} would be files on this machine: set {names}, or ALLOW_FILE_MESSAGES=1 if they shall be.",
            id="ilima.E004",
        )
        for what, names, backend, file in found
        if file in backend
    ]


@register(deploy=False)
def check_addresses(app_configs, **kwargs) -> list[Error]:
    """E005: the demo's addresses in production: links in letters and pictures on phones would lead to nowhere."""
    if settings.DEBUG or settings.TESTING:
        return []
    names = [name for name in ("PUBLIC_URL", "MEDIA_ORIGIN") if name not in os.environ]
    return [Error(f"{name} is not set: say where people find this, https://...", id="ilima.E005") for name in names]


def refuse_demo_secrets(**kwargs) -> None:
    """Raises ImproperlyConfigured. For processes that run no system checks as they start: the web server, Celery."""
    checks = (check_no_demo_secrets, check_doors, check_rails, check_messages, check_addresses)
    if found := [error for check in checks for error in check(None)]:
        raise ImproperlyConfigured(" ".join(error.msg for error in found))


def refuse_without_static() -> None:
    """Raises ImproperlyConfigured. For the web server: without the collected files every page would fail."""
    if settings.DEBUG or settings.TESTING or (settings.STATIC_ROOT / "staticfiles.json").exists():
        return
    raise ImproperlyConfigured(
        f"The pages' files are not in {settings.STATIC_ROOT}: run manage.py collectstatic first."
    )
