from importlib import import_module

from django.db import migrations

_OF_PARTS = import_module("labelling.migrations.0036_parts_of_items")
_FIRST = import_module("labelling.migrations.0028_requester_changes_her_mind")

# translate() compares every sign of a text with each of seventy; one pattern does not, and an array needs no query to be made of words.
# What it gives is the same to the letter, so the index over it stays good: tests/work/test_words.py.
PARTING = "\t\n\r\u00a0!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~¡¿«»·–—‘’“”…、。〈〉《》「」『』【】！（），：；？।"
PATTERN = "[" + "".join(f"\\{sign}" if sign in "\\]^-[" else sign for sign in PARTING) + " ]+"
WORDS = r"""
CREATE OR REPLACE FUNCTION labelling_words(project bigint, name text, path text, payload jsonb, metadata jsonb) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  said text := CASE WHEN metadata <> '{}' THEN (SELECT string_agg(value, ' ') FROM jsonb_each_text(metadata)) END;
  words text := lower(left(concat_ws(' ', name, path, OF_PARTS, said), 50000));
BEGIN
  words := regexp_replace(words, 'PATTERN', ' ', 'g');
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
    WORDS.replace("OF_PARTS", _OF_PARTS._OF_PARTS)
    .replace("PATTERN", PATTERN.replace("'", "''"))
    .replace("SIGN", f"[{_FIRST.NO_BLANKS}]")
    .replace("NONE", f"[^{_FIRST.NO_BLANKS}]")
)


class Migration(migrations.Migration):
    dependencies = [("labelling", "0037_warranties")]

    operations = [migrations.RunSQL(WORDS, _OF_PARTS._NOW)]
