"""PostgreSQL advisory locks by name: of a transaction, never of a session, for behind a pooler a session is nobody's.

A pooler that hands a server connection to whoever has a transaction (`pool_mode = transaction`) lets a session's lock stay behind
on a connection that others use. A lock of a transaction cannot: docs/decisions/locks.md.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger(__name__)

_TRY = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"
# The lock's transaction does nothing else, so it may last: it has no snapshot and no number, and holds no vacuum up.
_MAY_LAST = "SELECT set_config(name, '0', true) FROM pg_settings WHERE name = ANY(%s)"
_ENDS = ["idle_in_transaction_session_timeout", "transaction_timeout"]


@contextmanager
def only_one(name: str) -> Iterator[bool]:
    """For a job of many transactions: True inside when it is ours, False at once when another process has it.

    The lock is an open transaction on a connection of its own; killed, the server takes both back. Should that connection break
    while the work goes on, another may begin the same: so every job also writes only where it left off (compare and swap).
    """
    with closing(own_connection(settings.LOCKS_DATABASE)) as own:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute(_MAY_LAST, [_ENDS])
            cursor.execute(_TRY, [name])
            (mine,) = cursor.fetchone()
        try:
            yield mine
        finally:
            _let_go(own, name)


def _let_go(own: BaseDatabaseWrapper, name: str) -> None:
    """Heard by the server before we go on: who asks next finds it free."""
    try:
        own.rollback()
    except DatabaseError as lost:
        log.warning("The lock %s was lost with its connection: %s", name, lost)


def try_until_commit(name: str) -> bool:
    """For a job of one transaction: False when another one has it."""
    with connection.cursor() as cursor:
        cursor.execute(_TRY, [name])
        return bool(cursor.fetchone()[0])


def lock_until_commit(name: str) -> None:
    """Wait for the lock and keep it until the caller's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def own_connection(elsewhere: dict | None = None) -> BaseDatabaseWrapper:
    """A connection beside this thread's, to the same database; the caller closes it. Without parameters bound by the server:
    a statement's portal would keep its snapshot until the next one."""
    own = connection.copy()
    left_out = ("pool", "server_side_binding", "prepare_threshold")
    options = {key: value for key, value in own.settings_dict["OPTIONS"].items() if key not in left_out}
    own.settings_dict = {**own.settings_dict, "OPTIONS": options, **(elsewhere or {})}
    return own


def items_of(project_id: int) -> str:
    """The name of a lock: who adds items, makes them known, or puts them on offer takes turns with the others."""
    return f"labelling.items_of_project:{project_id}"
