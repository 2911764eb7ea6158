"""The first version of every question that is asked already, and what each batch was funded for."""

from django.db import migrations, models
from django.db.models import F, Q

from proofs import canonical_hash

STANDS = """
CREATE FUNCTION labelling_question_stands() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a version of a question never changes: write the next one' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER labelling_question_stands BEFORE UPDATE ON labelling_questionversion
    FOR EACH ROW EXECUTE FUNCTION labelling_question_stands();
"""
FALLS = "DROP TRIGGER labelling_question_stands ON labelling_questionversion; DROP FUNCTION labelling_question_stands()"
ANSWERS = """
UPDATE labelling_batch b SET min_answers = p.min_answers, max_answers = p.max_answers
  FROM labelling_project p WHERE p.id = b.project_id
"""
# What is out is answered by what was asked then. What was answered long ago has none: the first version.
LENT = """
UPDATE labelling_lease l SET question_id = p.question_id
  FROM labelling_batch b JOIN labelling_project p ON p.id = b.project_id
 WHERE b.id = l.batch_id AND l.state IN ('live', 'late')
"""


def write_first(apps, schema_editor):
    project_of, version_of = apps.get_model("labelling", "Project"), apps.get_model("labelling", "QuestionVersion")
    for project in project_of.objects.iterator(chunk_size=500):
        asked = {name: getattr(project, name) for name in ("title", "instructions", "config")}
        kind = {"v": "question-1", "task_type": project.task_type, "medium": project.medium}
        first = version_of.objects.create(
            project=project, number=1, sha256=canonical_hash({**kind, **asked}), **asked
        )
        project_of.objects.filter(pk=project.pk).update(question=first)


class Migration(migrations.Migration):
    dependencies = [("labelling", "0025_question_versions")]
    operations = [
        migrations.RunPython(write_first, migrations.RunPython.noop),
        migrations.RunSQL(LENT, migrations.RunSQL.noop),
        migrations.RunSQL(ANSWERS, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("batch", "min_answers", models.PositiveSmallIntegerField()),
        migrations.AlterField("batch", "max_answers", models.PositiveSmallIntegerField()),
        migrations.AddConstraint(
            "batch",
            models.CheckConstraint(
                condition=Q(min_answers__gte=1) & Q(max_answers__gte=F("min_answers")), name="batch_answer_range"
            ),
        ),
        migrations.RunSQL(STANDS, FALLS),
    ]
