"""An address where a one-time code can be sent: an e-mail address, or a phone number in E.164."""

import re

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from kernel.errors import DomainError

MIN_DIGITS = 7  # of a person's number, without its country's
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")  # and no other script's digits: rails and SMS want these


def is_e164(text: str) -> bool:
    """Whether it is written as clean_phone() writes a number."""
    return _E164.fullmatch(text) is not None


def clean_phone(text: str, country: str = "", field: str = "phone") -> str:
    """E.164 from what people type, wherever they type it: at sign-in, and where their money is to go.

    A number without its country code is one of `country` (ISO 3166), or of where most of us are (settings.PHONE_COUNTRY).
    """
    typed = text.strip()
    typed = "+" + typed[2:] if typed.startswith("00") else typed
    try:
        number = phonenumbers.parse(typed, country or settings.PHONE_COUNTRY)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or number.extension or not _is_whole(number):
        raise DomainError(
            "Write the phone number with its country, for example +27 82 123 4567.", field=field, code="bad_phone"
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _is_whole(number: phonenumbers.PhoneNumber) -> bool:
    """As long as numbers of its country are, area code and all, and no short code. Whether it is in use only a message can tell."""
    reason = phonenumbers.is_possible_number_with_reason(number)
    long_enough = len(phonenumbers.national_significant_number(number)) >= MIN_DIGITS
    return long_enough and reason == phonenumbers.ValidationResult.IS_POSSIBLE


def country_of(phone: str | None) -> str:
    """Whose number it is (ISO 3166), or nothing where that is not known."""
    if not phone:
        return ""
    return phonenumbers.region_code_for_number(phonenumbers.parse(phone)) or ""


def parse_address(text: str) -> tuple[str, str]:
    """("email" | "phone", value), or a DomainError."""
    text = text.strip()
    if "@" not in text:
        return "phone", clean_phone(text)
    try:
        validate_email(text)
    except ValidationError:
        raise DomainError("This is not an e-mail address: check it.", field="email") from None
    return "email", text.lower()
