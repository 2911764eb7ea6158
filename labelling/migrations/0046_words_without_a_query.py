from importlib import import_module

from django.db import migrations

_BEFORE = import_module("labelling.migrations.0038_words_in_a_third_of_the_time")
_FIRST = import_module("labelling.migrations.0028_requester_changes_her_mind")

# A query within the function cost a third of it, and a match at each blank another: both are made only where they change what comes out.
# All values as one JSON list have the words of each: what is around them parts words anyway. Not so with signs that JSON escapes, and null.
# What it gives is the same to the letter, so the index over it stays good: tests/work/test_words.py.
WORDS = r"""
CREATE OR REPLACE FUNCTION labelling_words(project bigint, name text, path text, payload jsonb, metadata jsonb) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  said text := jsonb_path_query_array(metadata, '$.*')::text;
  shown text := payload ->> 'text';
  words text;
BEGIN
  IF shown IS NULL AND payload ? 'parts' THEN
    shown := (SELECT string_agg(coalesce(part ->> 'text', part ->> 'json'), ' ')
                FROM jsonb_array_elements(payload -> 'parts') AS part);
  END IF;
  words := concat_ws(' ', name, path, shown, said);
  IF strpos(said, '\') > 0 OR strpos(said, 'null') > 0 OR length(words) > 50000 THEN
    said := (SELECT string_agg(value, ' ') FROM jsonb_each_text(metadata));
    words := left(concat_ws(' ', name, path, shown, said), 50000);
  END IF;
  words := regexp_replace(lower(words), 'PATTERN', ' ', 'g');
  IF octet_length(words) > length(words) THEN  -- signs two by two, from the first and from the second of each row of them
    words := regexp_replace(words, '(SIGN{1,2})', ' \1 ', 'g') || ' '
      || regexp_replace(regexp_replace(words, '(^|NONE)SIGN', '\1 ', 'g'), '(SIGN{1,2})', ' \1 ', 'g');
  END IF;
  words := words || ' project' || project;
  IF words ~ '[^ ]{61}' THEN
    RETURN array_to_tsvector(ARRAY(SELECT left(word, 60) FROM string_to_table(words, ' ') word WHERE word <> ''));
  END IF;
  RETURN array_to_tsvector(array_remove(string_to_array(words, ' '), ''));
END $$;
"""
WORDS = (
    WORDS.replace("PATTERN", _BEFORE.PATTERN.replace(" ]+", "]+").replace("'", "''"))
    .replace("SIGN", f"[{_FIRST.NO_BLANKS}]")
    .replace("NONE", f"[^{_FIRST.NO_BLANKS}]")
)


class Migration(migrations.Migration):
    dependencies = [("labelling", "0045_training_and_voices")]

    operations = [migrations.RunSQL(WORDS, _BEFORE.WORDS)]
