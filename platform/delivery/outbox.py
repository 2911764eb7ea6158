"""The transactional outbox: an event is a row written with what happened; handlers get the rows in batches.

The row is the truth. Celery only wakes `drain`; a lost wake-up is made good by beat, a lost broker loses nothing.
Effects and the mark "delivered" are one transaction, so a handler that writes to our database runs exactly once;
one that reaches outside must be safe to repeat.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from delivery.enqueue import wake_drain
from delivery.models import OutboxEvent

log = logging.getLogger(__name__)

Handler = Callable[[list[dict]], None]
_handlers: dict[str, list[Handler]] = defaultdict(list)
_at_once: dict[str, int] = {}

# One JSON text for all: an array of JSON texts is escaped piece by piece, which cost more than all else in here.
_WRITE = """
INSERT INTO delivery_outboxevent (name, payload, created_at, attempts, last_error, not_before)
SELECT %s, payload, now(), 0, '', now() + %s::interval FROM jsonb_array_elements(%s::jsonb) AS payload
"""
# For a statement that writes what happened and its events at once: EMIT SELECT <name>, <payload>, UNSENT FROM ...; the
# caller has wake_drain() run after the commit.
EMIT = "INSERT INTO delivery_outboxevent (name, payload, created_at, attempts, last_error)"
UNSENT = "now(), 0, ''"
BATCH = 1000
RETRY_S = (1, 5, 30, 120, 600, 3600)


def on(name: str, at_once: int = BATCH) -> Callable[[Handler], Handler]:
    """Register a handler of a list of payloads, `at_once` of them at most, for the events of one name."""
    _at_once[name] = min(at_once, _at_once.get(name, BATCH))

    def register(handler: Handler) -> Handler:
        if handler not in _handlers[name]:
            _handlers[name].append(handler)
        return handler

    return register


def emit(name: str, payload: dict) -> None:
    emit_many(name, [payload])


def emit_many(name: str, payloads: Iterable[dict], later: timedelta | None = None) -> None:
    """Write the events in the caller's transaction and wake a drain after its commit. later: delivered no sooner than that."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"event {name} must be emitted inside the transaction of what happened")
    with connection.cursor() as cursor:
        parameters: list[Any] = [name, later, orjson.dumps(list(payloads)).decode()]
        cursor.execute(_WRITE, parameters)
    transaction.on_commit(wake_drain)


def waiting() -> int:
    return OutboxEvent.objects.filter(delivered_at=None).count()


def drain() -> int:
    """Deliver waiting events, a batch of one name at a time; returns how many. Any number may run side by side.

    A name is asked again only after a full batch: what trickles in meanwhile waits for the next wake-up, because a few
    events cost nearly as much as a thousand.
    """
    delivered, finished = 0, set[str]()
    while names := [name for name in _due_names() if name not in finished]:
        for name in names:
            n_events = _drain_one(name)
            delivered += n_events
            if n_events < _at_once.get(name, BATCH):
                finished.add(name)
    return delivered


def _due_names() -> list[str]:
    return list(_due().order_by("name").values_list("name", flat=True).distinct())


def _due():
    return OutboxEvent.objects.filter(Q(not_before=None) | Q(not_before__lte=Now()), delivered_at=None)


def _drain_one(name: str) -> int:
    """One batch of one name in one transaction. When the batch fails, its events go one by one, so that a bad event
    cannot hold up good ones."""
    ids: list[int] = []
    try:
        with transaction.atomic():
            _commit_without_waiting()
            due = (
                _due().filter(name=name).order_by("id").select_for_update(skip_locked=True)[: _at_once.get(name, BATCH)]
            )
            events = dict(due.values_list("id", "payload"))
            ids = list(events)
            if not ids:
                return 0
            _handle(name, list(events.values()))
            OutboxEvent.objects.filter(id__in=ids).update(delivered_at=Now())
            return len(ids)
    except Exception as failure:
        log.exception("a batch of %d %s events failed", len(ids), name)
        if len(ids) == 1:
            _postpone(ids[0], failure)
            return 0
    return sum(_drain_event(event_id) for event_id in ids)


def _commit_without_waiting() -> None:
    """Accounts are locked until the commit; what a power cut takes back is delivered again, effects and all."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")


def _drain_event(event_id: int) -> int:
    try:
        with transaction.atomic():
            event = _due().filter(id=event_id).select_for_update(skip_locked=True).first()
            if event is None:
                return 0
            _handle(event.name, [event.payload])
            OutboxEvent.objects.filter(id=event_id).update(delivered_at=Now())
            return 1
    except Exception as failure:
        log.exception("event %d failed", event_id)
        _postpone(event_id, failure)
        return 0


def _handle(name: str, payloads: list[dict]) -> None:
    for handler in _handlers[name]:
        handler(payloads)


def _postpone(event_id: int, failure: Exception) -> None:
    event = OutboxEvent.objects.filter(id=event_id, delivered_at=None).first()
    if event is None:
        return
    wait_s = RETRY_S[min(event.attempts, len(RETRY_S) - 1)]
    OutboxEvent.objects.filter(id=event_id).update(
        attempts=F("attempts") + 1,
        not_before=Now() + timedelta(seconds=wait_s),
        last_error=f"{type(failure).__name__}: {failure}"[:2000],
    )
