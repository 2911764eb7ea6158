"""Fixtures for every room."""

import os
import random
import time
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.signals import connection_created
from django.utils import translation

from api.views.base import APIView
from delivery import cache, enqueue
from ledger import clock
from server.embedded import DATABASE
from tests import contract, prepared
from tests.chromium import end_chromium
from tests.roles import APP_ROLE, become_app


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Where the tables are there already (tests/prepared.py) the tests' database is a copy of them."""
    if prepared.FOLDER in os.environ:
        connection.settings_dict["TEST"]["TEMPLATE"] = DATABASE


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """What is tested speaks to the database as the application's role does: a right that it lacks is found by the test that needs it."""
    from ledger.roles import grant_app_role

    with django_db_blocker.unblock():
        grant_app_role(APP_ROLE)
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT {APP_ROLE} TO CURRENT_USER WITH SET TRUE")
        become_app(connection=connection)
        connection_created.connect(become_app)
    yield
    connection_created.disconnect(become_app)


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_ledgers_law():
    """Tests with transaction=True end with a TRUNCATE, which the ledger refuses: for that statement only, triggers sleep."""
    truncate = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(self, sql_list):
        owner, asleep = "SET LOCAL ROLE NONE", "SET LOCAL session_replication_role = replica"
        truncate(self, [owner, asleep, *sql_list])

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
        assert ours, "a cursor on the server outside a transaction: take kernel.sql.stream() or pages()"
        return chunked(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseWrapper, "chunked_cursor", chunked_cursor)
        yield


@pytest.fixture(autouse=True, scope="session")
def _answers_as_documented():
    """Whatever else a test looks at: an answer of the API that docs/openapi.json does not tell fails it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(APIView, "finalize_response", contract.watch(APIView))
        yield


@pytest.fixture(autouse=True, scope="module")
def _one_browser_a_file():
    """Who asks for Chromium gets the one that runs; it ends with the file, and Playwright's loop with it."""
    yield
    end_chromium()


@pytest.fixture(autouse=True)
def _no_language_is_left():
    """A page in isiZulu leaves its language in the thread; a server's next request sets its own."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _breakers_closed():
    """A server that was away for one test is asked again in the next."""
    yield
    cache.breaker.close()
    enqueue.breaker.close()


@pytest.fixture(autouse=True)
def _the_same_draws(request):
    """What the product draws at random (gold among work, the order of a pack) is the same each time, whatever ran before."""
    random.seed(request.node.nodeid)


@pytest.fixture
def noon():
    """Today at noon, and going on from there: the day does not end in the middle of the test."""
    with time_machine.travel(datetime.now(UTC).replace(hour=12, minute=0, second=0), tick=True):
        yield
