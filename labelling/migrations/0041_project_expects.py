from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("labelling", "0040_belts"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="expects",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
