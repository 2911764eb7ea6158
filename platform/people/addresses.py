"""An address where a one-time code can be sent: an e-mail address, or a phone number in E.164."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from people.refusals import Refusal

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def clean_phone(text: str) -> str:
    """E.164 from what people type: spaces, dashes, brackets and a leading 00 are understood."""
    phone = re.sub(r"[\s().-]", "", text)
    phone = "+" + phone[2:] if phone.startswith("00") else phone
    if not _E164.fullmatch(phone):
        raise Refusal("Write the phone number with its country, for example +27 82 123 4567.", field="phone")
    return phone


def parse_address(text: str) -> tuple[str, str]:
    """("email" | "phone", value), or a Refusal."""
    text = text.strip()
    if "@" not in text:
        return "phone", clean_phone(text)
    try:
        validate_email(text)
    except ValidationError:
        raise Refusal("This is not an e-mail address: check it.", field="email") from None
    return "email", text.lower()
