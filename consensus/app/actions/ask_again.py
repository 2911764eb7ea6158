"""Ask decided items again, from the start: a batch of their own, funded like any other. What stood is kept, and no longer heard.

Answers of before stay in the item's history with the version that they answered; the new ones alone decide. Nobody who answered an
item is asked it a second time. It is asked for two weeks: then, or when its requester closes it, what nobody has answered stands as it
stood before (stand_again.py), and its money comes back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from consensus.app.actions.decide_items import superseded
from consensus.app.models import SupersededDecision
from kernel.errors import DomainError
from kernel.locks import items_of, lock_until_commit
from labelling.batches import escrow
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.models import Answer, Batch, BatchItem, Decision, Item, Project
from labelling.models.golds import decisions_of_work
from ledger import clock
from ledger.factories import funds_of
from ledger.reading import balance
from people.audit import record
from people.models import Person

MAX_ITEMS = 10_000
NAMED_IDS = 1_000
FOR_DAYS = 14  # or what nobody takes would stay undecided, and its money in escrow, for ever
STOOD = "stood"  # in a decision's detail: what it goes back to where nobody answers


@dataclass(frozen=True)
class Cost:
    """What asking again comes to at most; what is not used comes back."""

    items: int
    escrow_micro: int
    funds_micro: int
    currency: str


def askable(project: Project) -> QuerySet[Decision]:
    """Decided, no known task, and not on offer just now."""
    offered = BatchItem.objects.filter(item=OuterRef("item"), state=BatchItem.State.OPEN, batch__state=Batch.State.OPEN)
    return decisions_of_work(project).filter(~Exists(offered))


def cost_of(project: Project, items: Collection[int], **price) -> Cost:
    """price: as ask_again takes it, with the last batch's for what is not said."""
    terms = {**last_terms(project), **{name: value for name, value in price.items() if value is not None}}
    draft = Batch(project=project, fee_bps=settings.PLATFORM_FEE_BPS, **terms)
    funds_micro = balance(funds_of(project.organisation_id), settings.CURRENCY)
    return Cost(len(items), escrow.escrow_micro(draft, len(items)), funds_micro, settings.CURRENCY)


def last_terms(project: Project) -> dict[str, int]:
    """Price and number of answers of the batch of work made last; a project without one has its own number, and no price."""
    last = Batch.objects.filter(project=project, training=False).order_by("-pk").first()
    names = ("base_micro", "bonus_micro", "min_answers", "max_answers")
    if last is not None:
        return {name: getattr(last, name) for name in names}
    return {"base_micro": 0, "bonus_micro": 0, "min_answers": project.min_answers, "max_answers": project.max_answers}


@transaction.atomic
def ask_again(actor: Person, project: Project, items: Collection[int], *, name: str, **price) -> Batch:
    """Opens a batch over these items. Refused, with nothing changed: an item that is not decided or is on offer, no money, a price
    that no batch could have."""
    items = sorted(set(items))
    if not 1 <= len(items) <= MAX_ITEMS:
        raise DomainError("items: choose 1 to {most} decided items.", field="items", said={"most": MAX_ITEMS})
    lock_until_commit(items_of(project.pk))
    _forget(project, items)
    terms = {**last_terms(project), **{key: value for key, value in price.items() if value is not None}}
    deadline = clock.now() + timedelta(days=FOR_DAYS)
    batch = create_batch(actor, project, name=name, deadline=deadline, **terms)
    open_batch(actor, batch, items=items)
    detail = {"items": len(items), "ids": items[:NAMED_IDS], "batch": batch.pk}
    record(actor, "items.ask_again", project, **detail)
    return batch


def _forget(project: Project, items: list[int]) -> None:
    """Their decisions are final no more, and what was answered so far is not heard."""
    hot = BatchItem.objects.filter(item__in=items).order_by("id")
    list(hot.select_for_update().values_list("pk", flat=True))
    decisions = list(askable(project).filter(item__in=items).order_by("item").select_for_update(of=("self",)))
    found = {decision.item_id for decision in decisions}
    if missing := [item for item in items if item not in found]:
        raise DomainError(
            "items: {missing} is not decided, is a known task, or is on offer already.",
            field="items",
            said={"missing": missing[0]},
        )
    SupersededDecision.objects.bulk_create(superseded(one) for one in decisions)
    heard_after = dict(Item.objects.filter(pk__in=items).values_list("pk", "heard_after"))
    for one in decisions:
        one.detail[STOOD] = {"sure": one.sure, "source": one.source, "heard_after": heard_after[one.item_id]}
        one.final, one.sure, one.source = False, False, Decision.Source.CROWD
    Decision.objects.bulk_update(decisions, ["final", "sure", "source", "detail"], batch_size=1_000)
    last = Answer.objects.filter(item=OuterRef("pk")).order_by().values("item").annotate(seq=Max("seq")).values("seq")
    Item.objects.filter(pk__in=items).update(heard_after=Coalesce(Subquery(last), 0))
