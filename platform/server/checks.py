"""Deployment law: with DEBUG off, no secret may be the one that is printed in this repository."""

import os
from urllib.parse import urlsplit

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


SECRETS = ("SECRET_KEY", "RAIL_SECRET", "METRICS_TOKEN", "LINK_KEY")
MIN_SECRET = 32  # signs: of base64's 64, or of hexadecimal digits, 128 bits at least


@register(deploy=False)
def check_lengths(app_configs, **kwargs) -> list[Error]:
    """E006: a secret that somebody could have typed. Keys are stretched by one hash only: they must be random."""
    if settings.DEBUG or settings.TESTING:
        return []
    values = [(name, getattr(settings, name)) for name in SECRETS]
    values += [("DESTINATION_KEYS", key) for key in settings.DESTINATION_KEYS]
    known = {
        *_DEMO_VALUES.values(),
        *settings.DESTINATION_KEYS,
    }  # said by E001; and LINK_KEY is one of these where it has no own
    short = {
        name
        for name, value in values
        if value and len(value) < MIN_SECRET and (name == "DESTINATION_KEYS" or value not in known)
    }
    return [
        Error(f"{name} is too short for a key: take {MIN_SECRET} random signs or more.", id="ilima.E006")
        for name in sorted(short)
    ]


@register(deploy=False)
def check_lines(app_configs, **kwargs) -> list[Error]:
    """E007: what lies in the database and Redis would go over a network that anybody may read, to whoever answers there."""
    if settings.DEBUG or settings.TESTING or settings.PRIVATE_NETWORK:
        return []
    database, found = settings.DATABASES["default"], []
    if not _is_here(database.get("HOST", "")) and database.get("OPTIONS", {}).get("sslmode") != "verify-full":
        found.append(("DATABASE_URL", "?sslmode=verify-full&sslrootcert=system"))
    for name, url in (("REDIS_URL", settings.REDIS_URL), ("ILIMA_BROKER_URL", settings.CELERY_BROKER_URL)):
        parts = urlsplit(url)
        if parts.scheme == "redis" and not _is_here(parts.hostname or ""):
            found.append((name, "rediss://"))
    return [
        Error(
            f"{name} leads over a network in clear: take {how}, or say PRIVATE_NETWORK=1 where the line is yours alone.",
            id="ilima.E007",
        )
        for name, how in found
    ]


def _is_here(host: str) -> bool:
    return host in ("", "localhost", "127.0.0.1", "::1") or host.startswith("/")


def refuse_demo_secrets(**kwargs) -> None:
    """Raises ImproperlyConfigured. For processes that run no system checks as they start: the web server, Celery."""
    checks = (
        check_no_demo_secrets,
        check_doors,
        check_rails,
        check_messages,
        check_addresses,
        check_lengths,
        check_lines,
    )
    if found := [error for check in checks for error in check(None)]:
        raise ImproperlyConfigured(" ".join(error.msg for error in found))


def refuse_without_static() -> None:
    """Raises ImproperlyConfigured. For the web server: without the collected files every page would fail."""
    if settings.DEBUG or settings.TESTING or (settings.STATIC_ROOT / "staticfiles.json").exists():
        return
    raise ImproperlyConfigured(
        f"The pages' files are not in {settings.STATIC_ROOT}: run manage.py collectstatic first."
    )
