from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import Q

from labelling.models.words import Words

# Written once: the index is made of what this gives, so a change of it is a new function and a new index.
# Not PostgreSQL's own parser: it splits words at the vowel signs of Thai, Hindi or Khmer, and takes addresses and numbers its own way.
WORDS = r"""
CREATE FUNCTION labelling_words(project bigint, name text, path text, payload jsonb, metadata jsonb) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  said text := (SELECT string_agg(value, ' ') FROM jsonb_each_text(metadata));
  words text := lower(left(concat_ws(' ', name, path, payload ->> 'text', said), 50000));
BEGIN
  words := translate(words, PARTING, repeat(' ', length(PARTING)));
  IF octet_length(words) > length(words) THEN  -- signs two by two, from the first and from the second of each row of them
    words := regexp_replace(words, '(SIGN{1,2})', ' \1 ', 'g') || ' '
      || regexp_replace(regexp_replace(words, '(^|NONE)SIGN', '\1 ', 'g'), '(SIGN{1,2})', ' \1 ', 'g');
  END IF;
  RETURN array_to_tsvector(ARRAY(
    SELECT DISTINCT left(word, 60) FROM string_to_table(words || ' project' || project, ' ') word WHERE word <> ''));
END $$;
"""
PARTING = r"""E'\t\n\r\u00a0!"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~¡¿«»·–—‘’“”…、。〈〉《》「」『』【】！（），：；？।'"""
NO_BLANKS = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff"
WORDS = WORDS.replace("PARTING", PARTING).replace("SIGN", f"[{NO_BLANKS}]").replace("NONE", f"[^{NO_BLANKS}]")
GONE = "DROP FUNCTION labelling_words(bigint, text, text, jsonb, jsonb)"


class Migration(migrations.Migration):
    dependencies = [("labelling", "0027_task_bytes")]

    operations = [
        migrations.RunSQL(WORDS, GONE),
        *(
            migrations.AddField(model, "archived_at", models.DateTimeField(null=True))
            for model in ("batch", "dataset", "item", "release")
        ),
        migrations.AddField("batch", "stopped_at", models.DateTimeField(null=True)),
        migrations.AddField("release", "wanted", models.JSONField(default=dict)),
        migrations.AddIndex("item", models.Index(fields=["project", "id"], name="items_of_project")),
        migrations.AddIndex(
            "item",
            GinIndex(Words("project_id", "external_id", "file_name", "payload", "metadata"), name="words_of_items"),
        ),
        migrations.AddIndex(
            "lease", models.Index(condition=Q(state="reported"), fields=["item"], name="reported_items")
        ),
        migrations.AddIndex(
            "decision",
            models.Index(
                condition=Q(final=True), fields=["project", "confidence_ppm", "item"], name="decided_by_confidence"
            ),
        ),
        migrations.AddConstraint(
            "batch",
            models.CheckConstraint(condition=Q(archived_at=None) | ~Q(state="open"), name="no_open_batch_is_archived"),
        ),
    ]
