"""The exam of a project: known tasks that say who may do its work, out of money that its requester has set aside.

It is a batch of a training's kind: each task once, paid at the wage floor or above, counting for no score, skill or belt. But it tells
the truths only when a sitting is over, and who passes may draw the project's work (docs/decisions/exams.md).
"""

from __future__ import annotations

from collections import defaultdict

from django.db import transaction

from delivery.outbox import emit
from kernel.errors import Conflict, DomainError
from kernel.locks import items_of, lock_until_commit
from labelling import task_types
from labelling.batches import escrow
from labelling.batches.batch_terms import fix_offer
from labelling.batches.create_batch import create_batch
from labelling.batches.exam_length import LONGEST, TRIES, least_tasks
from labelling.batches.open_batch import escrow_now
from labelling.batches.open_training import LEAST, MAX_SEATS, least_micro
from labelling.batches.reserve import fill_purses
from labelling.batches.wage_floor import check_wage
from labelling.models import Batch, Gold, Project
from ledger import clock
from people.access import require_spender
from people.audit import record
from people.models import Person
from proofs import canonical_bytes

LENT_S = 86_400  # who is called away in the middle goes on tomorrow: what runs out counts as missed


@transaction.atomic
def open_exam(
    actor: Person, project: Project, *, seats: int, tasks: int | None = None, base_micro: int | None = None
) -> Batch:
    """`seats` people may sit it, twice each where there are known tasks for two sittings. Without a number of tasks it is as short as a
    guesser allows; without a price it pays the wage floor. From now on the project's work is for who has passed.
    `project` is locked by the caller."""
    require_spender(actor, project.organisation_id)
    if not 1 <= seats <= MAX_SEATS:
        raise DomainError("seats must be from 1 to {most}.", field="seats", said={"most": f"{MAX_SEATS:,}"})
    if running_exam(project) is not None:
        raise Conflict("An exam of this project is open already: close it first.", code="exam_open")
    lock_until_commit(items_of(project.pk))
    ranked = known_for_exam(project)
    tasks = _length(project, ranked, tasks)
    chosen = ranked[: max(TRIES * tasks, sum(gold.exam for gold in ranked))]
    Gold.objects.filter(pk__in=[gold.pk for gold in chosen]).update(training=True, exam=True)
    price = least_micro(project) if base_micro is None else base_micro
    batch = create_batch(actor, project, name="Exam", base_micro=price, lease_s=LENT_S, pack_s=0)
    _fund(actor, batch, seats, tasks, seats * min(TRIES * tasks, len(chosen)))
    project.asks_exam = True
    project.save(update_fields=["asks_exam"])
    return batch


def running_exam(project: Project) -> Batch | None:
    return Batch.objects.filter(project=project, exam_tasks__gt=0, state=Batch.State.OPEN).first()


def known_for_exam(project: Project) -> list[Gold]:
    """Known tasks in the order in which an exam takes them: those of an earlier one first, then in turn of each answer, those with an
    explanation first, so that no answer is commoner than it must be. Examples of a training are known to too many."""
    golds = Gold.objects.filter(project=project, retired_at=None).exclude(training=True, exam=False)
    turns: dict[bytes, int] = defaultdict(int)
    placed = []
    for gold in sorted(golds, key=lambda gold: (not gold.exam, not gold.explanation, gold.pk)):
        truth = canonical_bytes(gold.truth)
        placed.append((not gold.exam, turns[truth], gold.pk, gold))
        turns[truth] += 1
    return [gold for *_, gold in sorted(placed, key=lambda place: place[:3])]


def shortest(project: Project, ranked: list[Gold]) -> int | None:
    """Tasks of the shortest exam that these known tasks allow; None where they allow none."""
    by_chance = task_types.get(project.task_type).by_chance
    blind = by_chance(project.config) if by_chance else 0.0
    return least_tasks([canonical_bytes(gold.truth) for gold in ranked], blind)


def _length(project: Project, ranked: list[Gold], tasks: int | None) -> int:
    least = shortest(project, ranked)
    if least is None:
        raise DomainError(
            "An exam needs {least} known tasks at least that are no examples of a training, and with answers that differ, "
            "so that nobody passes by guessing: there are {found}.",
            field="tasks",
            code="too_few_known",
            said={"least": LEAST, "found": len(ranked)},
        )
    most = max(least, min(LONGEST, len(ranked)))
    chosen = least if tasks is None else tasks
    if not least <= chosen <= most:
        raise DomainError("tasks must be from {least} to {most}.", field="tasks", said={"least": least, "most": most})
    return chosen


def _fund(actor: Person, batch: Batch, seats: int, tasks: int, answers: int) -> None:
    check_wage(batch)
    batch.training, batch.exam_tasks, batch.exam_seats = True, tasks, seats
    batch.state, batch.opened_at = Batch.State.OPEN, clock.now()
    batch.escrow_micro = answers * escrow.cost_of_answer_micro(batch.base_micro, 0, batch.fee_bps)
    fix_offer(batch)
    batch.save()
    fill_purses(batch, answers)
    emit("batch.opened", {"batch": batch.pk, "project": batch.project_id})
    record(actor, "batch.open_exam", batch, escrow_micro=batch.escrow_micro, seats=seats)
    escrow_now(batch)
