"""How much of a web process strangers of one network take while people work; no pause for anybody else, none that lasts, no refusal."""

import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.test import RequestFactory

from intake.urls import name_url
from people.models import Person
from server.at_work import AtWork
from server.front import Front, note_person
from server.health import looked
from server.pace import BURST_S, LONGEST_S, MANY, PROBE_BURST_S, PROBE_LONGEST_S, REQUEST_S, SHARE, WORKING_S, Pace

HERE, THERE = "192.0.2.1", "198.51.100.1"
FIRST_VISIT = 25 * [0.002]  # processor time of each of its requests


class Clock:
    def __init__(self) -> None:
        self.now_s, self.pauses = 1000.0, []

    def now(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now_s += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pace(clock):
    return Pace(64, clock.now, clock.sleep)


def ask(pace: Pace, network: str, *costs: float, works: bool = True) -> None:
    for cost in costs:
        if works:
            pace.somebody_works()
        pace.pause(network)
        pace.spent(network, cost)


def test_those_of_one_network_have_their_share_however_much_they_ask(pace, clock):
    began, spent = clock.now_s, 0.0
    while clock.now_s < began + 60:
        ask(pace, HERE, 0.005)
        clock.now_s += 0.0001  # no time to speak of: many ask at once
        spent += 0.005 + REQUEST_S
    assert spent == pytest.approx(BURST_S + 60 * SHARE, rel=0.05)


def test_a_room_that_opens_the_app_at_once_waits_for_nothing_and_then_a_first_visit_each_second(pace, clock):
    ask(pace, HERE, *20 * FIRST_VISIT)  # forty people, two processes
    assert not clock.pauses
    clock.now_s += 10
    for _ in range(60):
        clock.now_s += 1
        ask(pace, HERE, *FIRST_VISIT)
    assert not clock.pauses


def test_a_monitor_is_never_paced_nor_is_another_network(pace, clock):
    ask(pace, HERE, *300 * [0.01])
    assert clock.pauses
    paused = len(clock.pauses)
    for _ in range(600):
        clock.now_s += 1
        ask(pace, THERE, 0.002)
    assert len(clock.pauses) == paused


def test_while_nobody_works_strangers_have_all_of_it(pace, clock):
    ask(pace, HERE, *1000 * [0.01], works=False)
    assert not clock.pauses
    pace.somebody_works()  # what they took before is not held against them
    clock.now_s += WORKING_S / 2
    pace.pause(HERE)
    assert sum(clock.pauses) <= 2 * REQUEST_S / SHARE


def test_a_probe_has_no_burst_of_a_page(pace, clock):
    pace.somebody_works()
    for _ in range(500):  # in no time at all: 48 connections that ask for it
        pace.pause(HERE, 0.0, PROBE_BURST_S)
    assert not clock.pauses
    pace.pause(HERE, LONGEST_S, PROBE_BURST_S)
    assert clock.pauses == [LONGEST_S]
    pace.somebody_works()
    pace.pause(HERE)  # who opens a page there has her burst still
    assert clock.pauses == [LONGEST_S]


def test_who_works_in_one_process_is_worked_beside_by_the_strangers_of_another(clock, tmp_path):
    hers, theirs = (Pace(64, clock.now, clock.sleep, AtWork(tmp_path / "data" / "at_work")) for _ in range(2))
    ask(theirs, HERE, *500 * [0.01], works=False)
    assert not clock.pauses
    hers.somebody_works()
    ask(theirs, HERE, *500 * [0.01], works=False)
    assert clock.pauses
    clock.now_s -= 500  # the machine starts anew, and its clock with it
    assert not AtWork(tmp_path / "data" / "at_work").within(WORKING_S, clock.now_s)


def test_without_a_disk_a_process_knows_its_own_people(tmp_path, caplog):
    (tmp_path / "file").touch()
    at_work = AtWork(tmp_path / "file" / "at_work")
    at_work.note(1000.0)
    assert at_work.within(WORKING_S, 1000.5)
    assert "only its own people" in caplog.text


def test_nobody_pauses_longer_than_is_said_whatever_others_of_her_network_did(pace, clock):
    ask(pace, HERE, *50 * [5.0])  # minutes of a processor
    pace.somebody_works()
    pace.pause(HERE)
    pace.pause(HERE, PROBE_LONGEST_S)
    assert max(clock.pauses) <= LONGEST_S
    assert clock.pauses[-1] <= PROBE_LONGEST_S


def test_pauses_hold_half_of_the_room_and_no_more():
    entered, let_go = threading.Semaphore(0), threading.Event()

    def sleep(seconds: float) -> None:
        entered.release()
        assert let_go.wait(20)

    pace = Pace(2, lambda: 1000.0, sleep)
    pace.somebody_works()
    pace.spent(HERE, 10.0)
    paused = [threading.Thread(target=pace.pause, args=(HERE,)) for _ in range(2)]
    for thread in paused:
        thread.start()
    for _ in paused:
        assert entered.acquire(timeout=20)
    pace.pause(HERE)  # the places are taken: on it goes, nobody is turned away
    let_go.set()
    for thread in paused:
        thread.join(20)
    assert pace._places == 2


def test_what_is_remembered_of_networks_is_bounded(pace):
    for n in range(3 * MANY):
        pace.spent(f"network {n}", 0.001)
    assert len(pace._spent) == MANY


# --- before Django ----------------------------------------------------------------------------------------------------
class Whole(list):
    streaming = False


class Site:
    def __init__(self, clock: Clock) -> None:
        self.front = Front(self._answer, 8)
        self.front._pace = Pace(64, clock.now, clock.pauses.append)

    def _answer(self, environ, start_response):
        request = RequestFactory().get("/")
        request.META, request.user = environ, Person(pk=7)
        if environ.get("HTTP_AUTHORIZATION") == "Bearer hers":
            note_person(request)
        start_response("200 OK", [])
        return Whole()

    def ask(self, address: str = "/", token: str = "") -> str:
        said: list = []
        url = urlsplit(address)
        environ = {**RequestFactory().get("/").META, "PATH_INFO": url.path, "QUERY_STRING": url.query}
        environ |= {"REMOTE_ADDR": HERE} | ({"HTTP_AUTHORIZATION": token} if token else {})
        with ThreadPoolExecutor(1) as server:  # a server's thread has no connection of the test's
            server.submit(self.front, environ, lambda status, headers: said.append(status)).result(20)
        return said[0]


@pytest.fixture
def site(clock):
    site = Site(clock)
    site.ask(token="Bearer hers")
    site.ask(token="Bearer hers")  # by now she is known, and at work
    site.front._pace.spent(HERE, 10.0)  # somebody else of her network asks for much
    return site


def test_who_works_never_pauses_nor_do_the_pictures_that_were_signed_for_her(site, clock):
    site.ask(token="Bearer hers")
    site.ask(name_url("variants/ab/cd-640.webp"))
    assert not clock.pauses
    site.ask("/media/variants/ab/cd-640.webp?e=99999999999&s=made-up")
    site.ask("/media/variants/ab/cd-640.webp")
    site.ask("/app/")
    assert len(clock.pauses) == 3


def test_live_pauses_for_a_moment_at_the_most_and_the_word_of_health_as_any_page_does(site, clock, monkeypatch):
    monkeypatch.setattr(looked, "at_hand", lambda: {"ok": True})
    assert [site.ask("/live"), site.ask("/health")] == ["200 OK", "200 OK"]
    assert clock.pauses == [PROBE_LONGEST_S, pytest.approx(LONGEST_S)]


def test_what_a_person_cost_is_not_held_against_the_strangers_of_her_network(clock):
    site = Site(clock)
    for _ in range(3):
        site.ask(token="Bearer hers")
        site.front._persons.clear()  # a process that has just started knows nobody
    assert site.front._pace._spent[HERE][0] <= 3 * REQUEST_S
