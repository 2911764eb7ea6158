"""Where django-allauth meets our Person: phone numbers, one-time codes, and where each goes after signing in."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from allauth.core.internal.httpkit import is_headless_request
from django.http import HttpRequest, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.access import roles_of
from people.addresses import clean_phone
from people.code_limits import take_code
from people.models import Person
from people.recent import signed_in_recently
from people.refusals import Refusal
from people.sms import send_sms

# What goes to an address in one of these mails counts as a code.
_CODE_MAILS = {"account/email/login_code", "account/email/unknown_account", "account/email/account_already_exists"}


def too_many_codes(request: HttpRequest, wait_s: int) -> ImmediateHttpResponse:
    message = _("Too many codes were sent: try again in %(minutes)d minutes.") % {"minutes": wait_s // 60 + 1}
    if is_headless_request(request):
        body = {"status": 429, "errors": [{"code": "too_many_requests", "message": message}]}
        response = JsonResponse(body, status=429)
    else:
        response = render(request, "429.html", {"message": message}, status=429)
    response["Retry-After"] = str(wait_s)
    return ImmediateHttpResponse(response)


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
        wait_s = take_code(address, self.get_client_ip(self.request))
        if wait_s:
            raise too_many_codes(self.request, wait_s)

    # --- e-mail ---
    def format_email_subject(self, subject: str) -> str:
        return f"Ilima: {subject}"

    def validate_unique_email(self, email: str) -> str:
        """For somebody who is signed in and adds an address; a sign-up is answered by people.forms."""
        person = self.request.user
        if person.is_authenticated and Person.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
            raise self.validation_error("email_taken")
        return email

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        if template_prefix in _CODE_MAILS:
            self._count_code(email)
        super().send_mail(template_prefix, email, context)

    # --- phone ---
    def clean_phone(self, phone: str) -> str:
        try:
            return clean_phone(phone)
        except Refusal as refusal:
            from django.core.exceptions import ValidationError

            raise ValidationError(str(refusal)) from refusal

    def set_phone(self, user: Person, phone: str, verified: bool) -> None:
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone", "phone_verified"])

    def get_phone(self, user: Person) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone_verified(self, user: Person, phone: str) -> None:
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> Person | None:
        return Person.objects.filter(phone=phone).first()

    def send_verification_code_sms(self, user: Person, phone: str, code: str, **kwargs) -> None:
        self._count_code(phone)
        send_sms(phone, _("%(code)s is your Ilima code. Never tell it to anybody.") % {"code": code})

    def send_account_already_exists_sms(self, phone: str) -> None:
        self._count_code(phone)
        send_sms(phone, _("You already have an Ilima account: choose Sign in instead of Sign up."))

    def send_unknown_account_sms(self, phone: str, **kwargs) -> None:
        # No message to a stranger's phone, but asking costs the same, so that the two cannot be told apart.
        self._count_code(phone)

    # --- signing in ---
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
            return False
        return not (login.user.phone if login.user else login.phone)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        roles = roles_of(request.user)
        return reverse("console:home") if set(roles) - {"worker"} or not roles else "/app/"

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)
