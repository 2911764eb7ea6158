"""A password is taken as it was typed, and holds no name that a guesser tries first here."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

OURS = ("ilima",)
MIN_LENGTH = 4  # of a part of our host's name: a shorter one is in many a good phrase


class NoNameOfOurs:
    """A validator of AUTH_PASSWORD_VALIDATORS (ASVS 6.1.2, 6.2.11). Common passwords and the person's own names have theirs."""

    def validate(self, password: str, user=None) -> None:
        said = password.casefold()
        if any(name in said for name in names()):
            raise ValidationError(self.get_help_text(), code="password_holds_our_name")

    def get_help_text(self) -> str:
        return _("Your password can't hold the name of this site: that is guessed first.")


def names() -> set[str]:
    parts = (urlsplit(settings.PUBLIC_URL).hostname or "").split(".")[:-1]  # not "example", but not "org" either
    return {*OURS, *(part for part in parts if len(part) >= MIN_LENGTH and not part.isdecimal())}


def take_as_typed() -> None:
    """allauth's API cuts blanks off both ends of a password, its pages do not: who set one there could not come in here."""
    from allauth.headless.account import inputs

    for made in vars(inputs).values():
        for name, field in getattr(made, "base_fields", {}).items():
            if "password" in name:
                field.strip = False
