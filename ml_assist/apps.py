from django.apps import AppConfig


class MlAssistConfig(AppConfig):
    name = "ml_assist"

    def ready(self) -> None:
        from ml_assist import handlers  # noqa: F401  # registers them
