from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("labelling", "0003_settlement_counts")]

    operations = [
        migrations.AddField(model_name="batch", name="offer", field=models.JSONField(default=dict)),
    ]
