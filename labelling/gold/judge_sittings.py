"""How a sitting of an exam stands: over when nothing of it is out and nothing more is lent, and passed with 80 of 100.

Everything is counted anew from the loans each time, so an appeal that is won, or a known task that is retired, lifts it by itself. A
retired task that she missed drops out, one that she had right stays: nothing that others do lowers what she has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from labelling.batches.exam_length import passes
from labelling.models import Batch, Gold, Lease, Sitting
from labelling.models.gold_appeals import GoldAppeal
from ledger import clock

_OUT = (Lease.State.LIVE, Lease.State.LATE)
_PUT_RIGHT = (GoldAppeal.Outcome.WON, GoldAppeal.Outcome.SILENCE)


@dataclass
class Standing:
    """lent: of the sitting's tasks; out: of these, in her hands; right of counted: what stands."""

    lent: int = 0
    out: int = 0
    right: int = 0
    counted: int = 0


@transaction.atomic
def judge_sittings(worker_id: int, batch_id: int) -> list[Sitting]:
    """Her sittings of an exam, the first one first, as they stand now. What is over stays over, and what is passed stays passed."""
    rows = Sitting.objects.select_for_update(of=("self",)).filter(worker=worker_id, batch=batch_id)
    sittings = list(rows.select_related("batch").order_by("number"))
    for sitting, standing in zip(sittings, standings(sittings), strict=True):
        if sitting.ended_at is None and not _is_over(sitting, standing):
            continue  # what she reads of herself, also as an export, holds no mark of it yet
        sitting.right, sitting.counted = standing.right, standing.counted
        sitting.ended_at = sitting.ended_at or clock.now()
        if sitting.passed_at is None and passes(sitting.right, sitting.counted):
            sitting.passed_at = clock.now()
        sitting.save(update_fields=["right", "counted", "ended_at", "passed_at"])
    return sittings


def standings(sittings: list[Sitting]) -> list[Standing]:
    """Of all tries of one worker at one exam: a loan belongs to the last one that had begun."""
    found = [Standing() for _ in sittings]
    if not sittings:
        return found
    loans = Lease.objects.filter(worker=sittings[0].worker_id, batch=sittings[0].batch_id)
    fields = ("drawn_at", "state", "answer__gold_right", "answer__gold_appeal__outcome", "item__gold__retired_at")
    for drawn_at, state, right, outcome, retired_at in loans.values_list(*fields):
        dropped = retired_at is not None or (state == Lease.State.ANSWERED and right is None)  # unknown to her question
        _count(found[place_of(sittings, drawn_at)], state, bool(right) or outcome in _PUT_RIGHT, dropped)
    return found


def place_of(sittings: list[Sitting], drawn_at: datetime) -> int:
    return max((place for place, one in enumerate(sittings) if one.began_at <= drawn_at), default=0)


def _count(standing: Standing, state: str, right: bool, dropped: bool) -> None:
    standing.lent += 1
    standing.out += state in _OUT and not dropped
    standing.right += right
    standing.counted += right or (not dropped and state not in _OUT)


def _is_over(sitting: Sitting, standing: Standing) -> bool:
    if standing.out or not standing.lent:
        return False
    return standing.lent >= sitting.batch.exam_tasks or not unmet(sitting.worker_id, sitting.project_id)


def unmet(worker_id: int, project_id: int) -> int:
    """Tasks of the project's exam that she has not met anywhere: what more can be asked of her."""
    met = Lease.objects.filter(worker=worker_id, item__project=project_id, item__gold__exam=True).values("item")
    return Gold.objects.filter(project=project_id, exam=True, retired_at=None).exclude(item__in=met).count()


def judge_after_retiring(items: Iterable[int]) -> None:
    """Known tasks were retired: who waits for one of them, or missed it, need not."""
    projects = set(Gold.objects.filter(item__in=items, exam=True).values_list("project", flat=True))
    waiting = Sitting.objects.filter(project__in=projects, passed_at=None, batch__state=Batch.State.OPEN)
    for worker_id, batch_id in sorted(set(waiting.values_list("worker", "batch"))):
        judge_sittings(worker_id, batch_id)


def is_sitting(worker_id: int, batch_id: int) -> bool:
    """Whether she is in the middle of it: then nobody tells her what was right."""
    return Sitting.objects.filter(
        worker=worker_id, batch=batch_id, ended_at=None, batch__state=Batch.State.OPEN
    ).exists()
