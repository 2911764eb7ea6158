"""Where django-allauth meets our Person: phone numbers, one-time codes, and where each goes after signing in."""

from types import SimpleNamespace
from typing import cast
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from allauth.core.internal.httpkit import is_headless_request
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from kernel.errors import DomainError
from people.access import roles_of
from people.addresses import clean_phone
from people.audit import record, record_often
from people.code_limits import take_code, take_password
from people.models import Person
from people.network import address_of, network_of
from people.recent import signed_in_recently
from people.sms import send_sms

# What goes to an address in one of these mails counts as a code.
_CODE_MAILS = {
    "account/email/login_code",
    "account/email/unknown_account",
    "account/email/account_already_exists",
    "account/email/email_confirmation",
    "account/email/address_is_taken",
    "account/email/password_reset_key",
}


def too_many_codes(request: HttpRequest, wait_s: int) -> ImmediateHttpResponse:
    message = _("Too many codes were sent: try again in %(minutes)d minutes.") % {"minutes": wait_s // 60 + 1}
    if is_headless_request(request):
        body = {"status": 429, "errors": [{"code": "too_many_requests", "message": message}]}
        response: HttpResponse = JsonResponse(body, status=429)
    else:
        response = render(request, "429.html", {"message": message}, status=429)
    response["Retry-After"] = str(wait_s)
    return ImmediateHttpResponse(response)


def phone_is_taken(request: HttpRequest) -> ImmediateHttpResponse:
    message = _("This number is in use at another account: sign in there, or take another number.")
    if is_headless_request(request):
        errors = [{"code": "phone_taken", "param": "phone", "message": message}]
        return ImmediateHttpResponse(JsonResponse({"status": 400, "errors": errors}, status=400))
    return ImmediateHttpResponse(render(request, "console/refusal.html", {"message": message}, status=400))


def is_taken(email: str, by_other_than: Person | None) -> bool:
    """Whether the address is another's: of the account itself, or proved on it."""
    proved, held = (
        EmailAddress.objects.filter(email__iexact=email, verified=True),
        Person.objects.filter(email__iexact=email),
    )
    if by_other_than is not None:
        proved, held = proved.exclude(user_id=by_other_than.pk), held.exclude(pk=by_other_than.pk)
    return proved.exists() or held.exists()


def public(url: str) -> str:
    """The same page at PUBLIC_URL."""
    parts, home = urlsplit(url), urlsplit(settings.PUBLIC_URL)
    return parts._replace(scheme=home.scheme, netloc=home.netloc).geturl()


def language_of(person: Person | None) -> str:
    """Who reads it, not who asked for it: hers, where she is known."""
    return person.language if isinstance(person, Person) else get_language() or settings.LANGUAGE_CODE


def _address_in(credentials: dict) -> str:
    return credentials.get("phone") or credentials.get("email") or ""


_MISMATCH = gettext_lazy("That address and that password do not belong together: try again, or have a code sent.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {  # what to do, not only what is wrong
        "email_password_mismatch": _MISMATCH,
        "phone_password_mismatch": _MISMATCH,
        "incorrect_code": gettext_lazy("That code is not right: type it again, or have a new one sent."),
        "incorrect_password": gettext_lazy("That is not your password: try again."),
        "too_many_login_attempts": gettext_lazy("Too many tries: wait a few minutes, or have a code sent."),
        "rate_limited": gettext_lazy("Too many requests: wait a minute, then try again."),
    }

    def _count_code(self, address: str) -> None:
        wait_s = take_code(self.request, address)
        if wait_s:
            raise too_many_codes(self.request, wait_s)

    def save_user(self, request: HttpRequest, user: Person, form, commit: bool = True) -> Person:
        """allauth saves first and sets the number afterwards: for a moment she would have no address at all."""
        user.phone = form.cleaned_data.get("phone") or None
        return super().save_user(request, user, form, commit)

    # --- e-mail ---
    def format_email_subject(self, subject: str) -> str:
        return f"Ilima: {subject}"

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation, signup: bool) -> None:
        """The code to a new address. To one that is somebody else's no code goes, but word of it: who asked sees no difference."""
        address = emailconfirmation.email_address
        if is_taken(address.email, by_other_than=address.user):
            self.send_mail("account/email/address_is_taken", address.email, {})
        else:
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """The last way in stays: an address goes only where a proved phone number is left."""
        return super().can_delete_email(email_address) and email_address.user.phone_verified

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Links lead to PUBLIC_URL, whatever host the request named."""
        if template_prefix in _CODE_MAILS:
            self._count_code(email)
        links = {name: public(value) for name, value in context.items() if name.endswith("url")}
        site = SimpleNamespace(name="Ilima", domain=urlsplit(settings.PUBLIC_URL).netloc)
        with override(language_of(context.get("user") or Person.objects.filter(email__iexact=email).first())):
            super().send_mail(template_prefix, email, {**context, **links, "current_site": site})

    # --- phone ---
    def phone_form_field(self, **kwargs):
        """As it is typed: clean_phone reads it."""
        return super().phone_form_field(validators=[], **kwargs)

    def clean_phone(self, phone: str) -> str:
        try:
            return clean_phone(phone)
        except DomainError as refusal:
            from django.core.exceptions import ValidationError

            raise ValidationError(str(refusal)) from refusal

    def set_phone(self, user: Person, phone: str, verified: bool) -> None:
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone", "phone_verified"])

    def get_phone(self, user: Person) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone_verified(self, user: Person, phone: str) -> None:
        """The code was right. Whose number it was until now hears of it; a number taken meanwhile stays with who was first."""
        before = user.phone if user.phone_verified else None
        try:
            with transaction.atomic():
                self.set_phone(user, phone, True)
        except IntegrityError:
            user.refresh_from_db()
            raise phone_is_taken(self.request) from None
        if before != phone:
            record(user, "people.change_address", user, kind="phone")
        if before and before != phone:
            with override(language_of(user)):
                text = _("The phone number of your Ilima account is now %(phone)s. If it was not you, tell us at once.")
                send_sms(before, text % {"phone": f"…{phone[-4:]}"})
            self.send_notification_mail("account/email/phone_changed", user, {"phone": f"…{phone[-4:]}"})

    def get_user_by_phone(self, phone: str) -> Person | None:
        return Person.objects.filter(phone=phone).first()

    def send_verification_code_sms(self, user: Person, phone: str, code: str, **kwargs) -> None:
        self._count_code(phone)
        with override(language_of(user)):
            send_sms(phone, _("%(code)s is your Ilima code. Never tell it to anybody.") % {"code": code})

    def send_account_already_exists_sms(self, phone: str) -> None:
        self._count_code(phone)
        with override(language_of(self.get_user_by_phone(phone))):
            send_sms(phone, _("You already have an Ilima account: choose Sign in instead of Sign up."))

    def send_unknown_account_sms(self, phone: str, **kwargs) -> None:
        # No message to a stranger's phone, but asking costs the same, so that the two cannot be told apart.
        self._count_code(phone)

    # --- signing in ---
    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        """Counts before the password is looked at, so that a burst gets no more tries; authenticate() gives a right one back."""
        taken = take_password(request, _address_in(credentials))
        if taken.wait_s:
            raise self.validation_error("too_many_login_attempts")
        self._counted_password = taken

    def authentication_failed(self, request: HttpRequest, **credentials) -> None:
        network = network_of(request)
        record_often("people.wrong_password", "", f"{_address_in(credentials)} {network}", network=network)

    def _rollback_login_failed_rl_usage(self) -> None:
        self._counted_password.give_back()

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """allauth lets anybody through who has neither password nor passkey; here a code can show again that it is she."""
        if signed_in_recently(self.request):
            return False
        if not self.request.user.has_usable_password():
            raise ReauthenticationRequired
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user) -> list[dict]:
        known = super().get_reauthentication_methods(user)
        return known or [{"id": "confirm", "description": _("Have a code sent"), "url": reverse("console:confirm")}]

    def is_login_by_code_required(self, login) -> bool:
        """A new account by e-mail opens with the code that was sent there: nobody can take another's address.
        (A new account by phone is opened by allauth's phone stage.)"""
        if not login.signup:
            return self._is_unproved(login)
        return not (login.user.phone if login.user else login.phone)

    def _is_unproved(self, login) -> bool:
        """An address that nobody has proved opens nothing, whatever the password: a code goes there first."""
        addresses = EmailAddress.objects.filter(user=login.user, email=(login.email or "").lower())
        return bool(login.user and login.email) and addresses.filter(verified=False).exists()

    def get_login_stages(self) -> list[str]:
        """Without allauth's e-mail stage: the code has proved the address, and who has only a phone needs none."""
        return [stage for stage in super().get_login_stages() if not stage.endswith("EmailVerificationStage")]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        roles = roles_of(cast(Person, request.user))
        return reverse("console:home") if set(roles) - {"worker"} or not roles else "/app/"

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)
