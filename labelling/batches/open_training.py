"""Paid training: worked examples that teach before anything counts, out of money that its requester has set aside.

A training is a batch of known tasks alone. Each person does each of them once, is told the right answer and why at once, and is paid its
base, at the wage floor or above, like for any answer. None of it counts: not for her score, her skill or her belt
(docs/decisions/training.md).
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from delivery.outbox import emit
from kernel.errors import Conflict, DomainError
from kernel.locks import items_of, lock_until_commit
from labelling.batches import escrow
from labelling.batches.batch_terms import fix_offer
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import escrow_now
from labelling.batches.reserve import fill_purses
from labelling.batches.wage_floor import check_wage, floor_micro, time_of_task
from labelling.models import Batch, Gold, Project
from ledger import clock
from people.access import require_spender
from people.audit import record
from people.models import Person

LEAST, MOST = 8, 12  # examples: fewer teach little, more are work
MAX_SEATS = 10_000


@transaction.atomic
def open_training(
    actor: Person, project: Project, *, seats: int, examples: int = 10, base_micro: int | None = None
) -> Batch:
    """`seats` people may do it. Without a price it pays the wage floor. `project` is locked by the caller.

    The examples are known tasks of the project, those with an explanation first; they are mixed in with work no more."""
    require_spender(actor, project.organisation_id)
    _check(project, seats, examples)
    lock_until_commit(items_of(project.pk))
    chosen = _choose(project, examples)
    batch = create_batch(
        actor, project, name="Training", base_micro=least_micro(project) if base_micro is None else base_micro, pack_s=0
    )
    check_wage(batch)
    batch.training, batch.state, batch.opened_at = True, Batch.State.OPEN, clock.now()
    cost = escrow.cost_of_answer_micro(batch.base_micro, 0, batch.fee_bps)
    batch.escrow_micro = seats * len(chosen) * cost
    fix_offer(batch)
    batch.save()
    fill_purses(batch, seats * len(chosen))
    emit("batch.opened", {"batch": batch.pk, "project": project.pk})
    record(actor, "batch.open_training", batch, escrow_micro=batch.escrow_micro, seats=seats)
    escrow_now(batch)
    return batch


def running_training(project: Project) -> Batch | None:
    return Batch.objects.filter(project=project, training=True, exam_tasks=0, state=Batch.State.OPEN).first()


def known_for_training(project: Project) -> QuerySet[Gold]:
    """Tasks of an exam are told to nobody beforehand."""
    return Gold.objects.filter(project=project, retired_at=None, exam=False)


def least_micro(project: Project) -> int:
    """What one example pays at the wage floor."""
    task_ms, _ = time_of_task(project)
    return floor_micro(task_ms, project.warnings)


def _check(project: Project, seats: int, examples: int) -> None:
    if not 1 <= seats <= MAX_SEATS:
        raise DomainError("seats must be from 1 to {most}.", field="seats", said={"most": f"{MAX_SEATS:,}"})
    if not LEAST <= examples <= MOST:
        raise DomainError(
            "examples must be from {least} to {most}.", field="examples", said={"least": LEAST, "most": MOST}
        )
    if running_training(project) is not None:
        raise Conflict("A training of this project is open already: close it first.", code="training_open")


def _choose(project: Project, examples: int) -> list[int]:
    """Those of an earlier training, then known tasks with an explanation, then others, the oldest first."""
    ranked = sorted(
        known_for_training(project).select_for_update(),
        key=lambda gold: (not gold.training, not gold.explanation, gold.pk),
    )
    found = ranked[: max(examples, sum(gold.training for gold in ranked))]
    if len(found) < examples:
        raise DomainError(
            "A training of {examples} examples needs as many known tasks: {missing} are missing.",
            field="examples",
            said={"examples": examples, "missing": examples - len(found)},
        )
    chosen = [gold.pk for gold in found]
    Gold.objects.filter(pk__in=chosen).update(training=True)
    return chosen
