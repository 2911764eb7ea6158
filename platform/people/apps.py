from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from allauth.core.internal import ratelimit
        from allauth.mfa.totp.internal import auth

        from people import signals  # noqa: F401
        from people.budgets import lasting
        from people.passwords import take_as_typed

        # As what people/code_limits.py counts: a flush gives nobody her tries back, and signing in needs no Redis.
        ratelimit.cache = auth.cache = lasting()
        take_as_typed()
