"""A promise on what the label API gives: "at most e of these labels are wrong". docs/decisions/warranty.md"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import Avg, QuerySet

from consensus.core.guarantees.betting import is_below
from consensus.core.guarantees.service import Service, service
from consensus.core.guarantees.warranty import Promise
from delivery.outbox import emit
from kernel.errors import DomainError
from labelling.batches.escrow import fee_micro
from labelling.label_api.guess import Guess
from labelling.models import Batch, BatchItem, LabelPromise, LabelRequest, Project, Suggestion
from labelling.models.warranties import NOTHING_PPM
from labelling.projects.promise_bounds import check_promise
from ledger import clock
from people.audit import record
from people.models import Person

LEAST_DRAWN_BPS = 100  # of what the model answers: a promise that nobody looks after is none
LOOK_EVERY = timedelta(minutes=1)
MOST_MICRO = 10**12  # that a label may cost


@dataclass(frozen=True)
class Looked:
    """What a promise has come to: by its draws; waiting: drawn, and not decided yet; price_micro: what a label costs in the mean as it
    stands, None where nobody was ever paid here."""

    found: Service
    waiting: int
    price_micro: int | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Draw:
    """wrong: also where a person could not tell what is right."""

    request: UUID
    confidence_ppm: int
    wrong: bool


@transaction.atomic
def promise_labels(
    actor: Person, project: Project, *, error_ppm: int, confidence_ppm: int = 950_000, reference_error_ppm: int = 0,
    budget_micro: int | None = None,
) -> LabelPromise:  # fmt: skip
    """In place of the one that was there; draws that were made for that one are kept. The caller has authorised and locked the project."""
    said = {"error_ppm": error_ppm, "confidence_ppm": confidence_ppm, "reference_error_ppm": reference_error_ppm}
    check_promise(said)
    if budget_micro is not None and not 0 <= budget_micro <= MOST_MICRO:
        bounds = {"name": "budget_micro", "least": 0, "most": MOST_MICRO}
        raise DomainError("{name} must be a whole number from {least} to {most}.", field="budget_micro", said=bounds)
    fields = {
        "error_ppm": error_ppm, "confidence_ppm": confidence_ppm, "reference_ppm": reference_error_ppm, "budget_micro": budget_micro,
        "state": LabelPromise.State.OPEN, "threshold_ppm": NOTHING_PPM, "created_by": actor,
    }  # fmt: skip
    promise, _ = LabelPromise.objects.update_or_create(
        project=project, defaults=fields, create_defaults=fields | {"since": clock.now()}
    )
    Project.objects.filter(pk=project.pk).update(labels_promised=True)
    record(actor, "labels.promise", project, **said, budget_micro=budget_micro)
    _stand(promise)
    return promise


@transaction.atomic
def end_promise(actor: Person, project: Project) -> None:
    """From now on the project's own threshold holds again. Safe to repeat."""
    if LabelPromise.objects.filter(project=project).delete()[0]:
        Project.objects.filter(pk=project.pk).update(labels_promised=False)
        record(actor, "labels.promise_end", project)


def promise_for(request: LabelRequest, guess: Guess) -> LabelPromise | None:
    """As it holds for this guess. A new version of the model begins with no draws; this may be its first."""
    promise = LabelPromise.objects.filter(project=request.project).first() if request.project.labels_promised else None
    if promise is not None and promise.version_id != guess.model_version_id:
        promise.version_id, promise.since = guess.model_version_id, request.requested_at
        promise.threshold_ppm, promise.state = NOTHING_PPM, LabelPromise.State.OPEN
        promise.save(update_fields=["version_id", "since", "threshold_ppm", "state"])
    return promise


def drawn_bps(promise: LabelPromise) -> int:
    """All, as long as people answer them anyway."""
    if promise.threshold_ppm == NOTHING_PPM:
        return 10_000
    return max(promise.project.label_api_audit_bps, LEAST_DRAWN_BPS)


def may_be_drawn(request: LabelRequest) -> bool:
    """Whether people would judge it unseen: none of them sees, or has seen, what a model thinks of it."""
    seen = Suggestion.objects.filter(item=request.item).exists()
    return not seen and not BatchItem.objects.filter(item=request.item).exists()


def look_at(promise: LabelPromise) -> Looked:
    draws, waiting = draws_of(promise)
    stated, wrong = [draw.confidence_ppm for draw in draws], [draw.wrong for draw in draws]
    found = service(stated, wrong, _promise(promise), promise.threshold_ppm)
    each_micro, currency = _by_people_micro(promise.project)
    if each_micro is None:
        return Looked(found, waiting, None, None)
    asked = 1 - found.share * (1 - max(promise.project.label_api_audit_bps, LEAST_DRAWN_BPS) / 10_000)
    return Looked(found, waiting, round(each_micro * asked), currency)


def look_at_promises(projects: set[int]) -> None:
    """After a decision on what was drawn: where the threshold lies now, and whether it may cost that much. All draws are looked at, so
    once a minute at most; what comes within it waits for look_at_due_promises()."""
    LabelPromise.objects.filter(project__in=projects).update(due=True)
    _look_at(LabelPromise.objects.filter(project__in=projects))


def look_at_due_promises() -> int:
    """Returns how many were looked at. Safe to repeat."""
    return _look_at(LabelPromise.objects.all())


@transaction.atomic
def _look_at(promises: QuerySet[LabelPromise]) -> int:
    due = promises.filter(due=True, looked_at__lte=clock.now() - LOOK_EVERY)
    rows = list(due.select_for_update(of=("self",)).order_by("id"))
    for promise in rows:
        _stand(promise)
    return len(rows)


def _stand(promise: LabelPromise) -> None:
    looked, before = look_at(promise), promise.state
    if looked.found.changed:
        promise.since, promise.threshold_ppm, promise.state = clock.now(), NOTHING_PPM, LabelPromise.State.OPEN
    else:
        promise.threshold_ppm, promise.state = looked.found.threshold_ppm, _state(promise, looked)
    promise.due, promise.looked_at = False, clock.now()
    promise.save(update_fields=["since", "threshold_ppm", "state", "due", "looked_at"])
    if promise.state == LabelPromise.State.TOO_DEAR != before:
        event = {"project": promise.project_id, "budget_micro": promise.budget_micro}
        emit("labels.dear", event | {"price_micro": looked.price_micro, "currency": looked.currency})


def _state(promise: LabelPromise, looked: Looked) -> str:
    """Nothing is called too dear before as many draws as a model without a fault would need."""
    said, n = _promise(promise), looked.found.n
    enough = is_below(np.zeros(n), said.error - said.reference_error, 1 - said.confidence)
    price, budget = looked.price_micro, promise.budget_micro
    if enough and price is not None and budget is not None and price > budget:
        return LabelPromise.State.TOO_DEAR
    return LabelPromise.State.KEPT if looked.found.threshold_ppm < NOTHING_PPM else LabelPromise.State.OPEN


def draws_of(promise: LabelPromise) -> tuple[list[Draw], int]:
    """Those before the first that is not decided, so that quick decisions do not count first; how many wait. Where
    a person could not tell what is right the model is taken to be wrong. All of them, however many: the last ones tell of a change."""
    rows = LabelRequest.objects.filter(
        project=promise.project_id, guess_ppm__isnull=False, requested_at__gte=promise.since
    ).order_by("requested_at", "pk")
    drawn: Iterable[tuple] = rows.values_list("pk", "guess_ppm", "audit_right", "item__decision__final").iterator()
    found, waiting = [], 0
    for pk, sure, right, final in drawn:
        if waiting or (right is None and not final):
            waiting += 1
        else:
            found.append(Draw(pk, int(sure), not right))
    return found, waiting


def _promise(promise: LabelPromise) -> Promise:
    return Promise(promise.error_ppm / 1e6, promise.confidence_ppm / 1e6, promise.reference_ppm / 1e6)


def _by_people_micro(project: Project) -> tuple[int | None, str | None]:
    """What a label costs that people give: as measured here, or else the fewest answers at the last batch's price."""
    last = Batch.objects.filter(project=project).exclude(state=Batch.State.DRAFT).order_by("-pk").first()
    if last is None:
        return None, None
    paid = LabelRequest.objects.filter(project=project, source="crowd", cost_micro__gt=0).aggregate(
        n=Avg("cost_micro")
    )["n"]
    pay_micro = last.base_micro + last.bonus_micro
    return round(paid or last.min_answers * (pay_micro + fee_micro(pay_micro, last.fee_bps))), last.currency
