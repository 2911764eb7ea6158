"""A requester asks for a number: its sample is drawn at once, and put on offer as a batch of its own."""

from __future__ import annotations

import secrets

from django.db import transaction

from kernel.errors import DomainError
from labelling.batches import queue
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.estimates.look import places_of, stop_where_exact
from labelling.estimates.measures import Measure, measure_of, predicted
from labelling.models import BatchItem, Decision, Estimate, Item, Project
from people.audit import record
from people.models import Person

BOUNDS = {"half_width_ppm": (1_000, 400_000), "confidence_ppm": (500_000, 999_000), "draws": (20, 5_000)}
MOST_ITEMS = 200_000
LEAST_ITEMS = 20


@transaction.atomic
def ask_estimate(
    actor: Person,
    project: Project,
    *,
    of: str,
    what: str = "",
    half_width_ppm: int = 50_000,
    confidence_ppm: int = 950_000,
    draws: int = 1_000,
    base_micro: int = 0,
    bonus_micro: int = 0,
) -> Estimate:
    """draws: at most; all that they can cost lies in escrow, and what was not needed comes back. The caller has authorised and locked the
    project. Refused, with nothing changed: what the answers do not say, too few items, an item that another batch offers, too little
    money."""
    given = {"half_width_ppm": half_width_ppm, "confidence_ppm": confidence_ppm, "draws": draws}
    for name, value in given.items():
        least, most = BOUNDS[name]
        if not least <= value <= most:
            said = {"name": name, "least": least, "most": most}
            raise DomainError("{name} must be a whole number from {least} to {most}.", field=name, said=said)
    measure = measure_of(project, of, what)
    asked = Estimate(
        project=project, of=of, what=measure.what, low=measure.low, high=measure.high, seed=secrets.token_hex(16),
        items=_items(project, measure), created_by=actor, **given,
    )  # fmt: skip
    _put_on_offer(actor, asked, base_micro, bonus_micro)
    asked.save()
    record(actor, "estimate.ask", asked, of=of, what=measure.what, **given)
    stop_where_exact([project.pk])
    asked.refresh_from_db()
    return asked


def _items(project: Project, measure: Measure) -> list[list[int]]:
    rows = Item.objects.filter(project=project, archived_at=None).exclude(label_requests__source="model")
    rows = rows.exclude(gold__isnull=False, gold__retired_at=None)
    items = list(rows.order_by("pk").values_list("pk", flat=True)[: MOST_ITEMS + 1])
    said = predicted(project, measure, items)
    found = [[item, said[item]] for item in items if item in said]
    if not LEAST_ITEMS <= len(found) <= MOST_ITEMS:
        said_of = {"least": LEAST_ITEMS, "most": MOST_ITEMS, "n": len(found)}
        raise DomainError("An estimate is about {least} to {most} items; here are {n}.", field="project", said=said_of)
    return found


def _put_on_offer(actor: Person, asked: Estimate, base_micro: int, bonus_micro: int) -> None:
    """Those drawn that are not decided yet, the first draws first."""
    drawn = list(dict.fromkeys(asked.items[place][0] for place in places_of(asked)))
    decided = set(Decision.objects.filter(item__in=drawn, final=True).values_list("item_id", flat=True))
    left = [item for item in drawn if item not in decided]
    if not left:
        return
    if BatchItem.objects.filter(item__in=left, batch__state="open").exists():
        raise DomainError(
            "Some of the items that were drawn are on offer in another batch: close it first, or wait until it is done.",
            field="project",
        )
    name = f"Estimate: {asked.of} {asked.what}".strip()
    asked.batch = create_batch(actor, asked.project, name=name[:120], base_micro=base_micro, bonus_micro=bonus_micro)
    open_batch(actor, asked.batch, items=left)
    queue.reorder(left)
