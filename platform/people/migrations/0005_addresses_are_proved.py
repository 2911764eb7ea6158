from django.db import migrations

# An account that somebody has entered gets a new address only once it is proved: else whoever owns the address, and signs in by
# a code, would find herself in another's account. The law stands in the database because allauth writes these rows.
LAW = """
CREATE FUNCTION people_address_is_proved() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT NEW.verified AND EXISTS (
        SELECT 1 FROM people_person p
         WHERE p.id = NEW.user_id AND p.last_login IS NOT NULL AND lower(p.email) IS DISTINCT FROM lower(NEW.email)
    ) THEN
        RAISE EXCEPTION 'an address is added to an account in use once its code was typed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'address_is_proved';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER address_is_proved BEFORE INSERT OR UPDATE ON account_emailaddress
    FOR EACH ROW EXECUTE FUNCTION people_address_is_proved();

CREATE FUNCTION people_primary_is_proved() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.last_login IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM account_emailaddress e
         WHERE e.user_id = NEW.id AND e.verified AND lower(e.email) = lower(NEW.email)
    ) THEN
        RAISE EXCEPTION 'the address of an account in use is one whose code was typed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'primary_is_proved';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER primary_is_proved BEFORE UPDATE OF email ON people_person
    FOR EACH ROW WHEN (NEW.email IS NOT NULL AND NEW.email IS DISTINCT FROM OLD.email
                       AND NEW.email NOT LIKE 'erased-%@erased.invalid')
    EXECUTE FUNCTION people_primary_is_proved();
"""
UNDO = """
DROP TRIGGER address_is_proved ON account_emailaddress;
DROP FUNCTION people_address_is_proved();
DROP TRIGGER primary_is_proved ON people_person;
DROP FUNCTION people_primary_is_proved();
"""


def put_in_order(apps, schema_editor) -> None:
    """Addresses that were added and never proved go. Where one became the account's own, whoever put it there is shut out: the
    password goes, and the next to enter is who reads the code. Whose address has no row yet was made by an admin: it gets one."""
    Person, Address = apps.get_model("people", "Person"), apps.get_model("account", "EmailAddress")
    Person.objects.filter(email="").update(email=None)
    for address in Address.objects.filter(verified=False, user__last_login__isnull=False).select_related("user"):
        if (address.user.email or "").lower() != address.email.lower():
            address.delete()
        else:
            Person.objects.filter(pk=address.user_id).update(password="!")  # noqa: S106
            apps.get_model("mfa", "Authenticator").objects.filter(user_id=address.user_id).delete()
    proved = set(Address.objects.filter(verified=True).values_list("email", flat=True))
    without = Person.objects.exclude(email=None).exclude(email__endswith="@erased.invalid").filter(emailaddress=None)
    Address.objects.bulk_create(
        Address(user=person, email=person.email.lower(), verified=True, primary=True)
        for person in without.only("pk", "email")
        if person.email.lower() not in proved
    )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_budgets"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.RunPython(put_in_order, migrations.RunPython.noop),
        migrations.RunSQL(LAW, UNDO),
    ]
