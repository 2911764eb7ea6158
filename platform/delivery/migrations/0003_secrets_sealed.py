from django.db import migrations, models

import delivery.encryption

NAMES = ("secret", "previous_secret")


def seal_all(apps, schema_editor) -> None:
    rows = apps.get_model("delivery", "WebhookEndpoint").objects
    for row in rows.all():
        sealed = {name: delivery.encryption.SealedField().get_prep_value(getattr(row, name)) for name in NAMES}
        rows.filter(pk=row.pk).update(**sealed)


def open_all(apps, schema_editor) -> None:
    rows = apps.get_model("delivery", "WebhookEndpoint").objects
    for row in rows.all():
        rows.filter(pk=row.pk).update(
            **{name: delivery.encryption.SealedField().from_db_value(getattr(row, name), None, None) for name in NAMES}
        )


class Migration(migrations.Migration):
    dependencies = [("delivery", "0002_endpoint_rests")]

    # The column is widened first, sealed as text, and only then read through the seal.
    operations = [
        migrations.AlterField("webhookendpoint", "secret", models.TextField()),
        migrations.AlterField("webhookendpoint", "previous_secret", models.TextField(blank=True)),
        migrations.RunPython(seal_all, open_all),
        migrations.AlterField("webhookendpoint", "secret", delivery.encryption.SealedField()),
        migrations.AlterField("webhookendpoint", "previous_secret", delivery.encryption.SealedField(blank=True)),
    ]
