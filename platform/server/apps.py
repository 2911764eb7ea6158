from django.apps import AppConfig


class ServerConfig(AppConfig):
    name = "server"

    def ready(self) -> None:
        from server import checks, lookups  # noqa: F401  registers the deployment checks

        lookups.register()
