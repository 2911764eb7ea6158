"""Fixtures for every room."""

import random
import time
from datetime import UTC, datetime

import pytest
import time_machine
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.backends.postgresql.operations import DatabaseOperations

from delivery import cache, waking
from ledger import clock


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_ledgers_law():
    """Tests with transaction=True end with a TRUNCATE, which the ledger refuses: for that statement only, triggers sleep."""
    truncate = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(self, sql_list):
        asleep, awake = "SET LOCAL session_replication_role = replica", "SET LOCAL session_replication_role = DEFAULT"
        truncate(self, [asleep, *sql_list, awake])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)
        yield


@pytest.fixture(autouse=True, scope="session")
def _one_clock():
    """The database runs on this machine. Its clock is read off the wall here, where a test can travel in time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "steady_s", time.time)
        patch.setattr(clock, "offset_s", lambda: 0.0)
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_cursor_outside_a_transaction():
    """Behind a pooler a cursor on the server ends with its transaction, so nothing may stream rows outside one."""
    chunked = DatabaseWrapper.chunked_cursor

    def chunked_cursor(self):
        ours = [block for block in self.atomic_blocks if not block._from_testcase]
        assert ours, "a cursor on the server outside a transaction: take ledger.sql.stream() or pages()"
        return chunked(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseWrapper, "chunked_cursor", chunked_cursor)
        yield


@pytest.fixture(autouse=True)
def _breakers_closed():
    """A server that was away for one test is asked again in the next."""
    yield
    cache.breaker.close()
    waking.breaker.close()


@pytest.fixture(autouse=True)
def _the_same_draws(request):
    """What the product draws at random (gold among work, the order of a pack) is the same each time, whatever ran before."""
    random.seed(request.node.nodeid)


@pytest.fixture
def noon():
    """Today at noon, and going on from there: the day does not end in the middle of the test."""
    with time_machine.travel(datetime.now(UTC).replace(hour=12, minute=0, second=0), tick=True):
        yield
