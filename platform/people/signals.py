"""What the sign-in tells us, and what follows from it here."""

from allauth.account.signals import password_changed, password_reset, password_set, user_logged_in
from django.dispatch import receiver

from people.actions.end_tokens import end_tokens


@receiver(user_logged_in)
def the_device_is_known(request, user, **kwargs) -> None:
    request.has_signed_in = user


@receiver([password_changed, password_reset, password_set])
def tokens_end_with_the_password(request, user, **kwargs) -> None:
    end_tokens(user, "a new password")
