from django.apps import AppConfig
from django.conf import settings


class AnchoringConfig(AppConfig):
    name = "anchoring"

    def ready(self) -> None:
        from anchoring import handlers  # noqa: F401  registers for events of the outbox
        from proofs import use_signing_key

        use_signing_key(settings.RECEIPT_SIGNING_KEY)
