from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from intake.away import StorageAway


class Command(BaseCommand):
    help = "Whether the bucket is there, and lets phones read pictures and sound from it, also in part (docs/operations.md, The bucket)."

    def handle(self, **options):
        if not hasattr(default_storage, "cors_lacks"):
            self.stdout.write("Media lie in a folder here: there is no bucket to check.")
            return
        try:
            lacks = default_storage.cors_lacks()
        except StorageAway as away:
            raise CommandError(str(away)) from away
        if lacks:
            raise CommandError(f"The bucket's CORS rule lacks {', '.join(lacks)}: see docs/operations.md, The bucket.")
        self.stdout.write("The bucket is there, and phones can read from it.")
