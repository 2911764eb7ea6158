from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("labelling", "0023_upload_sessions")]
    operations = [migrations.AddField("batch", "item_limit", models.PositiveIntegerField(null=True))]
