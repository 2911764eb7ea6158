from django.apps import AppConfig


class MlAssistConfig(AppConfig):
    name = "ml_assist"

    def ready(self) -> None:
        from labelling.label_api.guess import plug_in
        from ml_assist import handlers  # noqa: F401  # registers them
        from ml_assist.guess import guess_of

        plug_in(guess_of)
