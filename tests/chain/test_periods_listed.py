"""What a worker sees of the periods: each with how far it is anchored, at the price of one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from anchoring.actions.publish_anchor import publish_anchors
from anchoring.models import Period
from tests.chain.anchors import close, settle_down

pytestmark = pytest.mark.django_db(transaction=True)
PERIODS = "/api/v1/proofs/periods"


def test_each_period_with_its_state_in_a_fixed_number_of_statements(worker, chain):
    client = Client()
    client.force_login(worker.person)
    close(worker)
    settle_down(chain)
    client.get(PERIODS)
    with CaptureQueriesContext(connection) as one:
        assert [row["state"] for row in client.get(PERIODS).json()["results"]] == ["final"]
    close(worker)
    publish_anchors()
    for _ in range(3):
        close(worker)
    with CaptureQueriesContext(connection) as five:
        rows = client.get(PERIODS).json()["results"]
    assert [row["state"] for row in rows] == ["closed", "closed", "closed", "sent", "final"]
    assert [row["state"] for row in rows] == [period.state for period in Period.objects.order_by("-number")]
    assert len(five) == len(one)
