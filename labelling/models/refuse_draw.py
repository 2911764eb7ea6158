"""Why a worker may draw no new task of an open batch just now. What she holds of it is another matter: it may be answered, and is paid."""

from __future__ import annotations

from datetime import datetime

from kernel.errors import Conflict
from labelling.models import belts
from labelling.models.drawable import Drawable
from labelling.models.work import Lease
from people.models import Worker

OWN = (
    "You belong to this organisation, so its tasks are for others. What you hold already may be answered, and is paid."
)
OWING = "No new tasks here for now: what paid for them was taken back. What you hold may be answered, and is paid."
TRAINED = "You have done the training for this kind of work already: it is paid once."
UNEXAMINED = (
    "These tasks are for people who have passed the exam of their project: its offer says what it asks and pays."
)
UNASKED = (
    "These tasks are for a team of their requester: a link that she gives out lets you in. What you hold may be answered, and "
    "is paid."
)
STOPPED = "No new tasks here for now: their requester paused them. What you hold may be answered, and is paid."
BELOW_FLOOR = (
    "No new tasks here for now: they take longer than their requester thought, so they pay less than the floor. What you hold "
    "may be answered, and is paid."
)
AVOIDED = (
    "This work may show what you never want to see: you say so yourself, under Me. What you hold goes back for free."
)
WARNED = "Read first what this work may show, and say that you want to see it."


def refuse_draw(worker: Worker, batch: Drawable, agrees: set[str]) -> None:
    if batch.banned_until is not None:
        raise banned(batch.banned_until)
    if batch.is_own:
        raise belongs_there()
    if batch.lacks_team:
        raise Conflict(UNASKED, code="team")
    if batch.owing:
        raise Conflict(OWING, code="paused")
    if batch.paused:
        raise Conflict(BELOW_FLOOR, code="below_floor")
    if batch.stopped:
        raise Conflict(STOPPED, code="stopped")
    if batch.avoided:
        raise Conflict(AVOIDED, code="avoided")
    if not set(batch.warnings) <= agrees:
        raise Conflict(WARNED, code="content_warning")
    kind = (batch.task_type, batch.medium)
    if batch.training and not batch.exam_tasks and trained_elsewhere(worker, kind, batch.project_id):
        raise Conflict(TRAINED, code="trained")
    if batch.belt != belts.SEED and not batch.training:
        _refuse_without_belt(worker, batch.belt, kind)
    if batch.lacks_exam and not batch.training:
        raise Conflict(UNEXAMINED, code="exam")


def belongs_there() -> Conflict:
    return Conflict(OWN, code="own_organisation")


def banned(until: datetime) -> Conflict:
    told = f"{until:%Y-%m-%d %H:%M} UTC"
    return Conflict(
        "You may draw no work here until {until}: why, and how to appeal, stands under Bans.",
        code="banned",
        until=until.isoformat(),
        said={"until": told},
    )


def trained_elsewhere(worker: Worker, kind: belts.Kind, project_id: int) -> bool:
    """Whether she has had the training of this kind in another project: it is paid once."""
    had = Lease.objects.filter(worker=worker, batch__training=True, batch__exam_tasks=0)
    had = had.exclude(batch__project=project_id).filter(
        state__in=(Lease.State.LIVE, Lease.State.LATE, Lease.State.ANSWERED)
    )
    return had.filter(batch__project__task_type=kind[0], batch__project__medium=kind[1]).exists()


def _refuse_without_belt(worker: Worker, belt: str, kind: belts.Kind) -> None:
    evidence = belts.evidence_of(worker).get(kind, belts.NOTHING)
    if not belts.has(evidence, belt):
        raise Conflict(
            "These tasks are for people with the belt “{belt}” in this kind of work: your page of scores says what is missing.",
            code="belt",
            said={"belt": belt},
        )
