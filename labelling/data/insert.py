"""Write a chunk of items in one statement; rows whose content is there already are joined to their items (known.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import DataError, connection, transaction

from delivery.outbox import emit
from kernel.locks import items_of, lock_until_commit
from kernel.sql import json_text
from labelling.data.checked import NewItem
from labelling.data.known import join_known
from labelling.formats.rows import Refused, Remark
from labelling.models import Dataset
from labelling.models.work import SENT_WITH_ITS_ITEM
from people.models import Person

_ITEMS = """
INSERT INTO labelling_item (project_id, dataset_id, content_hash, external_id, file_name, media_id, payload, metadata,
                            created_at)
SELECT %s, %s, r.hash, r.id, r.file, r.media, r.payload, r.metadata, now()
  FROM jsonb_to_recordset(%s::jsonb) AS r(hash text, id text, file text, media bigint, payload jsonb, metadata jsonb)
    ON CONFLICT (project_id, content_hash) DO NOTHING
RETURNING content_hash
"""
_GOLDS = """
INSERT INTO labelling_gold (item_id, project_id, truth, explanation, created_at)
SELECT item.id, item.project_id, r.truth, r.explanation, now()
  FROM jsonb_to_recordset(%s::jsonb) AS r(hash text, truth jsonb, explanation text)
  JOIN labelling_item item ON item.project_id = %s AND item.content_hash = r.hash
    ON CONFLICT (item_id) DO NOTHING
"""
_PART_MEDIA = """
INSERT INTO labelling_partmedia (item_id, part, media_id)
SELECT item.id, r.part, r.media
  FROM jsonb_to_recordset(%s::jsonb) AS r(hash text, part text, media bigint)
  JOIN labelling_item item ON item.project_id = %s AND item.content_hash = r.hash
    ON CONFLICT (item_id, part) DO NOTHING
"""
# One a row that says so; sent again, it is what was said last.
_SUGGESTIONS = """
INSERT INTO labelling_suggestion (item_id, model_version_id, value, confidence_ppm, created_at)
SELECT item.id, %s, r.value, r.ppm, now()
  FROM jsonb_to_recordset(%s::jsonb) AS r(hash text, value jsonb, ppm int)
  JOIN labelling_item item ON item.project_id = %s AND item.content_hash = r.hash
    ON CONFLICT (item_id, model_version_id) DO UPDATE SET value = excluded.value, confidence_ppm = excluded.confidence_ppm
"""


@dataclass
class Written:
    """What became of a chunk: how many were new, the rows that the database refused, what is to be said of the others."""

    added: int = 0
    refused: list[Refused] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def insert_items(dataset: Dataset, items: Sequence[NewItem], actor: Person | None = None) -> Written:
    """In the caller's transaction.

    Imports into one project take turns, so that two that hold the same rows in another order cannot lock each other.
    """
    lock_until_commit(items_of(dataset.project_id))
    try:
        with transaction.atomic():
            written = _written(dataset, items, actor)
    except DataError:
        written = _one_by_one(dataset, items, actor)
    if written.added:
        emit("items.added", {"project": dataset.project_id, "dataset": dataset.pk, "count": written.added})
    return written


def _written(dataset: Dataset, items: Sequence[NewItem], actor: Person | None) -> Written:
    known = _insert(dataset, items)
    said = [Remark(item.row.number, item.row.place, *note) for item in items for note in item.remarks]
    joined = join_known(dataset, known, actor) if known else []
    _add_suggestions(dataset, [item for item in items if item.suggestion is not None])
    return Written(len(items) - len(known), remarks=said + joined)


def _insert(dataset: Dataset, items: Sequence[NewItem]) -> list[NewItem]:
    """The rows that became no item of their own: their content was there, or came in a row before them."""
    first = {item.content_hash: item for item in reversed(items)}
    fresh = _added(dataset, [item for item in items if first[item.content_hash] is item])
    new = {item.content_hash: item for item in first.values() if item.content_hash in fresh}
    _add_part_media(dataset, [item for item in new.values() if item.part_media])
    _add_golds(dataset, [item for item in new.values() if item.gold is not None])
    return [item for item in items if new.get(item.content_hash) is not item]


def _added(dataset: Dataset, items: list[NewItem]) -> set[str]:
    """The contents that were not there before."""
    rows = [
        {
            "hash": i.content_hash,
            "id": i.external_id,
            "file": i.file_name,
            "media": i.media_id,
            "payload": i.payload,
            "metadata": i.metadata,
        }
        for i in items
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, [dataset.project_id, dataset.pk, json_text(rows)])
        return {content_hash for (content_hash,) in cursor}


def _add_part_media(dataset: Dataset, items: list[NewItem]) -> None:
    rows = [
        {"hash": item.content_hash, "part": part, "media": media}
        for item in items
        for part, media in item.part_media.items()
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_PART_MEDIA, [json_text(rows), dataset.project_id])


def _add_golds(dataset: Dataset, items: list[NewItem]) -> None:
    golds = [{"hash": i.content_hash, "truth": i.gold, "explanation": i.explanation} for i in items]
    if golds:
        with connection.cursor() as cursor:
            cursor.execute(_GOLDS, [json_text(golds), dataset.project_id])


def _add_suggestions(dataset: Dataset, items: list[NewItem]) -> None:
    rows = {i.content_hash: {"hash": i.content_hash, "value": i.suggestion, "ppm": i.confidence_ppm} for i in items}
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_SUGGESTIONS, [SENT_WITH_ITS_ITEM, json_text([*rows.values()]), dataset.project_id])


def _one_by_one(dataset: Dataset, items: Sequence[NewItem], actor: Person | None) -> Written:
    """A good row is never lost to a bad one."""
    whole = Written()
    for item in items:
        try:
            with transaction.atomic():
                written = _written(dataset, [item], actor)
        except DataError:
            sentence = "The database cannot hold a value of this row."
            whole.refused.append(Refused(item.row.number, item.row.place, "row", sentence))
        else:
            whole.added += written.added
            whole.remarks += written.remarks
    return whole
