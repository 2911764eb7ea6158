"""The database goes away under a request: 503 and when to come back; what was sent is taken when it is sent again."""

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from labelling.models import Answer
from labelling.work.draw_work import draw_work
from people.actions.make_token import make_token
from server import away
from tests.ledger.helpers import writer_connection
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db(transaction=True)


def cut() -> None:
    """The server ends our connection, as a crash of PostgreSQL does."""
    connection.ensure_connection()
    with writer_connection() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])


@pytest.fixture(autouse=True)
def _a_new_connection_afterwards():
    yield
    connection.close()


@pytest.fixture
def phone():
    world = opened(sentiment_world(items=1, workers=1))
    [worker] = world.workers
    token = make_token(worker.person, "phone", ["work"])[1]
    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"})
    client.sent = {"answers": [answer_to(draw_work(worker, world.batch, 1)[0], {"label": "good"})]}
    return client


def send(phone):
    return phone.post("/api/v1/work/answers", phone.sent, content_type="application/json")


def test_an_answer_is_told_to_come_again_and_is_taken_then(phone, caplog):
    cut()
    told = send(phone)
    assert (told.status_code, told["Retry-After"], told.json()["error"]["code"]) == (503, "5", "away")
    [why] = [record.getMessage() for record in caplog.records if record.name == "server.away"]
    assert why.startswith("503 for '/api/v1/work/answers': OperationalError: terminating connection")
    connection.close()  # as Django does when a request has ended
    assert send(phone).json()["results"][0]["status"] == "accepted"
    assert Answer.objects.count() == 1


def test_control_without_the_look_at_what_failed_it_would_be_a_fault_of_ours(phone, monkeypatch):
    monkeypatch.setattr(away, "_AWAY", ())
    cut()
    assert send(phone).status_code == 500


def test_a_page_says_it_in_words(client):
    client.raise_request_exception = False
    client.force_login(sentiment_world(items=1, workers=0).requester)
    cut()
    page = client.get("/console/")
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert "try again" in page.content.decode()


def test_what_is_raised_around_the_views_is_told_too():
    request = RequestFactory().get("/api/v1/me")
    try:
        raise OperationalError("gone")
    except OperationalError:
        assert away.server_error(request).status_code == 503
    try:
        raise ValueError("ours")
    except ValueError:
        assert away.server_error(request).status_code == 500
