"""What the application's role may do to the evidence: add to it. Every test speaks as that role; so does the attacker."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from labelling.gold.set_gold import set_gold
from labelling.models import Gold
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger import factories
from ledger.models import Transfer
from ledger.posting import post_many
from ledger.roles import _APPENDED, _FIXED
from people.models import AuditEntry, Person
from tests.roles import APP_ROLE, as_owner
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db

TEMPORARY_ACCOUNT = """
CREATE TEMP TABLE ledger_account (
    id bigint, kind varchar, owner varchar, currency varchar, balance_micro bigint DEFAULT 0, UNIQUE (kind, owner, currency));
CREATE FUNCTION pg_temp.evil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    EXECUTE 'ALTER TABLE public.ledger_transfer DISABLE TRIGGER ledger_append_only';
    EXECUTE 'UPDATE public.ledger_transfer SET note = note || ''{"rewritten by": "ilima_app"}''';
    EXECUTE 'ALTER TABLE public.ledger_transfer ENABLE TRIGGER ledger_append_only'; RETURN NEW; END $$;
GRANT ALL ON ledger_account TO PUBLIC;
CREATE TRIGGER t BEFORE INSERT ON pg_temp.ledger_account FOR EACH ROW EXECUTE FUNCTION pg_temp.evil();
"""
SPRING = "SELECT * FROM public.ledger_lock_accounts(array['suspense'], array['y'], array['USD'])"


def run(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.execute(
                "SET CONSTRAINTS ALL IMMEDIATE"
            )  # what waits for the commit would stand in the attacker's way


def rewritten() -> bool:
    return Transfer.objects.filter(note__has_key="rewritten by").exists()


@pytest.fixture
def posted():
    post_many([factories.deposit("card-1", 3, 1_000, "USD", "simulated")])


@pytest.fixture
def may_make_temporary_tables():
    """One of the two doors stands open, so that the other is tried."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f'GRANT TEMPORARY ON DATABASE "{connection.settings_dict["NAME"]}" TO {APP_ROLE}')


def test_the_role_has_no_temporary_tables(posted):
    with pytest.raises(DatabaseError, match="permission denied to create temporary tables"):
        run(TEMPORARY_ACCOUNT)


def test_a_temporary_table_does_not_stand_in_for_the_ledgers(posted, may_make_temporary_tables):
    run(TEMPORARY_ACCOUNT, SPRING)
    assert not rewritten()


def test_control_as_the_function_was_the_ledger_could_be_rewritten(posted, may_make_temporary_tables):
    with as_owner():
        run('ALTER FUNCTION ledger_lock_accounts(text[], text[], text[]) SET search_path = "$user", public')
    run(TEMPORARY_ACCOUNT, SPRING)
    assert rewritten()


def test_no_function_with_the_owners_rights_looks_into_somebody_elses_tables():
    """pg_catalog comes first by itself and pg_temp too, unless it is named: it must be, and last."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT p.oid::regprocedure::text, coalesce(array_to_string(proconfig, '; '), '') FROM pg_proc p
             WHERE prosecdef AND pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)""")
        found = dict(cursor.fetchall())
        assert len(found) >= 7
        unsafe = {name for name, said in found.items() if "search_path=public, pg_temp" not in said.split("; ")}
        assert unsafe == set()


def test_what_runs_with_the_owners_rights_is_for_the_role_alone():
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT p.oid::regprocedure::text FROM pg_proc p
             WHERE prosecdef AND prorettype <> 'trigger'::regtype AND pronamespace = 'public'::regnamespace
               AND (proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0))""")
        assert cursor.fetchall() == []


@pytest.mark.parametrize("table", _APPENDED)
@pytest.mark.parametrize("change", ["UPDATE {} SET {key} = {key}", "DELETE FROM {} WHERE false", "TRUNCATE {} CASCADE"])
def test_evidence_is_only_added_to(table, change):
    key = next(model._meta.pk.column for model in apps.get_models() if model._meta.db_table == table)
    with pytest.raises(DatabaseError) as refusal:
        run(change.format(table, key=key))
    assert refusal.value.__cause__.sqlstate == "42501"


@pytest.mark.parametrize(
    ("table", "column"), [(table, column) for table, columns in _FIXED.items() for column in columns]
)
def test_what_was_ordered_stands(table, column):
    for change in (f"UPDATE {table} SET {column} = {column} WHERE false", f"DELETE FROM {table} WHERE false"):
        with pytest.raises(DatabaseError, match="permission denied") as refusal:
            run(change)
        assert refusal.value.__cause__.sqlstate == "42501"


def test_an_answer_cannot_be_changed_by_any_path_of_the_orm():
    world = opened(sentiment_world(items=1, workers=1))
    (lent,) = draw_work(world.workers[0], world.batch, 1)
    accept_answers(world.workers[0], [answer_to(lent, {"label": "good"})])
    answer = world.workers[0].answers.get()
    answer.value = {"label": "bad"}
    for change in (answer.save, answer.delete, world.workers[0].answers.all().delete):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            change()
    assert world.workers[0].answers.get().value == {"label": "good"}


def test_a_truth_is_put_right_but_not_silently():
    world = sentiment_world(golds=1)
    set_gold(world.requester, world.golds[0], {"label": "bad"})
    assert Gold.objects.get().truth == {"label": "bad"}
    noted = AuditEntry.objects.get(action="gold.rewritten")
    assert (noted.target, noted.detail) == (f"item:{world.golds[0].pk}", {"was": {"label": "good"}})
    set_gold(world.requester, world.golds[0], {"label": "bad"}, "The same, with a reason.")
    assert AuditEntry.objects.filter(action="gold.rewritten").count() == 1


def test_nothing_is_forgotten_of_who_is_still_here():
    person = Person.objects.create_user(email="here@example.org")
    AuditEntry.objects.create(action="x.y", target=f"person:{person.pk}", detail={"kept": 1})
    with pytest.raises(DatabaseError, match="is not erased"):
        run(f"SELECT people_forget({person.pk})")
    assert AuditEntry.objects.get().detail == {"kept": 1}
