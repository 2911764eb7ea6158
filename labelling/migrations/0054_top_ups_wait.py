from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("labelling", "0053_top_ups")]

    operations = [
        migrations.AddField("topup", "waiting_micro", models.BigIntegerField(db_default=0, default=0)),
        migrations.AddConstraint(
            "topup",
            models.CheckConstraint(
                condition=models.Q(("waiting_micro__gte", 0), ("waiting_micro__lte", models.F("amount_micro"))),
                name="top_up_waits_in_part",
            ),
        ),
    ]
