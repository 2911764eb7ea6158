from django.apps import AppConfig


class LabellingConfig(AppConfig):
    name = "labelling"

    def ready(self) -> None:
        from labelling import handlers  # noqa: F401  registers for events of the outbox
