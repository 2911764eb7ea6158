"""Showing again that it is she: a code to the address that is known to be hers, for who has neither password nor passkey."""

from __future__ import annotations

import time
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.core.internal.cryptokit import normalize_user_code
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from kernel.errors import Conflict, DomainError
from people.models import Person

KEY = "people.confirming"
TRIES = 3


def address_of(person: Person) -> tuple[str, str]:
    """("phone" | "email", address): where a code reaches her; the phone first, it is in her hand."""
    if person.phone and person.phone_verified:
        return "phone", person.phone
    email = EmailAddress.objects.get_primary_email(person) or person.email
    return ("email", email) if email else ("phone", person.phone or "")


def send_code(request: HttpRequest) -> str:
    """Send a code and say where to, as a hint. Counts as any other code; raises ImmediateHttpResponse when too many were sent."""
    adapter, (kind, address) = get_adapter(request), address_of(cast(Person, request.user))
    code = adapter.generate_login_code()
    if kind == "phone":
        adapter.send_verification_code_sms(request.user, address, code)
    else:
        adapter.send_mail("account/email/login_code", address, {"request": request, "code": code})
    ends = time.time() + settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
    request.session[KEY] = {"hash": _hash(code, request), "ends": ends, "tries": 0}
    return hint(kind, address)


def confirm(request: HttpRequest, code: str) -> None:
    """The right code makes the session young again; the third wrong one ends the code."""
    state = request.session.get(KEY)
    if not state or state["ends"] < time.time():
        raise Conflict("This code has ended: have a new one sent.", field="code", code="code_ended")
    if not constant_time_compare(_hash(code, request), state["hash"]):
        state["tries"] += 1
        request.session[KEY] = state if state["tries"] < TRIES else None
        raise DomainError(
            "That code is not right: type it again, or have a new one sent.", field="code", code="wrong_code"
        )
    del request.session[KEY]
    record_authentication(request, request.user, method="code", reauthenticated=True)


def hint(kind: str, address: str) -> str:
    """Enough to know which phone or mailbox to look at."""
    if kind == "phone":
        return f"…{address[-4:]}"
    name, _, domain = address.partition("@")
    return f"{name[:1]}…@{domain}"


def _hash(code: str, request: HttpRequest) -> str:
    return salted_hmac(KEY, f"{request.user.pk}:{normalize_user_code(code)}", algorithm="sha256").hexdigest()
