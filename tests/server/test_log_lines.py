"""Lines of the log: one JSON object each where that is asked for, and who was refused."""

import json
import logging

import pytest
from django.test import Client

from people.actions.make_token import make_token
from server.logs import JSONFormatter, WithPerson
from tests.worlds import make_worker

pytestmark = pytest.mark.django_db


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.addFilter(WithPerson())
        self.setFormatter(JSONFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def lines():
    handler, logger = Kept(), logging.getLogger("django.request")
    logger.addHandler(handler)
    yield handler.lines
    logger.removeHandler(handler)


def test_a_refusal_says_whose_request_it_was_and_not_her_name(lines):
    worker = make_worker("thandi")
    Client(headers={"Authorization": f"Bearer {make_token(worker.person, 'x', ['work'])[1]}"}).get("/api/v1/projects")
    session = Client()
    session.force_login(worker.person)
    session.get("/console/admin/workers/")
    Client().get("/api/v1/me")
    said = [json.loads(line) for line in lines]
    assert [one["message"].rpartition(" (")[2] for one in said] == [
        f"person {worker.person_id})",
        f"person {worker.person_id})",
        "person unknown)",
    ]
    assert {one["level"] for one in said} == {"WARNING"}
    assert "thandi" not in "".join(lines)


def test_what_is_no_request_is_left_as_it_is():
    record = logging.LogRecord("celery", logging.INFO, __file__, 1, "%s done", ("drain",), None)
    assert WithPerson().filter(record)
    assert record.getMessage() == "drain done"
