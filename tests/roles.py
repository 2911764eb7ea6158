"""Who speaks to the database in a test: the application's role, unless the test says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection as default

APP_ROLE = "ilima_test_app"


def become_app(connection, **_) -> None:
    """For a connection that was just made: all that follows on it is the application's."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APP_ROLE}")


@contextmanager
def as_owner() -> Iterator[None]:
    """To set a stage that the application cannot set: it may not change what was answered, earned or logged."""
    with default.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        try:
            yield
        finally:
            cursor.execute(f"SET ROLE {APP_ROLE}")
