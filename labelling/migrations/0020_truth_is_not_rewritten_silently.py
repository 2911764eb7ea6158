"""A known truth may be put right, but not silently: the database itself writes into the audit log what it was before."""

from django.db import migrations

NOTE = """
CREATE FUNCTION labelling_note_truth() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO people_auditentry (at, action, target, detail)
    VALUES (now(), 'gold.rewritten', 'item:' || OLD.item_id, jsonb_build_object('was', OLD.truth));
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION labelling_note_truth() FROM PUBLIC;
CREATE TRIGGER labelling_truth_is_noted AFTER UPDATE ON labelling_gold
    FOR EACH ROW WHEN (OLD.truth IS DISTINCT FROM NEW.truth) EXECUTE FUNCTION labelling_note_truth();
"""
BACK = "DROP TRIGGER labelling_truth_is_noted ON labelling_gold; DROP FUNCTION labelling_note_truth()"


class Migration(migrations.Migration):
    dependencies = [("labelling", "0019_rows_and_remarks"), ("people", "0002_bans_are_rows")]
    operations = [migrations.RunSQL(NOTE, BACK)]
