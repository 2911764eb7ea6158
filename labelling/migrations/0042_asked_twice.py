import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("labelling", "0041_project_expects"),
    ]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="repeat",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="lease",
            name="repeats",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="labelling.lease",
            ),
        ),
        migrations.RemoveConstraint(model_name="lease", name="never_the_same_item_twice"),
        migrations.AddConstraint(
            model_name="lease",
            constraint=models.UniqueConstraint(
                fields=("item", "worker", "repeats"), name="never_the_same_item_twice", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="lease",
            constraint=models.UniqueConstraint(
                condition=models.Q(("repeats__isnull", False)), fields=("repeats",), name="a_loan_is_repeated_once"
            ),
        ),
    ]
