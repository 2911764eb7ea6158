"""Two machines whose clocks differ read the database's: leases, times of work and appeals are the same on both.

A machine that is ahead or behind is one whose wall clock was moved: the database's is not.
"""

import re
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from labelling.models import Answer, Lease
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.expire_leases import expire_leases
from labelling.work.mark_recorded import mark_recorded
from ledger import clock
from tests.worlds import World, answer_to, opened, sentiment_world

ROOT = Path(__file__).resolve().parents[2]
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db
AS_IN_LIFE = {
    "steady_s": clock.steady_s,
    "offset_s": clock.offset_s,
}  # read before the fixture of all tests puts the wall there


@pytest.fixture(autouse=True)
def _as_in_life(monkeypatch):
    for name, function in AS_IN_LIFE.items():
        monkeypatch.setattr(clock, name, function)
    monkeypatch.setattr(clock, "_measured", None)


@contextmanager
def machine(off: timedelta):
    """Another machine, with a process that has not yet asked the database for the time."""
    clock._measured = None
    with time_machine.travel(datetime.now(UTC) + off):
        yield
    clock._measured = None


def wall(monkeypatch) -> None:
    """The control: each machine believes its own clock."""
    monkeypatch.setattr(clock, "steady_s", time.time)
    monkeypatch.setattr(clock, "offset_s", lambda: 0.0)


@pytest.mark.parametrize("off", [-40 * MINUTE, -5 * MINUTE, 5 * MINUTE, 40 * MINUTE], ids=str)
def test_a_lease_lent_by_a_machine_whose_clock_is_off_is_held_for_its_half_hour(off):
    world = opened(sentiment_world(items=3))
    with machine(off):
        lent = draw_work(world.workers[0], world.batch, 2)
    with machine(timedelta()):
        assert expire_leases() == 0
        half_an_hour = Lease.objects.get(pk=lent[0].lease).expires_at - clock.now()
        assert timedelta(minutes=29) < half_an_hour <= timedelta(minutes=30)


def test_control_with_the_machines_own_clock_it_is_taken_back_at_once(monkeypatch):
    wall(monkeypatch)
    world = opened(sentiment_world(items=20))  # so many that the spare lets two slots go on at once
    with machine(-40 * MINUTE):
        draw_work(world.workers[0], world.batch, 2)
    assert expire_leases() == 2


def worked(drawn_on: timedelta, answered_on: timedelta, said_ms: int) -> int:
    """What is believed of a time of work: five seconds passed since the draw."""
    world = people(opened(sentiment_world(items=1)))
    with machine(drawn_on):
        [lent] = draw_work(world.workers[0], world.batch, 1)
    lease = Lease.objects.get(pk=lent.lease)
    Lease.objects.filter(pk=lease.pk).update(drawn_at=lease.drawn_at - timedelta(seconds=5))
    with machine(answered_on):
        [result] = accept_answers(world.workers[0], [answer_to(lent, {"label": "good"}, active_ms=said_ms)])
    assert result.status == "accepted"
    answer = Answer.objects.get(pk=result.id)
    assert abs(answer.received_at - database_now()) < MINUTE
    return answer.active_ms


def people(world: World) -> World:
    """Of a recorded crowd no time is measured."""
    mark_recorded(world.workers, recorded=False)
    return world


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


FAST, RIGHT, SLOW = 5 * MINUTE, timedelta(), -5 * MINUTE


@pytest.mark.parametrize(("drawn", "answered"), [(FAST, RIGHT), (RIGHT, SLOW), (SLOW, RIGHT), (RIGHT, FAST)], ids=str)
def test_a_time_of_work_is_measured_by_one_clock(drawn, answered):
    assert worked(drawn, answered, said_ms=4000) == 4000  # honest, and believed
    assert 5000 <= worked(drawn, answered, said_ms=200_000) < 30_000  # more than there was


def test_control_by_two_clocks_an_honest_worker_looks_like_a_machine(monkeypatch):
    wall(monkeypatch)
    world = people(opened(sentiment_world(items=1)))
    with machine(FAST):
        [lent] = draw_work(world.workers[0], world.batch, 1)
    accept_answers(world.workers[0], [answer_to(lent, {"label": "good"}, active_ms=4000)])
    assert Answer.objects.get().active_ms == 0


def test_the_clock_is_asked_once_a_minute_and_its_time_is_the_databases(monkeypatch):
    started = clock.steady_s()
    with CaptureQueriesContext(connection) as queries:
        for _ in range(1000):
            clock.now()
    assert len(queries) == 1
    assert abs((clock.now() - database_now()).total_seconds()) < 0.5
    monkeypatch.setattr(clock, "steady_s", lambda: started + clock.EVERY_S + 30)
    with CaptureQueriesContext(connection) as queries:
        clock.now()
        clock.now()
    assert len(queries) == 1


def test_time_never_runs_back_while_the_measurements_agree(monkeypatch):
    steady = [100.0]
    monkeypatch.setattr(clock, "steady_s", lambda: steady[0])

    def slow_answer(way_s: float):
        def ask() -> float:
            steady[0] += way_s  # the answer was made at once, and was long on its way
            return 1_000_000.0 + steady[0] - way_s

        return ask

    seen = []
    for way_s in (0.4, 0.01, 0.8, 0.3):
        monkeypatch.setattr(clock, "_ask", slow_answer(way_s))
        seen.append(clock.now())
        steady[0] += clock.EVERY_S + 1
    assert seen == sorted(seen)
    assert clock._measured.error_s == pytest.approx(0.005)  # the surest is kept


def test_another_database_after_a_failover_is_believed(monkeypatch):
    before = clock.now()
    elsewhere = database_now().timestamp() + 300
    monkeypatch.setattr(clock, "_ask", lambda: elsewhere)
    clock._measured = clock.Measured(clock._measured.offset_s, clock._measured.error_s, float("-inf"))
    assert timedelta(seconds=290) < clock.now() - before < timedelta(seconds=310)


@pytest.mark.django_db(transaction=True)
def test_a_failed_transaction_keeps_the_time_that_is_known():
    clock.now()
    clock._measured = clock.Measured(clock._measured.offset_s, clock._measured.error_s, float("-inf"))
    with transaction.atomic(), connection.cursor() as cursor:
        with pytest.raises(DatabaseError):
            cursor.execute("SELECT 1/0")
        assert abs(clock.now() - timezone.now()) < MINUTE
        transaction.set_rollback(True)


def test_rows_are_dated_by_the_databases_clock_and_migrations_see_nothing_new():
    with machine(40 * MINUTE):
        world = sentiment_world(items=1)
        assert abs(world.project.created_at - database_now()) < MINUTE
    with machine(-40 * MINUTE):
        world.project.title = "Renamed"
        world.project.save()
        assert abs(world.project.created_at - database_now()) < MINUTE
    decides = [apps.get_app_config(name) for name in ("labelling", "payouts", "people", "rewards")]
    dated = [
        field
        for app in decides
        for model in app.get_models()
        for field in model._meta.fields
        if getattr(field, "auto_now_add", 0)
    ]
    assert len(dated) > 12
    assert {type(field) for field in dated} == {clock.MadeAt}
    assert {field.deconstruct()[1] for field in dated} == {"django.db.models.DateTimeField"}


# Their own time, or a time that is only shown: nothing is decided by it.
OWN_TIME = {
    "platform/payouts/simulated_rail/books.py",
    "platform/payouts/simulated_rail/callbacks.py",
    "platform/anchoring/local_chain/evm.py",
    "platform/payouts/unsigned_callbacks.py",
    "platform/people/confirming.py",
    "platform/people/recent.py",  # against allauth's own note of the sign-in
    "platform/people/sessions.py",
    "labelling/models/decisions.py",
}
ROOMS = (
    "labelling",
    "consensus/app",
    "ml_assist",
    *(f"platform/{r}" for r in ("payouts", "people", "rewards", "anchoring")),
)


def test_no_room_that_decides_money_reads_this_machines_clock():
    """Whoever writes the next verb finds out here."""
    reads = re.compile(
        r"timezone\.(now|localdate|localtime)\b|\btime\.time(_ns)?\(|datetime\.(now|utcnow|today)\(|date\.today\("
    )
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    found = {str(path.relative_to(ROOT)) for path in paths if reads.search(path.read_text())}
    assert len(paths) > 150
    assert found == OWN_TIME
