"""`./run demo` looks after all that it runs: killed, stopped or silent it is started again; killed itself, it leaves nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import psutil
import psycopg
import pytest
import requests

import server.watch
from server import leftovers, pulse
from server.embedded import Postgres
from server.processes import kill_session, spawn, started_at
from server.watch import Watch
from tests.supervised import MARKS, Supervised, supervised, wait

AGAIN_S = 120  # on a machine that does other things, too; benchmarks/results/fire.md tells the times


def seen(find: Callable[[], psutil.Process], within_s: float = 60) -> psutil.Process:
    """The process, once it is there."""
    found = []

    def look() -> bool:
        try:
            found.append(find())
        except LookupError:
            return False
        return True

    wait(look, within_s)
    return found[-1]


def is_gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def another_than(platform: Supervised, name: str, old: psutil.Process) -> None:
    wait(lambda: seen(lambda: platform.parent(name)).pid != old.pid, AGAIN_S, f"{name} again")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with supervised(tmp_path_factory.mktemp("supervised") / "data", 21000) as platform:
        wait(platform.healthy, AGAIN_S)
        yield platform


@pytest.mark.slow
@pytest.mark.parametrize("name", MARKS)
def test_what_is_killed_is_started_again_and_nothing_of_it_serves_on(running, name):
    old = seen(lambda: running.parent(name))
    family = [old, *old.children(recursive=True)]
    old.kill()
    another_than(running, name, old)
    wait(running.answers, AGAIN_S)
    wait(lambda: all(is_gone(process) for process in family), 20, f"what came from the old {name}")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["web", "worker"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_child_is_replaced_by_its_parent(running, name, how):
    child = seen(lambda: running.child(name))
    child.send_signal(how)
    wait(lambda: is_gone(child), AGAIN_S, f"a {how.name} child of {name}")
    wait(lambda: seen(lambda: running.child(name)).pid != child.pid, AGAIN_S)
    wait(running.answers, AGAIN_S)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["valkey", "postgres", "web", "beat"])
def test_what_is_stopped_is_replaced(running, name):
    old = seen(lambda: running.parent(name))
    old.suspend()
    another_than(running, name, old)
    wait(running.answers, AGAIN_S)


@pytest.mark.slow
def test_a_stopped_backend_goes_on_and_nobody_elses_work_is_cut_off(running):
    url = running.environment["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as one:
        backend = psutil.Process(one.info.backend_pid)
        backend.suspend()
        assert one.execute("SELECT 1").fetchone() == (1,)  # hangs until it goes on
    assert f"{backend.pid} of postgres was stopped; sent SIGCONT." in running.said()


@pytest.mark.slow
def test_in_the_end_it_is_healthy_and_leaves_no_orphan(running):
    wait(running.healthy, AGAIN_S)
    assert requests.get(f"{running.url}/live", timeout=10).ok
    mine = {process.pid for process in running.all()}
    ours = {running.process.pid, *(p.pid for p in psutil.Process(running.process.pid).children(recursive=True))}
    assert mine <= ours  # no orphan among all that was killed


@pytest.mark.slow
def test_a_killed_supervisor_leaves_nothing_and_the_next_one_works(running):
    """The last of those that share one: it is started twice more."""
    platform = running
    kept = platform.environment["MIGRATE_DATABASE_URL"]
    with psycopg.connect(kept, autocommit=True) as one:
        one.execute("CREATE TABLE kept AS SELECT 7 AS number")
    platform.process.kill()
    platform.process.wait()
    wait(lambda: not platform.all(), 30, "all that it ran")
    platform.start()
    wait(platform.healthy, AGAIN_S)

    left = platform.parent("postgres")  # one that does not hear that its parent has gone
    left.suspend()
    platform.process.kill()
    platform.process.wait()
    assert left.is_running()
    platform.start()
    wait(platform.healthy, AGAIN_S)
    assert not left.is_running()
    with psycopg.connect(platform.environment["MIGRATE_DATABASE_URL"]) as one:
        assert one.execute("SELECT number FROM kept").fetchone() == (7,)


# --- the parts ----------------------------------------------------------------------------------------------------------
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
TWO = [sys.executable, "-c", "import os, time; os.fork(); time.sleep(600)"]


@pytest.fixture
def one(tmp_path):
    class One:
        name, log, patience_s, starts = "one", tmp_path / "log", 0.3, 0
        alive, command, process = True, SLEEP, None

        def start(self):
            self.process, self.starts = spawn(self.command, self.log), self.starts + 1

        def kill(self):
            kill_session(self.process.pid)
            self.process.wait()

        def lives(self):
            return self.alive

    made = One()
    made.start()
    yield made
    made.kill()


def watch(one, tmp_path) -> tuple[Watch, list[str]]:
    said: list[str] = []
    (tmp_path / "pulse").mkdir()
    return Watch([one], tmp_path / "pulse", said.append), said


def test_silence_is_noticed_and_an_answer_is_believed(one, tmp_path):
    one.patience_s = 2.5  # it is asked once a second
    looks, said = watch(one, tmp_path)
    looks.start()
    until = time.monotonic() + 4
    while time.monotonic() < until:
        assert looks.look() == []
        time.sleep(0.1)
    one.alive = False
    wait(lambda: looks.look() == ["one"], 10)
    looks.end()
    assert one.starts == 2
    assert "answered nothing" in said[0]


def test_what_starts_slowly_is_given_longer_each_time_until_it_answers(one, tmp_path, monkeypatch):
    """On a machine so busy that a start takes longer than the patience, each one was ended before it answered, for ever."""
    monkeypatch.setattr(server.watch, "CALM_S", 0)  # its patience is longer than that
    one.patience_s, one.alive, needs_s = 0.5, False, 3
    looks, said = watch(one, tmp_path)
    looks.start()
    began_s = until_s = time.monotonic()
    while not one.alive and time.monotonic() < until_s + 30:
        if looks.look():
            began_s = time.monotonic()
        one.alive = one.starts > 1 and time.monotonic() - began_s > needs_s
        time.sleep(0.05)
    looks.end()
    assert one.alive, said
    assert one.starts <= 4


def test_a_promise_that_is_not_kept_is_noticed(one, tmp_path):
    one.patience_s = 600
    looks, said = watch(one, tmp_path)
    (tmp_path / "pulse" / f"{one.process.pid}-thread").write_text(str(time.monotonic() + 600))
    assert looks.look() == []
    (tmp_path / "pulse" / f"{one.process.pid}-thread").write_text(str(time.monotonic() - 1))
    assert looks.look() == ["one"]
    assert "broke its promise (thread)" in said[0]
    assert list(pulse.broken(tmp_path / "pulse")) == []


def test_a_promise_of_a_process_that_is_not_ours_kills_nobody(one, tmp_path):
    stranger = subprocess.Popen(SLEEP, start_new_session=True)
    try:
        looks, _ = watch(one, tmp_path)
        one.patience_s = 600
        (tmp_path / "pulse" / f"{stranger.pid}-thread").write_text("0")
        assert looks.look() == []
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_what_dies_again_and_again_is_started_ever_more_seldom(one, tmp_path):
    one.command, one.patience_s = [sys.executable, "-c", ""], 600
    looks, _ = watch(one, tmp_path)
    one.kill()
    until = time.monotonic() + 5
    while time.monotonic() < until:
        looks.look()
        time.sleep(0.05)
    assert 2 <= one.starts <= 5


def test_a_dead_leaders_children_end_before_the_next_start(one, tmp_path):
    one.kill()
    one.command = TWO
    one.start()
    leader = psutil.Process(one.process.pid)
    wait(lambda: bool(leader.children()), 10)
    [child] = leader.children()
    leader.kill()
    looks, _ = watch(one, tmp_path)
    one.patience_s = 600
    wait(lambda: looks.look() == ["one"], 10)
    assert is_gone(child)


def test_a_tethered_process_ends_with_who_started_it(tmp_path):
    code = (
        "import sys; from pathlib import Path; from server.processes import spawn;"
        "print(spawn([sys.executable, '-c', 'import time; time.sleep(600)'], Path(sys.argv[1])).pid, flush=True); input()"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "log")]
    starter = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    pid = int(starter.stdout.readline())
    assert started_at(pid) is not None
    starter.kill()
    starter.wait()
    wait(lambda: started_at(pid) is None, 10)


def test_only_the_process_that_was_written_down_is_ended():
    old = subprocess.Popen(SLEEP, start_new_session=True)
    began = started_at(old.pid)
    leftovers.end_services({"web": (old.pid, began - 3600)})  # its number belongs to somebody else by now
    assert old.poll() is None
    leftovers.end_services({"web": (old.pid, began)})
    wait(lambda: is_gone(psutil.Process(old.pid)) if psutil.pid_exists(old.pid) else True, 10)


def test_a_living_postgres_is_waited_for_and_its_pid_file_left_alone(tmp_path, monkeypatch):
    """Two supervisors on one folder, the second after the first was killed: never two on the same files, never one cut off."""
    first, second = Postgres(tmp_path), Postgres(tmp_path)
    first.start()
    try:
        with psycopg.connect(first.url(), autocommit=True) as one:
            one.execute("CREATE TABLE kept AS SELECT 7 AS number")
        monkeypatch.setattr("server.embedded.START_TIMEOUT_S", 1)
        with monkeypatch.context() as patch:
            patch.setattr(
                leftovers, "end_postgres", lambda data: None
            )  # in another container, say: not to be seen from here
            with pytest.raises(RuntimeError, match="Another PostgreSQL still works on"):
                second.start()
        assert first.process.poll() is None
        with psycopg.connect(first.url()) as one:  # unharmed
            assert one.execute("SELECT number FROM kept").fetchone() == (7,)
        monkeypatch.setattr("server.embedded.START_TIMEOUT_S", 60)
        second.start()  # which ends it in order
        assert first.process.wait(10) == 0
        with psycopg.connect(second.url()) as one:
            assert one.execute("SELECT number FROM kept").fetchone() == (7,)
    finally:
        first.stop()
        second.stop()


def test_a_number_that_somebody_else_has_now_stops_no_start(tmp_path):
    """A power cut leaves a pid file; after it the number belongs to another process."""
    postgres = Postgres(tmp_path)
    postgres.start()
    postgres.process.send_signal(signal.SIGKILL)
    postgres.process.wait()
    lines = (postgres.data / "postmaster.pid").read_text().split("\n")
    (postgres.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]))
    postgres.start()
    assert postgres.answers()
    postgres.stop()
