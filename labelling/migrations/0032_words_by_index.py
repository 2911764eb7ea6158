from django.db import migrations

# Words are always looked up in their index: for one of most items the planner would rather make the words of every item anew, 40
# microseconds each, and what it guesses of words and other filters together is wrong by orders of magnitude.
ITEMS_WITH = """
CREATE FUNCTION labelling_items_with(asked tsquery, most bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE ROWS 100 SET enable_seqscan = off AS $$
  SELECT id FROM labelling_item
  WHERE labelling_words(project_id, external_id, file_name, payload, metadata) @@ asked LIMIT most
$$
"""
GONE = "DROP FUNCTION labelling_items_with(tsquery, bigint)"


class Migration(migrations.Migration):
    dependencies = [("labelling", "0031_first_miss")]

    operations = [migrations.RunSQL(ITEMS_WITH, GONE)]
