"""What an alarm should be set on, read when Prometheus asks. Each figure is one short statement; what cannot be read is left out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from django.core.cache import cache
from django.db import DatabaseError
from django.db.models import Min, Q
from kombu.exceptions import OperationalError
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from redis.exceptions import RedisError

from anchoring.models import AnchorTx, Period
from delivery.models import OutboxEvent
from labelling.models import Lease
from ledger import clock, kinds
from ledger.models import Account
from ledger.tasks import AUDITED
from payouts.models import Deposit, Payout
from server import hearts
from server.celery import app as celery

log = logging.getLogger(__name__)
Figure = Callable[[], Iterator[GaugeMetricFamily]]


def _outbox() -> Iterator[GaugeMetricFamily]:
    oldest = OutboxEvent.objects.filter(delivered_at=None).aggregate(oldest=Min("created_at"))["oldest"]
    yield _gauge("ilima_outbox_age_seconds", "Since the oldest event that nobody handled yet was written", _age(oldest))


def _queues() -> Iterator[GaugeMetricFamily]:
    family = GaugeMetricFamily("ilima_queue_length", "Tasks that wait in a queue", labels=["queue"])
    with celery.connection_for_read() as broker:
        for queue in hearts.queues():
            family.add_metric([queue], broker.default_channel._size(queue))
    yield family


def _leases() -> Iterator[GaugeMetricFamily]:
    yield _gauge("ilima_leases_live", "Tasks in workers' hands", Lease.objects.filter(state=Lease.State.LIVE).count())


def _orders() -> Iterator[GaugeMetricFamily]:
    family = GaugeMetricFamily("ilima_orders_unknown", "Orders of which no rail said how they ended", labels=["kind"])
    for kind, model in (("payout", Payout), ("deposit", Deposit)):
        family.add_metric([kind], model.objects.filter(state=model.State.UNKNOWN).count())
    yield family


def _goodwill() -> Iterator[GaugeMetricFamily]:
    family = GaugeMetricFamily("ilima_goodwill_micro", "What is left to give away", labels=["currency"])
    for currency, micro in Account.objects.filter(kind=kinds.GOODWILL).values_list("currency", "balance_micro"):
        family.add_metric([currency], micro)
    yield family


def _ledger() -> Iterator[GaugeMetricFamily]:
    last = cache.get(AUDITED)
    if last is not None:
        yield _gauge("ilima_ledger_findings", "Sentences of the last audit of the whole ledger", last["findings"])
        yield _gauge("ilima_ledger_audit_age_seconds", "Since that audit", clock.now().timestamp() - last["at"])


def _anchors() -> Iterator[GaugeMetricFamily]:
    """Of the oldest period that is not final on the chain."""
    waiting = Period.objects.filter(Q(anchor=None) | ~Q(anchor__state=AnchorTx.State.FINAL))
    oldest = waiting.aggregate(oldest=Min("closed_at"))["oldest"]
    yield _gauge(
        "ilima_anchor_lag_seconds", "Since the oldest period that is not anchored yet was closed", _age(oldest)
    )


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=value)


def _age(since) -> float:
    return (clock.now() - since).total_seconds() if since else 0.0


class _Figures:
    of: tuple[Figure, ...] = (_outbox, _queues, _leases, _orders, _goodwill, _ledger, _anchors)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for figure in self.of:
            try:
                yield from list(figure())
            except (DatabaseError, RedisError, OperationalError, OSError) as away:
                log.warning("metrics without %s: %s", figure.__name__, away)

    def describe(self) -> list[GaugeMetricFamily]:
        return []


figures = CollectorRegistry()
figures.register(_Figures())
