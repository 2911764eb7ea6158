"""A short message to a person, in her language: by e-mail where she has an address, else to her phone. Who left, or has neither, is not
written to."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.mail import EmailMessage
from django.utils.translation import override

from kernel.say import say
from people.models import Person
from people.sms import send_sms


class Message(NamedTuple):
    """Written once, in English with names in braces; platform/kernel/locale has it in the other languages."""

    subject: str
    text: str


def tell(person: Person, message: Message, **said: Any) -> None:
    if not person.is_active:
        return
    if person.email:
        write_letter(person, message, **said)
    elif person.phone:
        write_text(person, message, **said)


def write_letter(person: Person, message: Message, headers: dict[str, str] | None = None, **said: Any) -> None:
    with override(person.language):
        subject, text = say(message.subject), say(message.text, **said)
    EmailMessage(f"Ilima: {subject}", text, None, [person.email or ""], headers=headers).send()


def write_text(person: Person, message: Message, **said: Any) -> None:
    with override(person.language):
        text = say(message.text, **said)
    send_sms(person.phone or "", text)
