from django.apps import AppConfig


class ConsensusConfig(AppConfig):
    name = "consensus.app"
    label = "consensus"

    def ready(self) -> None:
        from consensus.app import handlers  # noqa: F401  registers for events of the outbox
