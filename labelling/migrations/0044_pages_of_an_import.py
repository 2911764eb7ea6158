from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("labelling", "0043_estimates")]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="pages_total",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="upload",
            name="pages_done",
            field=models.PositiveIntegerField(null=True),
        ),
    ]
