"""One exchange with a hard end, and the rail's own door."""

import socket
import threading
from dataclasses import replace

import pytest

from payouts.providers.base import Accepted, Order, Refused, Unknown
from payouts.providers.http import NoAnswer, exchange
from payouts.providers.simulated import SimulatedProvider, _outcome
from tests.payouts.conftest import SECRET

HEADERS = {"Authorization": f"Bearer {SECRET}"}


@pytest.fixture
def dripping():
    """A server that sends the headers, or the body, one byte every 20 ms and never comes to an end."""
    gone = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        line, _ = listener.accept()
        line.recv(4096)
        line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        try:
            while not gone.wait(0.02):
                line.sendall(b"a")
        except OSError:
            gone.set()

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    gone.set()
    thread.join()
    listener.close()


def test_an_endless_answer_ends_at_the_deadline(dripping):
    with pytest.raises(NoAnswer):
        exchange("GET", dripping, {}, deadline_s=0.2)


def test_an_answer_that_is_not_json_has_no_body(rail):
    assert exchange("GET", f"{rail.url}/orders/none", {}).status == 401
    reply = exchange("PUT", f"{rail.url}/orders/none", HEADERS)
    assert (reply.status, reply.body) == (501, None)


def test_the_rail_refuses_what_it_cannot_read(rail):
    order = {"reference": "a", "amount_micro": 5, "currency": "USD", "destination": "x"}
    for field, value in [
        ("reference", ""),
        ("amount_micro", "5"),
        ("amount_micro", -5),
        ("currency", 7),
        ("destination", None),
    ]:
        reply = exchange("POST", f"{rail.url}/payouts", HEADERS, {**order, field: value})
        assert (reply.status, reply.body["field"]) == (422, field)
    assert exchange("POST", f"{rail.url}/payouts", HEADERS, []).status == 422
    assert exchange("POST", f"{rail.url}/pigeons", HEADERS, order).status == 404
    assert rail.order("a") == {"code": "unknown_reference"}


def test_the_rail_carries_a_reference_out_once(rail):
    order = {"reference": "once", "amount_micro": 5, "currency": "USD", "destination": "+27820000001"}
    first = exchange("POST", f"{rail.url}/payouts", HEADERS, order)
    assert (first.status, first.body["status"]) == (202, "paid")
    again = exchange("POST", f"{rail.url}/payouts", HEADERS, order)
    assert (again.status, again.body) == (200, first.body)
    assert exchange("POST", f"{rail.url}/payouts", HEADERS, {**order, "amount_micro": 6}).status == 409
    assert exchange("POST", f"{rail.url}/charges", HEADERS, order).status == 409
    assert rail.paid_times("once") == 1


def test_a_wrong_secret_says_nothing_about_the_money(rail, settings):
    settings.RAIL_SECRET = "wrong"
    provider = SimulatedProvider()
    assert provider.look_up("once") == Unknown("HTTP 401")
    assert provider.submit(Order("payout", "w", 5, "USD", "+27820000001")) == Unknown("HTTP 401")
    with pytest.raises(NoAnswer, match="401"):
        list(provider.statement())


def test_a_reference_that_is_taken_is_one_to_look_up(rail):
    first = Order("payout", "taken", 5, "USD", "+27820000001")
    assert SimulatedProvider().submit(first) == Accepted()
    assert SimulatedProvider().submit(replace(first, amount_micro=6)) == Unknown("HTTP 409")


def test_a_refusal_is_conclusive(rail):
    assert SimulatedProvider().submit(Order("payout", "r", 5, "USD", "+9990013")) == Refused("no_such_account")


def test_a_word_of_the_rails_that_we_do_not_know_is_unknown():
    assert _outcome({"status": "on holiday"}) == Unknown("the rail said 'on holiday'")
