from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("labelling", "0054_top_ups_wait")]

    operations = [
        migrations.AddField("labelpromise", "due", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("labelpromise", "looked_at", models.DateTimeField(db_default=Now())),
    ]
