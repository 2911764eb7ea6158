from django.apps import AppConfig


class ConsensusConfig(AppConfig):
    name = "consensus.app"
    label = "consensus"

    def ready(self) -> None:
        from consensus.app import ban_handlers, handlers  # noqa: F401  register for events of the outbox
