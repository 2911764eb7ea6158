"""Locks by name: one at a time, let go at once, lasting, and in nobody's way."""

from contextlib import closing

import pytest
from django.db import DatabaseError, connection, transaction

from kernel.locks import only_one, own_connection, try_until_commit
from labelling.data import import_upload as importing
from labelling.data.receive_upload import receive_upload
from labelling.models import Item, Upload
from tests.formats.worlds import counts, file, new_dataset, owner
from tests.roles import as_owner

pytestmark = pytest.mark.django_db(transaction=True)


def of_the_lock(column: str):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column} FROM pg_stat_activity WHERE pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')"
        )
        return cursor.fetchall()


def ended_for_idling() -> bool:
    control = own_connection()
    control.set_autocommit(False)
    with closing(control), control.cursor() as cursor, connection.cursor() as here:
        cursor.execute("SELECT 1")
        here.execute("SELECT pg_sleep(0.2)")
        try:
            cursor.execute("SELECT 1")
        except DatabaseError:
            return True
    return False


def test_one_at_a_time_and_let_go_at_once():
    with only_one("a") as first, only_one("a") as second, only_one("b") as other:
        assert (first, second, other) == (True, False, True)
    for _ in range(20):
        with only_one("a") as again:
            assert again


def test_an_error_inside_lets_go_and_comes_through():
    with pytest.raises(ZeroDivisionError), only_one("a"):
        1 / 0  # noqa: B018
    with only_one("a") as mine:
        assert mine


def test_a_lock_of_hours_holds_no_vacuum_up_and_is_not_ended_for_idling():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        (name,) = cursor.fetchone()
        cursor.execute(f'ALTER DATABASE "{name}" SET idle_in_transaction_session_timeout = 50')
    try:
        with only_one("a") as mine:
            assert mine
            assert of_the_lock("state, backend_xmin IS NULL, backend_xid IS NULL") == [
                ("idle in transaction", True, True)
            ]
            assert ended_for_idling()  # control: any other transaction is
            with only_one("a") as other:
                assert not other
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" RESET idle_in_transaction_session_timeout')


def test_a_lock_until_commit_is_one_job_at_a_time():
    with transaction.atomic():
        assert try_until_commit("a")
        with only_one("a") as other:
            assert not other
    with only_one("a") as other:
        assert other


def test_an_import_whose_lock_was_lost_writes_nothing_after_another_went_on(monkeypatch):
    """The connection of the lock is cut in the middle: another process imports it all, and the first leaves it at that."""
    dataset = new_dataset()
    rows = b"".join(b"text %d\n" % row for row in range(30))
    (upload,) = receive_upload(owner(dataset), dataset, files=[file("a.csv", b"text\n" + rows)])
    monkeypatch.setattr(importing, "TEXT_CHUNK_ROWS", 10)
    write, calls = importing._write, []

    def cut(upload, chunk):
        calls.append(len(chunk))
        if len(calls) == 2:
            with as_owner(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'")
            importing.import_upload(upload.pk)
        write(upload, chunk)

    monkeypatch.setattr(importing, "_write", cut)
    assert importing.import_upload(upload.pk)
    assert counts(Upload.objects.get(pk=upload.pk)) == ("done", 30, 30, 0, 0)
    assert Item.objects.filter(dataset=dataset).count() == 30
    assert calls == [
        10,
        10,
        10,
        10,
    ]  # two of the first, two of the other; the third of the first was refused with its chunk
