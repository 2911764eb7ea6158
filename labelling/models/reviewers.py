"""The name that a reviewer has in the decisions that she made."""

from __future__ import annotations

from django.utils.crypto import salted_hmac

from people.models import Person


def reviewer_id(person: Person) -> str:
    """The same for all her reviews. Without the server's key nobody can tell who it is, or find one out by trying them all."""
    return "reviewer:" + salted_hmac("labelling.reviewer/1", str(person.pk), algorithm="sha256").hexdigest()[:16]
