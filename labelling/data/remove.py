"""A requester takes something away. What nobody has worked on is deleted; what is answered, paid or receipted is archived: it leaves
her lists, nobody is asked any more, and what proofs point to stays. docs/decisions/taking-away.md
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from kernel.errors import Conflict
from labelling.batches.take_off_offer import take_off_offer
from labelling.gold.retire_gold import retire_gold
from labelling.models import (
    Answer,
    Assignment,
    BatchItem,
    Dataset,
    Decision,
    Gold,
    Item,
    ItemRow,
    LabelRequest,
    Lease,
    ModelVote,
    PartMedia,
    Project,
    Suggestion,
    Upload,
)
from ledger import clock
from people.audit import record
from people.models import Person

MAX_ITEMS = 1_000  # named by hand in one request; whole datasets have no limit
AT_ONCE = 2_000


def worked_on() -> Q:
    """Items of which something is left that somebody else has a right to: a lease, an answer, a decision, a call of the label API, a truth
    that once was known."""
    traces = (Lease, Answer, Decision, LabelRequest, Gold)
    found = Q()
    for trace in traces:
        found |= Q(Exists(trace.objects.filter(item=OuterRef("pk"))))
    return found


@transaction.atomic
def remove_items(actor: Person, project: Project, item_ids: Iterable[int]) -> dict[str, int]:
    """{"deleted", "archived"}. Ids of other projects are nobody's here. Safe to repeat."""
    return _remove(actor, project, Item.objects.filter(project=project, pk__in=list(item_ids)))


def _remove(actor: Person, project: Project, items: QuerySet[Item]) -> dict[str, int]:
    ids = list(items.filter(archived_at=None).order_by("pk").values_list("pk", flat=True))
    done = {"deleted": 0, "archived": 0}
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        take_off_offer(some)
        for item in Item.objects.filter(pk__in=some, gold__retired_at=None, gold__isnull=False):
            retire_gold(actor, item)
        kept = list(Item.objects.filter(worked_on(), pk__in=some).values_list("pk", flat=True))
        done["archived"] += _archive(kept)
        _delete(sorted(set(some) - set(kept)))
        done["deleted"] += len(some) - len(kept)
    if ids:
        record(actor, "items.remove", project, **done)
    return done


def _delete(item_ids: list[int]) -> None:
    """With what hangs on items that nobody has worked on. Not by Django's cascade: it would delete from tables that only grow."""
    Assignment.objects.filter(batch_item__item__in=item_ids).delete()
    for model in (BatchItem, Suggestion, ModelVote, ItemRow, PartMedia):
        model.objects.filter(item__in=item_ids).delete()
    rows = Item.objects.filter(pk__in=item_ids)
    rows._raw_delete(rows.db)


def _archive(item_ids: list[int]) -> int:
    """The hash makes room: the same content, sent again, is a new item."""
    rows = list(Item.objects.filter(pk__in=item_ids).only("pk", "content_hash"))
    for row in rows:
        row.archived_at, row.content_hash = clock.now(), f"{row.content_hash[:40]}-{row.pk}"
    Item.objects.bulk_update(rows, ["archived_at", "content_hash"], batch_size=500)
    return len(rows)


@transaction.atomic
def remove_dataset(actor: Person, dataset: Dataset) -> dict[str, int]:
    """With all its items. Refused while an upload into it is under way."""
    if Upload.objects.filter(dataset=dataset, state__in=Upload.UNFINISHED).exists():
        raise Conflict(
            "An upload into this dataset is under way: wait until it is done.", field="dataset", code="upload_under_way"
        )
    done = _remove(actor, dataset.project, Item.objects.filter(dataset=dataset))
    record(actor, "dataset.remove", dataset, **done)
    if Item.objects.filter(dataset=dataset).exists():
        Dataset.objects.filter(pk=dataset.pk).update(archived_at=clock.now())
    else:
        dataset.delete()
    return done
