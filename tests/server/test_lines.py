"""Whose request runs next in a web process: strangers, one person or one network never have all of it, nor does a slow reader."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject

from people.models import Person
from server import front as front_page
from server.front import Front, note_person
from server.health import Looked
from server.lines import Crowded, Lines, Who

SLOTS, ROOM = 8, 32
PATIENCE_S = 20  # for what comes at once on any machine
HERE, THERE = "192.0.2.1", "198.51.100.1"


class Hall:
    """Requests that stay until they are let go, and the order in which their turns came."""

    def __init__(self, lines: Lines) -> None:
        self.lines, self.turns, self._let_go, self._threads = lines, [], {}, []
        self._moved = threading.Condition()

    def comes(self, name: str, who: Who, *, begun: bool = False) -> None:
        """Runs or waits when this returns."""
        before = len(self.lines._waiting) + len(self.turns)
        self._let_go[name] = threading.Event()
        self._threads.append(threading.Thread(target=self._stay, args=(name, who, begun), daemon=True))
        self._threads[-1].start()
        self.until(lambda: len(self.lines._waiting) + len(self.turns) > before)

    def _stay(self, name: str, who: Who, begun: bool) -> None:
        with self.lines.turn(who, begun=begun):
            with self._moved:
                self.turns.append(name)
                self._moved.notify_all()
            self._let_go[name].wait(PATIENCE_S)

    def goes(self, name: str) -> None:
        self._let_go[name].set()

    def until(self, so) -> None:
        deadline = time.monotonic() + PATIENCE_S
        with self._moved:
            while not self._moved.wait_for(so, 0.02):  # a line says nothing when somebody joins it
                assert time.monotonic() < deadline, f"never so; the turns were {self.turns}"

    def all_go(self) -> None:
        while alive := [thread for thread in self._threads if thread.is_alive()]:
            for event in self._let_go.values():
                event.set()
            alive[0].join(0.1)


@pytest.fixture
def hall():
    hall = Hall(Lines(SLOTS, ROOM))
    yield hall
    hall.all_go()
    assert not hall.lines._running
    assert len(hall.lines._free) == SLOTS


def test_strangers_have_half_and_those_of_one_network_a_quarter(hall):
    for n in range(6):
        hall.comes(f"here {n}", Who(HERE))
    assert hall.turns == ["here 0", "here 1"]
    for n in range(6):
        hall.comes(f"there {n}", Who(THERE))
        hall.comes(f"elsewhere {n}", Who(f"203.0.113.{n}"))
    assert len(hall.turns) == SLOTS // 2
    hall.comes("she", Who(HERE, person=7))  # while strangers of her own network wait
    assert hall.turns[-1] == "she"


def test_one_person_has_half(hall):
    for n in range(SLOTS):
        hall.comes(f"hers {n}", Who(HERE, person=7))
    assert hall.turns == [f"hers {n}" for n in range(SLOTS // 2)]
    hall.comes("another's", Who(HERE, person=8))
    assert hall.turns[-1] == "another's"


def test_next_is_whose_network_and_who_herself_has_the_least_running(hall):
    for person in (1, 2):
        for n in range(4):
            hall.comes(f"{person} {n}", Who(HERE, person=person))  # all slots are taken
    hall.comes("another of that network", Who(HERE, person=3))
    hall.comes("of another network", Who(THERE, person=4))
    hall.comes("a second of it", Who(THERE, person=4))
    hall.goes("1 0")
    hall.until(lambda: len(hall.turns) == SLOTS + 1)
    hall.goes("1 1")
    hall.until(lambda: len(hall.turns) == SLOTS + 2)
    hall.goes("1 2")
    hall.until(lambda: len(hall.turns) == SLOTS + 3)
    assert hall.turns[SLOTS:] == ["of another network", "a second of it", "another of that network"]


def test_only_where_there_is_no_room_is_who_takes_it_turned_away(hall):
    most = ROOM * 3 // 4
    for n in range(2 + most):
        hall.comes(f"here {n}", Who(HERE))
    with pytest.raises(Crowded), hall.lines.turn(Who(HERE)):
        pass
    with pytest.raises(Crowded), hall.lines.turn(Who(HERE)):
        pass  # who was turned away is not in line
    hall.comes("she", Who(THERE, person=7))
    assert hall.turns[-1] == "she"
    hall.comes("half sent", Who(HERE), begun=True)
    assert len(hall.lines._waiting) == most + 1


# --- before Django ----------------------------------------------------------------------------------------------------
def apart(call, *args):
    """In a thread as a server's, which has no connection of its own; the test's stays where it is."""
    with ThreadPoolExecutor(1) as server:
        return server.submit(call, *args).result(PATIENCE_S)


class Site:
    """A front before an application of the test's own."""

    def __init__(self, application) -> None:
        self.front = Front(application, SLOTS)

    def ask(self, path: str = "/", token: str = "", network: str = HERE, **more) -> tuple[str, dict, list[bytes]]:
        said: list = []
        environ = {**RequestFactory().get(path).META, "PATH_INFO": path, "REMOTE_ADDR": network, **more}
        if token:
            environ["HTTP_AUTHORIZATION"] = token
        answer = apart(self.front, environ, lambda status, headers: said.extend([status, dict(headers)]))
        return said[0], said[1], answer


def plain(environ, start_response):
    response = HttpResponse(environ["PATH_INFO"])
    start_response("200 OK", list(response.items()))
    return response


@pytest.mark.django_db
def test_there_are_no_more_connections_than_slots_however_many_threads(db):
    backends, lock = set(), threading.Lock()

    def application(environ, start_response):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid(), pg_sleep(0.01)")
            with lock:
                backends.add(cursor.fetchone()[0])
        return plain(environ, start_response)

    site = Site(application)
    threads = [threading.Thread(target=site.ask, kwargs={"network": f"192.0.2.{n}"}) for n in range(5 * SLOTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        assert 1 <= len(backends) <= SLOTS
    finally:
        for slot in site.front._lines._free:
            for one in slot._connections.values():
                one.close()


def test_a_token_is_a_persons_once_django_has_said_whose():
    def application(environ, start_response):
        request = RequestFactory().get("/")
        request.META = environ
        good = environ.get("HTTP_AUTHORIZATION") == "Bearer good"
        request.user = Person(pk=7) if good else AnonymousUser()
        note_person(request)
        return plain(environ, start_response)

    site = Site(application)
    turns = []
    turn = site.front._lines.turn
    site.front._lines.turn = lambda who, **options: turns.append(who.person) or turn(who, **options)
    for token in ("Bearer good", "Bearer made up", "Bearer good", "Bearer made up", ""):
        site.ask(token=token)
    assert turns == [0, 0, 7, 0, 0]


def test_whoever_was_not_asked_for_costs_no_statement():
    request = RequestFactory().get("/")
    request.user = SimpleLazyObject(lambda: pytest.fail("asked"))
    note_person(request)


def test_who_reads_slowly_holds_nobodys_turn():
    pieces, closed = iter([b"first", b"second"]), []

    def application(environ, start_response):
        response = StreamingHttpResponse(pieces)
        response.close = lambda: closed.append(dict(site.front._lines._running))
        start_response("200 OK", [])
        return response

    site = Site(application)
    _, _, answer = site.ask()
    assert apart(next, answer) == b"first"
    assert not site.front._lines._running  # between two pieces
    assert apart(list, answer) == [b"second"]
    apart(answer.close)
    assert closed == [{Who(HERE): 1, HERE: 1, "strangers": 1}]  # what ends with a request has its connections


def test_who_sends_slowly_has_no_turn_before_all_is_there():
    running = []

    class Slow(BytesIO):
        def read(self, *args):
            running.append(dict(site.front._lines._running))
            return super().read(*args)

    def application(environ, start_response):
        environ["PATH_INFO"] = environ["wsgi.input"].read().decode()
        return plain(environ, start_response)

    site = Site(application)
    assert site.ask(**{"wsgi.input": Slow(b"{}"), "CONTENT_LENGTH": "2"})[2] == [b"{}"]
    assert running == [{}]


def test_probes_are_answered_while_every_turn_is_taken(monkeypatch):
    looked = Looked()
    monkeypatch.setattr(front_page, "looked", looked)
    monkeypatch.setattr("server.health._kept", lambda: {"ok": False, "missing": {"beat": "start it"}})
    site = Site(plain)
    assert site.ask("/health")[2] == [b"/health"]  # nothing is known: somebody looks
    assert site.ask("/health", token="Bearer of-the-operator")[2] == [b"/health"]  # may be told more
    looked.found()
    site.front._lines._free.clear()  # every turn is taken
    assert (site.ask("/live")[0], site.ask("/live")[2]) == ("200 OK", [b'{"ok": true}'])
    status, headers, body = site.ask("/health")
    assert (status, body, headers["Cache-Control"]) == ("503 Service Unavailable", [b'{"ok": false}'], "no-store")


def test_who_is_turned_away_hears_when_to_come_again(monkeypatch):
    def full(self, who, **_):
        raise Crowded

    monkeypatch.setattr(Lines, "turn", full)
    for path, shape in (("/api/v1/me", "error"), ("/_allauth/browser/v1/config", "errors"), ("/", "error")):
        status, headers, body = Site(plain).ask(path)
        assert (status, headers["Retry-After"]) == ("429 Too Many Requests", "1")
        assert shape in json.loads(b"".join(body))
