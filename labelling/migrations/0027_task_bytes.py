from django.db import migrations, models

# What is on offer already is measured, too.
_MEASURE = """
UPDATE labelling_batch b SET task_bytes = measured.mean
  FROM (SELECT bi.batch_id, coalesce(round(avg(octet_length(i.payload::text) + coalesce(
                 (m.variants -> (CASE p.task_type WHEN 'choice' THEN '640' ELSE '1280' END) ->> 'bytes')::bigint,
                 (m.variants -> 'opus' ->> 'bytes')::bigint + (m.variants -> 'peaks' ->> 'bytes')::bigint,
                 (m.variants -> 'video' ->> 'bytes')::bigint, 0))), 0)::bigint AS mean
          FROM labelling_batchitem bi
          JOIN labelling_item i ON i.id = bi.item_id JOIN labelling_project p ON p.id = i.project_id
          LEFT JOIN intake_media m ON m.id = i.media_id
         WHERE bi.batch_id IN (SELECT id FROM labelling_batch WHERE state = 'open')
         GROUP BY bi.batch_id) AS measured
 WHERE measured.batch_id = b.id
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_notes_and_turn"), ("labelling", "0026_first_versions")]
    operations = [
        migrations.AddField("batch", "task_bytes", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.RunSQL(_MEASURE, migrations.RunSQL.noop),
    ]
