from django.apps import AppConfig


class WordingConfig(AppConfig):
    name = "wording"

    def ready(self) -> None:
        from celery.signals import task_prerun

        from wording import words

        task_prerun.connect(words.keep_up, dispatch_uid="words that speakers mended")
