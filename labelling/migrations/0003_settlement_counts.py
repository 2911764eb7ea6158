from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("labelling", "0002_initial")]

    operations = [
        migrations.AddField(model_name="settlement", name="counts", field=models.JSONField(default=list)),
    ]
