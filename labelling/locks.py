"""Only one process at a time does a long job; the lock goes with the connection, so a killed process lets go of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

UPLOAD, RELEASE, ITEMS_OF_PROJECT = 7101, 7102, 7103  # the first half of the advisory lock's key


@contextmanager
def only_one(room: int, row_id: int) -> Iterator[bool]:
    """True inside when the job is ours; False when another process has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [room, _half(row_id)])
        mine = cursor.fetchone()[0]
    try:
        yield mine
    finally:
        if mine and connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [room, _half(row_id)])


def lock_until_commit(room: int, row_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [room, _half(row_id)])


def _half(row_id: int) -> int:
    return row_id % 2**31
