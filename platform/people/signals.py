"""What the sign-in tells us, what follows from it here, and what of it the audit log keeps."""

from allauth.account import signals as account
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from people import sessions
from people.actions.end_tokens import end_tokens
from people.audit import record, record_often
from people.network import network_of


@receiver(account.user_logged_in)
def signed_in(request, user, **kwargs) -> None:
    request.has_signed_in = user  # the device is known from now on
    sessions.begin(request, user)
    record(user, "people.sign_in", user, network=network_of(request))


@receiver(user_logged_out)
def signed_out(request, user, **kwargs) -> None:
    if user is not None:
        record(user, "people.sign_out", user)


@receiver([account.login_code_rejected, account.email_verification_code_rejected, account.password_reset_code_rejected])
def wrong_code(request, user, **kwargs) -> None:
    record_often("people.wrong_code", user, f"{user.pk} {network_of(request)}", network=network_of(request))


@receiver([account.password_changed, account.password_reset, account.password_set])
def password_changed(request, user, **kwargs) -> None:
    record(user, "people.new_password", user)
    end_tokens(user, "a new password")


@receiver([account.email_changed, account.email_removed], sender=EmailAddress)
def address_changed(request, user, **kwargs) -> None:
    record(user, "people.change_address", user, kind="email")


@receiver(mfa.authenticator_added)
def factor_added(request, user, authenticator, **kwargs) -> None:
    record(user, "people.add_factor", user, kind=authenticator.type)


@receiver(mfa.authenticator_removed)
def factor_removed(request, user, authenticator, **kwargs) -> None:
    record(user, "people.remove_factor", user, kind=authenticator.type)


@receiver(mfa.authenticator_reset)
def factor_reset(request, user, authenticator, **kwargs) -> None:
    record(user, "people.reset_factor", user, kind=authenticator.type)
