"""The audit log and the admin's own log only grow, for the application's role: what it may forget of an erased person is this."""

from django.db import migrations

FORGET = """
CREATE FUNCTION people_forget(erased bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM people_person WHERE id = erased AND (is_active OR email IS DISTINCT FROM 'erased-' || erased || '@erased.invalid')) THEN
        RAISE EXCEPTION 'Person % is not erased: the log keeps what it says of her.', erased USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE people_auditentry SET detail = '{}'  -- which roles she had says nothing of who she was
     WHERE target = 'person:' || erased AND detail <> '{}' AND action <> 'people.change_roles';
    UPDATE django_admin_log l SET object_repr = 'erased', change_message = '' FROM django_content_type t
     WHERE t.id = l.content_type_id AND (t.app_label, t.model) = ('people', 'person') AND l.object_id = erased::text;
END $$;
REVOKE ALL ON FUNCTION people_forget(bigint) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0005_addresses_are_proved"), ("admin", "0003_logentry_add_action_flag_choices")]
    operations = [migrations.RunSQL(FORGET, "DROP FUNCTION people_forget(bigint)")]
