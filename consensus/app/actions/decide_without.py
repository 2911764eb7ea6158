"""A flag was raised: what its worker's answers decided in the last day is decided anew without them (consensus/app/heard.py).

An item of an open batch is asked again as long as the batch's spare has the answers that it may still want; else, and in a batch that
is closed, the answers of the others have the last word. Decided is decided where a release holds it or a reviewer spoke. Nobody's
pay changes: what was settled stays, measured by the decision that stood then, which is kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from consensus.app.actions.decide_items import decide_items, finish_items
from labelling.batches import queue
from labelling.conduct.holds import LOOK_BACK
from labelling.models import Answer, Batch, BatchItem, Decision, Lease, Project, Release
from labelling.models.golds import known
from ledger import clock

State = BatchItem.State


@transaction.atomic
def decide_without(project_id: int, workers: Iterable[int]) -> None:
    """workers: of whom a flag stands now. Safe to repeat."""
    theirs = Answer.objects.filter(project=project_id, worker__in=set(workers), counted=True)
    later = BatchItem.objects.filter(item=OuterRef("item"), pk__gt=OuterRef("pk"))
    touched = BatchItem.objects.filter(
        ~known("item"), ~Exists(later), item__in=theirs.values("item"), batch__project=project_id
    )
    done = _lock_changeable(touched, project_id)
    left = _reopen(done)
    decide_items(touched.filter(state=State.OPEN, batch__state=Batch.State.OPEN).values_list("item", flat=True))
    for batch_id, items in left.items():
        finish_items(batch_id, items)


def _lock_changeable(touched: QuerySet[BatchItem], project_id: int) -> list[BatchItem]:
    """Decided by the crowd in the last day, and in no release. The hot rows first, as everywhere; then the project, so that no
    release is begun meanwhile, and a second look: what a reviewer said while we waited stands."""
    done = touched.filter(Exists(_decided_lately()), state=State.DONE).order_by("id")
    locked = list(done.select_for_update(of=("self",)).values_list("pk", flat=True))
    Project.objects.select_for_update(no_key=True).get(pk=project_id)
    return list(done.filter(pk__in=locked))


def _decided_lately() -> QuerySet[Decision]:
    held = Release.objects.filter(
        Q(created_at__gte=OuterRef("decided_at")) | Q(state="building"), project=OuterRef("project")
    )
    lately = Decision.objects.filter(item=OuterRef("item"), final=True, source=Decision.Source.CROWD)
    return lately.filter(~Exists(held.exclude(state="failed")), decided_at__gte=clock.now() - LOOK_BACK)


def _reopen(rows: list[BatchItem]) -> dict[int, list[int]]:
    """Opens those whose batch can pay for them; returns {batch: items} of the others. An open item has the answers that it may
    still want set aside, as before it was decided; what was lent for it and is still out is among them."""
    locked = Batch.objects.filter(pk__in={row.batch_id for row in rows}).select_related("project").order_by("id")
    batches = {batch.pk: batch for batch in locked.select_for_update(of=("self",), no_key=True)}
    out = Counter(
        Lease.objects.filter(batch_item__in=rows, state=Lease.State.LIVE).values_list("batch_item", flat=True)
    )
    opened, left = defaultdict(list), defaultdict(list)
    for row in rows:
        batch = batches[row.batch_id]
        row.taken = row.counted + out[row.pk]
        wants = queue.never_asked(row, batch.max_answers)
        if batch.state == Batch.State.OPEN and batch.owing_at is None and batch.spare >= wants:
            batch.spare, batch.items_done = batch.spare - wants, batch.items_done - 1
            opened[out[row.pk]].append(row.pk)
        else:
            left[row.batch_id].append(row.item_id)
    for live, ids in opened.items():
        queue.reopen(ids, live)
    Batch.objects.bulk_update(batches.values(), ["spare", "items_done"])
    return left
