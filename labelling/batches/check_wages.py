"""The wage floor holds on measured time, too: a batch whose time turned out longer than its requester thought is topped up as far as she
agreed to (top_up.py), and paused where that does not reach.

Its price was promised and never changes, so it cannot be raised: while it is paused no new work is lent, what is out may be answered and
is paid, and its requester is told. She closes it and opens another at a fair price; that one is checked by the measured time. When people
turn out to be faster after all, it goes on by itself. Why so: docs/decisions/measured-wage.md.
"""

from __future__ import annotations

from django.db import transaction

from delivery.outbox import emit
from labelling.batches import pay
from labelling.batches.measured import measured_ms
from labelling.batches.top_up import pay_top_ups, raise_top_up, to_top_up
from labelling.batches.wage_floor import floor_of
from labelling.models import Batch
from ledger import clock
from people.audit import record


def check_wages() -> int:
    """Returns how many batches were paused or go on. Safe to repeat."""
    batches = list(
        Batch.objects.filter(state=Batch.State.OPEN).values_list(
            "pk", "project_id", "base_micro", "top_up_micro", "paused_at", "project__warnings"
        )
    )
    times = measured_ms({project for _, project, *_ in batches})
    changed = 0
    for pk, project, base_micro, top_up_micro, paused_at, warnings in batches:
        most_micro = base_micro + top_up_micro
        below = project in times and (pay.wage_micro_per_hour(most_micro, times[project]) or 0) < floor_of(warnings)
        if top_up_micro and project in times:
            _top_up(pk, times[project])
        if below != (paused_at is not None):
            changed += _set(pk, below, times.get(project))
    for pk in to_top_up():
        pay_top_ups(pk)
    return changed


@transaction.atomic
def _top_up(batch_id: int, task_ms: int) -> None:
    batch = Batch.objects.select_for_update(of=("self",)).select_related("project").filter(pk=batch_id).first()
    if batch is not None and batch.state == Batch.State.OPEN:
        raise_top_up(batch, task_ms)


@transaction.atomic
def _set(batch_id: int, paused: bool, task_ms: int | None) -> bool:
    batch = Batch.objects.select_for_update().filter(pk=batch_id, state=Batch.State.OPEN).first()
    if batch is None:
        return False
    batch.paused_at = clock.now() if paused else None
    batch.save(update_fields=["paused_at"])
    record(None, "batch.pause" if paused else "batch.go_on", batch, task_ms=task_ms)
    if paused:
        emit("batch.paused", {"batch": batch.pk, "project": batch.project_id, "task_ms": task_ms})
    return True
