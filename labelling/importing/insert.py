"""Write a chunk of items in one statement; what is there already stays as it is."""

from __future__ import annotations

import json
from collections.abc import Sequence

import orjson
from django.db import DataError, connection, transaction

from delivery.outbox import emit
from labelling.formats.rows import Refused
from labelling.importing.checked import NewItem
from labelling.models import Dataset
from ledger.locks import lock_until_commit

_ITEMS = """
INSERT INTO labelling_item (project_id, dataset_id, content_hash, external_id, media_id, payload, metadata, created_at)
SELECT %s, %s, r.hash, r.id, r.media, r.payload, r.metadata, now()
  FROM jsonb_to_recordset(%s::jsonb) AS r(hash text, id text, media bigint, payload jsonb, metadata jsonb)
    ON CONFLICT (project_id, content_hash) DO NOTHING
"""
_GOLDS = """
INSERT INTO labelling_gold (item_id, project_id, truth, explanation, created_at)
SELECT item.id, item.project_id, r.truth, r.explanation, now()
  FROM jsonb_to_recordset(%s::jsonb) AS r(hash text, truth jsonb, explanation text)
  JOIN labelling_item item ON item.project_id = %s AND item.content_hash = r.hash
    ON CONFLICT (item_id) DO NOTHING
"""


def insert_items(dataset: Dataset, items: Sequence[NewItem]) -> tuple[int, list[Refused]]:
    """How many were new, and the rows that the database itself refused. In the caller's transaction.

    Imports into one project take turns, so that two that hold the same rows in another order cannot lock each other.
    """
    lock_until_commit(f"labelling.items_of_project:{dataset.project_id}")
    try:
        with transaction.atomic():
            added, refused = _insert(dataset, items), []
    except DataError:
        added, refused = _one_by_one(dataset, items)
    if added:
        emit("items.added", {"project": dataset.project_id, "dataset": dataset.pk, "count": added})
    return added, refused


def _insert(dataset: Dataset, items: Sequence[NewItem]) -> int:
    rows = [
        {"hash": i.content_hash, "id": i.external_id, "media": i.media_id, "payload": i.payload, "metadata": i.metadata}
        for i in items
    ]
    golds = [
        {"hash": i.content_hash, "truth": i.gold, "explanation": i.explanation} for i in items if i.gold is not None
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, [dataset.project_id, dataset.pk, _dump(rows)])
        added = cursor.rowcount
        if golds:
            cursor.execute(_GOLDS, [_dump(golds), dataset.project_id])
    return added


def _one_by_one(dataset: Dataset, items: Sequence[NewItem]) -> tuple[int, list[Refused]]:
    """A good row is never lost to a bad one."""
    added, refused = 0, []
    for item in items:
        try:
            with transaction.atomic():
                added += _insert(dataset, [item])
        except DataError:
            row = item.row
            refused.append(Refused(row.number, row.place, "row", "The database cannot hold a value of this row."))
    return added, refused


def _dump(value) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # a whole number of more than 64 bits
        return json.dumps(value, ensure_ascii=False)
