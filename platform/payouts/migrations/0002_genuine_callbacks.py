"""What no rail signed is kept no longer; what was kept of it goes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("payouts", "0001_initial")]
    operations = [
        migrations.RunSQL("DELETE FROM payouts_providerevent WHERE refusal <> ''", migrations.RunSQL.noop),
        migrations.RemoveField(model_name="providerevent", name="refusal"),
    ]
