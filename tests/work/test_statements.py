"""The cost of one loop of work over HTTP is pinned: draw one, answer one."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.actions.make_token import make_token
from tests.worlds import answer_to, opened, sentiment_world

CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


class Lent:
    def __init__(self, lease: str):
        self.lease = lease


@pytest.mark.django_db
@pytest.mark.parametrize(("repeatable", "statements"), [(False, 8), (True, 9)], ids=["plain", "repeatable draw"])
def test_a_loop_costs_eight_statements_and_a_draw_that_may_be_repeated_one_more(repeatable, statements):
    world = opened(sentiment_world(items=3, workers=1))
    _, secret = make_token(world.workers[0].person, "test", ["work"])
    client = Client(headers={"Authorization": f"Bearer {secret}"})

    def loop() -> None:
        body = {"batch": world.batch.pk, "n": 1} | ({"id": str(uuid.uuid4())} if repeatable else {})
        [lease] = client.post("/api/v1/work/draw", body, content_type="application/json").json()["leases"]
        body = {"answers": [answer_to(Lent(lease["lease"]), {"label": "good"})]}
        reply = client.post("/api/v1/work/answers", body, content_type="application/json").json()
        assert reply["results"][0]["status"] == "accepted"

    loop()  # the first one also notes the token's use
    with CaptureQueriesContext(connection) as queries:
        loop()
    sent = [query["sql"] for query in queries if not query["sql"].startswith(CONTROL)]
    assert len(sent) == statements
