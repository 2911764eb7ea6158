"""A short message to a person: by e-mail where she has an address, else to her phone. Who left, or has neither, is not written to."""

from __future__ import annotations

from django.core.mail import send_mail

from people.models import Person
from people.sms import send_sms


def tell(person: Person, text: str) -> None:
    if not person.is_active:
        return
    if person.email:
        send_mail("Ilima", text, None, [person.email])
    elif person.phone:
        send_sms(person.phone, text)
