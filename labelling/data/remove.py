"""A requester takes something away. What nobody has worked on is deleted; what is answered, paid or receipted is archived: it leaves
her lists, nobody is asked any more, and what proofs point to stays. docs/decisions/taking-away.md
"""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from kernel.refusals import Conflict
from labelling.batches.open_batch import close_batches
from labelling.batches.take_off_offer import take_off_offer
from labelling.gold.retire_gold import retire_gold
from labelling.models import (
    Answer,
    Assignment,
    Batch,
    BatchItem,
    Dataset,
    Decision,
    Gold,
    Item,
    ItemRow,
    LabelRequest,
    Lease,
    Project,
    Release,
    Suggestion,
    Upload,
)
from ledger import clock
from people.audit import record
from people.models import Person

MOST_ITEMS = 1_000  # named by hand in one request; whole datasets have no limit
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
    for model in (BatchItem, Suggestion, ItemRow):
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


@transaction.atomic
def remove_batch(actor: Person, batch: Batch) -> None:
    """A draft is deleted, a closed batch leaves the lists. `batch` is locked by the caller."""
    if batch.state == Batch.State.OPEN:
        raise Conflict(
            "This batch is open: close it first, then what it holds comes back to you.",
            field="state",
            code="still_open",
        )
    record(actor, "batch.remove", batch, state=batch.state)
    if batch.state == Batch.State.DRAFT:
        batch.delete()
    elif batch.archived_at is None:
        batch.archived_at = clock.now()
        batch.save(update_fields=["archived_at"])


@transaction.atomic
def remove_release(actor: Person, release: Release) -> None:
    """Its file goes, its number and its hash stay: whoever has a copy can still show that it is the one."""
    if release.state == "building":
        raise Conflict("This release is being made: wait until it is ready.", field="state", code="not_ready")
    if release.archived_at is not None:
        return
    stored, release.stored, release.archived_at = release.stored, "", clock.now()
    release.save(update_fields=["stored", "archived_at"])
    record(actor, "release.remove", release, sha256=release.sha256)
    if stored:
        transaction.on_commit(lambda: default_storage.delete(stored))


@transaction.atomic
def archive_project(actor: Person, project: Project) -> None:
    """It leaves the lists. Open batches are closed as by hand: what is out may be answered and is paid, the rest comes back."""
    if project.archived_at is not None:
        return
    running = Batch.objects.filter(project=project, state=Batch.State.OPEN)
    close_batches(actor, list(running.values_list("pk", flat=True)))
    project.archived_at = clock.now()
    project.save(update_fields=["archived_at"])
    record(actor, "project.archive", project)


@transaction.atomic
def bring_back_project(actor: Person, project: Project) -> None:
    """An archived project is in the lists again; its batches stay closed."""
    if project.archived_at is not None:
        project.archived_at = None
        project.save(update_fields=["archived_at"])
        record(actor, "project.bring_back", project)
