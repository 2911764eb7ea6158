from typing import Any

from django.db import migrations, models
from django.db.models import F

FIELD: Any = {"default": 0, "help_text": "what the rail says came back of it, in all"}


def all_of_it(apps, schema_editor):
    """Until now nothing came back in parts."""
    for name in ("Deposit", "Payout"):
        apps.get_model("payouts", name).objects.filter(state="reversed").update(returned_micro=F("moved_micro"))


class Migration(migrations.Migration):
    dependencies = [("payouts", "0002_genuine_callbacks")]
    operations = [
        migrations.AddField(model_name="deposit", name="returned_micro", field=models.BigIntegerField(**FIELD)),
        migrations.AddField(model_name="payout", name="returned_micro", field=models.BigIntegerField(**FIELD)),
        migrations.RunPython(all_of_it, migrations.RunPython.noop),
    ]
