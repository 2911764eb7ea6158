from django.apps import AppConfig


class ServerConfig(AppConfig):
    name = "server"

    def ready(self) -> None:
        from kernel import lookups
        from server import checks  # noqa: F401  registers the deployment checks

        lookups.register()
