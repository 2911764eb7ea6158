"""Her time besides answers: reading how a project's tasks are done, and tasks that she handed back. In her wage, and in nothing else.

It is laid end to end with the time of her answers (labelling/work/tempo.py), under the same lock: all that she claims together never
exceeds what has passed on this clock. Reading is laid right behind what was claimed before: laid later, it would take the time of
answers that were given without a signal, and come after it.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, Sum

from labelling.models import Batch, Lease, Pace, TimeBesides
from labelling.work import tempo
from ledger import clock
from people.models import Worker

Kind = TimeBesides.Kind


@transaction.atomic
def add_reading(worker: Worker, batch: Batch, read_id: UUID, ms: int) -> None:
    """She looked at how the tasks of this batch are done. Safe to repeat."""
    _add(worker, read_id, batch.project_id, Kind.READING, ms, worker.person.created_at, clock.now())


def add_returned(worker: Worker, lease: Lease, ms: int) -> None:
    """She had this task, which is locked, before her for so long, and gave it back."""
    _add(worker, lease.pk, lease.batch.project_id, Kind.RETURNED, ms, lease.drawn_at, clock.now())


def _add(worker: Worker, pk: UUID, project_id: int, kind: str, ms: int, begun: datetime, now: datetime) -> None:
    """A phone that says nothing of its time costs nothing."""
    if ms <= 0:
        return
    Pace.objects.get_or_create(worker=worker)
    pace = Pace.objects.select_for_update().get(worker=worker)
    if TimeBesides.objects.filter(pk=pk).exists():
        return
    took = min(ms, tempo.MAX_MS)
    if not pace.recorded:
        [took], pace.worked_until = tempo.claim([ms], [begun], pace.worked_until, now)
        pace.save(update_fields=["worked_until"])
    if took:
        TimeBesides.objects.create(pk=pk, worker=worker, project_id=project_id, kind=kind, ms=took, at=now)


def besides(rows: QuerySet[TimeBesides], key: str) -> dict[Any, Counter[str]]:
    """{value of `key`: milliseconds by kind}"""
    found: dict[Any, Counter[str]] = {}
    for value, kind, ms in rows.values_list(key, "kind").annotate(ms=Sum("ms")).order_by():
        found.setdefault(value, Counter())[kind] += ms
    return found
