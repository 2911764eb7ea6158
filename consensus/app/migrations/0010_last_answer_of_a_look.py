from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consensus", "0009_flags_without_a_crowd")]

    operations = [
        migrations.AddField("abusecheck", "last_seq", models.BigIntegerField(db_default=0, default=0)),
    ]
