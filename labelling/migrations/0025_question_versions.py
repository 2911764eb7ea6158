"""What a project asks is kept in versions; a batch keeps how many answers it is funded for; items can be asked again."""

import django.db.models.deletion
from django.db import migrations, models



class Migration(migrations.Migration):
    dependencies = [("labelling", "0024_batch_item_limit")]

    operations = [
        migrations.CreateModel(
            name="QuestionVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="labelling.project",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=120)),
                ("instructions", models.JSONField()),
                ("config", models.JSONField()),
                ("changes", models.JSONField(default=list)),
                ("sha256", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("project", "number"), name="question_number_once")
                ]
            },
        ),
        migrations.AddField(
            "project",
            "question",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="labelling.questionversion",
            ),
        ),
        migrations.AddField("project", "past_labels", models.JSONField(db_default=[], default=list)),
        migrations.AddField(
            "lease",
            "question",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="labelling.questionversion",
            ),
        ),
        migrations.AddField("item", "heard_after", models.BigIntegerField(db_default=0, default=0)),
        migrations.AddIndex(
            "item",
            models.Index(
                fields=["project", "id"], condition=models.Q(heard_after__gt=0), name="items_asked_again"
            ),
        ),
        migrations.AddField("batch", "min_answers", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("batch", "max_answers", models.PositiveSmallIntegerField(null=True)),
    ]
