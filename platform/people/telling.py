"""A short message to a person, in her language: by e-mail where she has an address, else to her phone. Who left, or has neither, is not
written to."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.mail import send_mail
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
    with override(person.language):
        subject, text = say(message.subject), say(message.text, **said)
    if person.email:
        send_mail(f"Ilima: {subject}", text, None, [person.email])
    elif person.phone:
        send_sms(person.phone, text)
