from django.apps import AppConfig
from django.conf import settings


class AnchoringConfig(AppConfig):
    name = "anchoring"

    def ready(self) -> None:
        from proofs import use_signing_key

        use_signing_key(settings.RECEIPT_SIGNING_KEY)
