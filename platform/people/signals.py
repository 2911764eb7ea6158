"""What the sign-in tells us, and what follows from it here."""

from allauth.account.signals import password_changed, password_reset, password_set
from django.dispatch import receiver

from people.actions.end_tokens import end_tokens


@receiver([password_changed, password_reset, password_set])
def tokens_end_with_the_password(request, user, **kwargs) -> None:
    end_tokens(user, "a new password")
