"""Signing in on the web: one address; with a password when one is given, else by a one-time code."""

from allauth.account import forms
from django.core.exceptions import ValidationError

from kernel.errors import DomainError
from people.addresses import clean_phone


class LoginForm(forms.LoginForm):
    def _setup_password_field(self) -> None:
        # allauth drops the field where sign-up asks for no password; here a password may be set later.
        self.fields["password"].required = False

    def clean_login(self) -> str:
        """An e-mail address as it is; a phone number in E.164, however it was typed."""
        login = super().clean_login()
        if "@" in login:
            return login
        try:
            return clean_phone(login)
        except DomainError as refusal:
            raise ValidationError(str(refusal)) from refusal
