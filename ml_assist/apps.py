from django.apps import AppConfig


class MlAssistConfig(AppConfig):
    name = "ml_assist"
