"""/metrics says what an alarm is set on, for the operator's token, and goes on when a part is away."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from prometheus_client.parser import text_string_to_metric_families

from delivery.models import OutboxEvent
from labelling.work.draw_work import draw_work
from ledger import clock
from ledger.tasks import AUDITED, audit_ledger
from server import gauges, hearts
from tests.worlds import opened, sentiment_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _token(settings):
    settings.METRICS_TOKEN = "of-the-operator"
    yield
    cache.delete(AUDITED)


def scraped(client) -> dict[str, dict[tuple, float]]:
    reply = client.get("/metrics", headers={"Authorization": "Bearer of-the-operator"})
    assert reply.status_code == 200
    families = text_string_to_metric_families(reply.content.decode())
    return {one.name: {tuple(s.labels.values()): s.value for s in one.samples} for one in families}


def test_what_waits_and_what_is_owed(client):
    world = opened(sentiment_world(items=3, workers=1))
    assert len(draw_work(world.workers[0], world.batch, 2)) == 2
    OutboxEvent.objects.filter(delivered_at=None).update(created_at=clock.now() - timedelta(seconds=90))
    found = scraped(client)
    assert 90 <= found["ilima_outbox_age_seconds"][()] < 100
    assert found["ilima_leases_live"] == {(): 2}
    assert found["ilima_orders_unknown"] == {("payout",): 0, ("deposit",): 0}
    assert found["ilima_anchor_lag_seconds"] == {(): 0}
    assert {name for (name,) in found["ilima_queue_length"]} == set(hearts.queues())
    assert "ilima_ledger_findings" not in found  # never audited
    assert any(name.startswith("django_http_") for name in found)

    audit_ledger()
    found = scraped(client)
    assert found["ilima_ledger_findings"] == {(): 0}
    assert found["ilima_ledger_audit_age_seconds"][()] < 10


def test_a_part_that_is_away_is_left_out(client, monkeypatch):
    def away():
        raise OSError("no broker")
        yield

    monkeypatch.setattr(gauges._Figures, "of", (away, *gauges._Figures.of))
    assert "ilima_leases_live" in scraped(client)


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer x", "of-the-operator"])
def test_it_is_nobody_elses(client, given, settings):
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 403
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 403
