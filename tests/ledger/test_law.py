"""The law in the database, broken on purpose: as the application's role and, where triggers guard, as the owner."""

from contextlib import suppress
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from ledger import factories
from ledger.audit import findings
from ledger.hash_chain import GENESIS, head, seal
from ledger.models import Account, Leg, Seal, Transfer
from ledger.posting import balance, post_many, reverse
from ledger.roles import grant_app_role
from ledger.tasks import seal_ledger
from tests.ledger.helpers import wait_until_blocked, writer_connection
from tests.roles import APP_ROLE, as_owner

pytestmark = pytest.mark.django_db
TABLES = ["ledger_account", "ledger_transfer", "ledger_leg", "ledger_seal"]


def sqlstate(refusal):
    return refusal.value.__cause__.sqlstate


def run(sql, values=None):
    """In a savepoint, with the deferred checks brought forward to its end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def snapshot():
    return [list(model.objects.order_by("pk").values()) for model in (Account, Transfer, Leg, Seal)]


@pytest.fixture
def posted():
    done = post_many([factories.deposit("card-1", 3, 1_000, "KES", "simulated")])[0]
    post_many([factories.fund_batch(9, 3, 400, "KES")])
    seal()
    run("SELECT 1")
    return done.transfer_id


@pytest.fixture
def as_app(posted):
    """Every test speaks as the application's role; that it gets its rights a second time changes nothing."""
    with as_owner():
        grant_app_role(APP_ROLE)
        grant_app_role(APP_ROLE)
    return APP_ROLE


@pytest.fixture
def owner():
    """The rest of the test speaks as the owner of the tables."""
    with as_owner():
        yield


CHANGES = [
    "UPDATE {table} SET id = id",
    "DELETE FROM {table}",
    "DELETE FROM {table} WHERE false",
    "TRUNCATE {table} CASCADE",
]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_the_past_is_closed_to_the_application(as_app, table, change):
    before = snapshot()
    with pytest.raises(DatabaseError) as refusal:
        run(change.format(table=table))
    assert sqlstate(refusal) == "42501"
    assert snapshot() == before


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_the_past_is_closed_to_the_owner_too(posted, owner, table, change):
    before = snapshot()
    with pytest.raises(DatabaseError) as refusal:
        run(change.format(table=table))
    assert sqlstate(refusal) == "42501"
    assert "append-only" in str(refusal.value)
    assert snapshot() == before


@pytest.mark.parametrize(
    "escape",
    [
        "ALTER TABLE ledger_leg DISABLE TRIGGER ALL",
        "DROP TRIGGER ledger_append_only ON ledger_leg",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "INSERT INTO ledger_account (kind, owner, currency) VALUES ('suspense', 'x', 'KES')",
        "GRANT UPDATE ON ledger_leg TO ilima_test_app",
    ],
)
def test_the_application_cannot_take_the_safeguards_away(as_app, escape):
    before = snapshot()
    with suppress(DatabaseError):  # PostgreSQL refuses most, and answers a GRANT without the right to it with a warning
        run(escape)
    with pytest.raises(DatabaseError) as refusal:
        run("UPDATE ledger_leg SET amount_micro = amount_micro * 2")
    assert sqlstate(refusal) == "42501"
    assert snapshot() == before


def test_control_without_the_triggers_the_owner_could_rewrite_history_and_the_audit_sees_it(posted, owner):
    run("ALTER TABLE ledger_leg DISABLE TRIGGER USER")
    run("UPDATE ledger_leg SET amount_micro = amount_micro * 2 WHERE transfer_id = %s", [posted])
    run("ALTER TABLE ledger_leg ENABLE TRIGGER USER")
    assert [sentence.split("(")[0] for sentence in findings()] == [
        f"Account {Account.objects.get(kind='provider_float').pk} ",
        f"Account {Account.objects.get(kind='requester_funds').pk} ",
        f"Transfer {posted} does not fit its body hash: its legs, kind or currency were changed.",
    ]


def test_the_application_can_do_its_work(as_app):
    post_many([factories.earn("a1", 9, 7, 100, "KES"), factories.earn("a2", 9, 8, 100, "KES")])
    post_many([factories.settle("a1", 9, 7, 100, 10, 5, "KES")])
    reverse(Transfer.objects.get(key="earn:a2").pk, "undo")
    run("SELECT 1")
    assert seal().transfer_count == 4
    assert balance(factories.escrow_of(9), "KES") == 285


BODY = b"\x00" * 32


def raw(*amounts_micro, currency="KES", reverses_id=None):
    """A transfer written past post(), its legs on the KES accounts in the order of their ids, and the checks of a commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_transfer (key, kind, currency, body_hash, note, reverses_id)"
            " VALUES ('raw', 'raw', %s, %s, '{}', %s) RETURNING id",
            [currency, BODY, reverses_id],
        )
        (transfer_id,) = cursor.fetchone()
        accounts = Account.objects.order_by("id")
        legs = [(transfer_id, account.pk, amount) for account, amount in zip(accounts, amounts_micro, strict=False)]
        add_legs(cursor, legs)
        run("SELECT 1")


def add_legs(cursor, legs):
    """All by one statement, as the law asks."""
    columns = [list(column) for column in zip(*legs, strict=True)] or [[], [], []]
    cursor.execute(
        "INSERT INTO ledger_leg (transfer_id, account_id, amount_micro)"
        " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[])",
        columns,
    )


@pytest.mark.parametrize("amounts_micro", [(), (10,), (10, 10), (10, -9), (-5, 3, 1)])
def test_a_transfer_that_does_not_sum_to_zero_is_refused(as_app, amounts_micro):
    before = snapshot()
    with pytest.raises(IntegrityError, match="two or more that sum to 0") as refusal:
        raw(*amounts_micro)
    assert sqlstate(refusal) == "23514"
    assert snapshot() == before


def test_what_sums_to_zero_is_taken_and_the_audit_still_sees_that_its_body_hash_is_forged(as_app):
    raw(-10, 4, 6)
    (only,) = findings()
    assert only.endswith("does not fit its body hash: its legs, kind or currency were changed.")


@pytest.mark.parametrize("amounts_micro", [(5,), (5, -5)])
def test_no_leg_joins_a_transfer_later_not_even_a_pair_that_sums_to_zero(posted, as_app, amounts_micro):
    run("SELECT ledger_lock_accounts('{suspense,suspense}', '{x,y}', '{KES,KES}')")
    before = snapshot()
    accounts = Account.objects.filter(kind="suspense").order_by("id")
    legs = [(posted, account.pk, amount) for account, amount in zip(accounts, amounts_micro, strict=False)]
    with pytest.raises(IntegrityError, match="all written at once") as refusal, transaction.atomic():
        add_legs(connection.cursor(), legs)
    assert sqlstate(refusal) == "23514"
    assert snapshot() == before


def test_a_leg_of_another_currency_is_refused(as_app):
    with pytest.raises(IntegrityError, match="another currency"):
        raw(5, -5, currency="USD")


def test_an_account_that_may_not_overdraw_is_guarded_by_the_database(as_app):
    with pytest.raises(IntegrityError, match="ledger_never_negative"):
        raw(5_000, -5_000)


def test_a_reversal_must_be_the_mirror(posted, as_app):
    with pytest.raises(IntegrityError, match="not the mirror image"):
        raw(10, -10, reverses_id=posted)


def test_a_balance_cannot_be_invented(posted, owner):
    with pytest.raises(DatabaseError, match="append-only"):
        run("UPDATE ledger_account SET balance_micro = balance_micro + 1")
    with pytest.raises(DatabaseError, match="append-only"):
        run("INSERT INTO ledger_account (kind, owner, currency, balance_micro) VALUES ('suspense', 'x', 'KES', 5)")


def test_seals_follow_each_other_and_have_nothing_to_do_twice():
    assert (head(), seal()) == (GENESIS, None)
    post_many([factories.deposit("c1", 3, 10, "KES", "simulated")])
    first = seal()
    assert seal() is None
    post_many([factories.deposit("c2", 3, 10, "KES", "simulated"), factories.deposit("c3", 3, 10, "KES", "simulated")])
    second = seal()
    assert (first.transfer_count, bytes(first.prev_hash), second.transfer_count) == (1, GENESIS, 2)
    assert bytes(second.prev_hash) == bytes(first.hash)
    assert head() == bytes(second.hash)
    assert findings() == []


@pytest.mark.parametrize(
    "forgery",
    [
        'UPDATE ledger_transfer SET note = \'{"who": "me"}\' WHERE id = {id}',
        "UPDATE ledger_transfer SET effective_at = effective_at - interval '1 day' WHERE id = {id}",
        "DELETE FROM ledger_leg WHERE transfer_id = {id}; DELETE FROM ledger_transfer WHERE id = {id}",
    ],
)
def test_a_forger_with_the_owners_rights_breaks_the_seal(posted, owner, forgery):
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(forgery.replace("{id}", str(posted)))
        cursor.execute("SET session_replication_role = DEFAULT")
    assert any(sentence.startswith("Seal ") for sentence in findings())


def test_the_audit_command_says_sound_or_fails(posted, owner):
    out = StringIO()
    call_command("audit_ledger", stdout=out)
    assert out.getvalue().endswith("The ledger is sound.\n")
    assert "KES  requester_funds" in out.getvalue()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE ledger_account SET balance_micro = 399 WHERE kind = 'batch_escrow'")
        cursor.execute("SET session_replication_role = DEFAULT")
    errors = StringIO()
    with pytest.raises(CommandError, match="1 findings"):
        call_command("audit_ledger", stdout=out, stderr=errors)
    assert "says 399, but its legs sum to 400" in errors.getvalue()


def test_the_commands_that_seal_and_grant_say_what_they_did(posted, owner):
    post_many([factories.fund_batch(9, 3, 1, "KES", part=1)])
    out = StringIO()
    call_command("seal_ledger", stdout=out)
    call_command("grant_app_role", "ilima_test_app", "--login", stdout=out)
    assert out.getvalue().startswith(f"1 transfers sealed; head {head().hex()}\n")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcanlogin, rolsuper FROM pg_roles WHERE rolname = 'ilima_test_app'")
        assert cursor.fetchone() == (True, False)


@pytest.mark.django_db(transaction=True)
def test_the_fence_waits_for_writers_so_that_no_transfer_slips_under_a_seal():
    """A writer holds an uncommitted transfer with a low id; sealing must not pass it by."""
    writer = writer_connection()
    writer.execute("SELECT ledger_lock_accounts('{suspense,suspense}', '{x,y}', '{KES,KES}')")
    low_id = writer.execute(
        "INSERT INTO ledger_transfer (key, kind, currency, body_hash, note) VALUES ('low', 'raw', 'KES', '\\x00', '{}') RETURNING id"
    ).fetchone()[0]
    writer.execute(
        "INSERT INTO ledger_leg (transfer_id, account_id, amount_micro)"
        " SELECT %s, id, CASE owner WHEN 'x' THEN 1 ELSE -1 END FROM ledger_account",
        [low_id],
    )
    post_many([factories.deposit("high", 3, 10, "KES", "simulated")])
    wait_until_blocked(seal, unblock=writer.commit)
    assert Seal.objects.get().transfer_count == 2
    assert isinstance(writer, psycopg.Connection)
    writer.close()


@pytest.mark.django_db(transaction=True)
def test_sealing_gives_way_to_a_writer_that_takes_long(caplog):
    writer = writer_connection()
    writer.execute("LOCK TABLE ledger_transfer IN ROW EXCLUSIVE MODE")
    seal_ledger()
    writer.rollback()
    writer.close()
    assert "not sealed this time, a writer takes long" in caplog.text
    assert post_many([factories.deposit("c1", 3, 10, "KES", "simulated")])[0].created
    seal_ledger()
    assert Seal.objects.get().transfer_count == 1


def test_the_audit_names_what_a_forger_unbalanced(posted, owner):
    """All at once, past the triggers and the check: each kind of finding has its sentence."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_account DROP CONSTRAINT ledger_never_negative")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE ledger_leg SET amount_micro = amount_micro - 9999 WHERE amount_micro > 0")
        cursor.execute("SET session_replication_role = DEFAULT")
    said = "\n".join(findings())
    assert f"Transfer {posted} has 2 legs summing to -9999, 0 of them in another currency." in said
    assert "batch_escrow batch:9 is at -9599 KES micro-units, below zero." in said
