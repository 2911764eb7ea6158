from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("labelling", "0038_words_in_a_third_of_the_time"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="expects",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
