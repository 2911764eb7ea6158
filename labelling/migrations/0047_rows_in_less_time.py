from importlib import import_module

import django.db.models.deletion
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models

from labelling.models.words import Words

_BEFORE = import_module("labelling.migrations.0046_words_without_a_query")
_CUT = "  RETURN array_to_tsvector(array_remove(string_to_array(words, ' ')::varchar(60)[]::text[], ''));\nEND $$;\n"
# A cast cuts what is too long; to look for it first cost a fifth of the whole. What comes out is the same to the letter.
WORDS = _BEFORE.WORDS[: _BEFORE.WORDS.index("  IF words ~")] + _CUT

# New words wait in a list that every search reads, and autovacuum sorts them into the index, all at once. At 4 MB, which is the
# default, an import did that itself after every few thousand rows. A search reads 32 MB in less than a tenth of a second.
PENDING_KB = 32 * 1024
LONGER = f"ALTER INDEX words_of_items SET (gin_pending_list_limit = {PENDING_KB})"
USUAL = "ALTER INDEX words_of_items RESET (gin_pending_list_limit)"

# One check a row instead of two, which says more: the project of an item is that of its data set.
ONE_CHECK = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT conname FROM pg_constraint WHERE conrelid = 'labelling_item'::regclass AND contype = 'f'
    AND confrelid IN ('labelling_dataset'::regclass, 'labelling_project'::regclass)
  LOOP EXECUTE format('ALTER TABLE labelling_item DROP CONSTRAINT %I', name); END LOOP;
END $$;
ALTER TABLE labelling_item ADD CONSTRAINT item_of_dataset_and_project FOREIGN KEY (dataset_id, project_id)
  REFERENCES labelling_dataset (id, project_id) DEFERRABLE INITIALLY DEFERRED;
"""
TWO_CHECKS = """
ALTER TABLE labelling_item DROP CONSTRAINT item_of_dataset_and_project;
ALTER TABLE labelling_item ADD CONSTRAINT item_of_dataset FOREIGN KEY (dataset_id) REFERENCES labelling_dataset
  DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE labelling_item ADD CONSTRAINT item_of_project FOREIGN KEY (project_id) REFERENCES labelling_project
  DEFERRABLE INITIALLY DEFERRED;
"""
WORDS_OF = Words("project_id", "external_id", "file_name", "payload", "metadata")


def _checked_together(field: str, to: str, **options) -> migrations.AlterField:
    key = models.ForeignKey(
        to, on_delete=django.db.models.deletion.CASCADE, related_name="items", db_constraint=False, **options
    )
    return migrations.AlterField("item", field, key)


class Migration(migrations.Migration):
    dependencies = [("labelling", "0046_words_without_a_query")]

    operations = [
        migrations.RunSQL(WORDS, _BEFORE.WORDS),
        migrations.RunSQL(
            LONGER,
            USUAL,
            state_operations=[
                migrations.RemoveIndex("item", "words_of_items"),
                migrations.AddIndex(
                    "item", GinIndex(WORDS_OF, name="words_of_items", gin_pending_list_limit=PENDING_KB)
                ),
            ],
        ),
        migrations.AddConstraint(
            "dataset", models.UniqueConstraint(fields=["id", "project"], name="dataset_and_its_project")
        ),
        migrations.RunSQL(
            ONE_CHECK,
            TWO_CHECKS,
            state_operations=[
                _checked_together("project", "labelling.project", db_index=False),
                _checked_together("dataset", "labelling.dataset"),
            ],
        ),
    ]
