"""`manage.py write_openapi`: docs/openapi.json, from which clients and the phone app's types are generated."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand
from drf_spectacular.generators import SchemaGenerator

TO = settings.ROOT / "docs" / "openapi.json"


class Command(BaseCommand):
    help = "Write docs/openapi.json anew."

    def handle(self, *args, **options) -> None:
        made = SchemaGenerator().get_schema(request=None, public=True)
        TO.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        self.stdout.write(f"{TO.name}: {len(made['paths'])} addresses")
