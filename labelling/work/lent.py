"""A lease as the worker gets it, read with its item. Whether the item is gold is not in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.sql import fetch
from labelling import task_types
from labelling.task_types.parts import arranged, shown_order
from ledger import clock
from people.models import Worker

# Of leases named `lent`: id, item_id, suggestion_id, batch_id, state, expires_at, question_id, repeats_id.
SHOW = """
SELECT lent.id, lent.item_id, item.payload, item.media_id, media.kind, media.width_px, media.height_px,
       media.duration_ms, media.variants, s.value, s.confidence_ppm, s.model_version_id,
       lent.expires_at, lent.state, lent.batch_id, lent.question_id, item.project_id,
       (SELECT task_type FROM labelling_project WHERE id = item.project_id),
       CASE WHEN item.payload ? 'parts' THEN (
           SELECT jsonb_object_agg(pm.part, jsonb_build_object('kind', m.kind, 'width_px', m.width_px, 'height_px', m.height_px,
                                                               'duration_ms', m.duration_ms, 'variants', m.variants))
             FROM labelling_partmedia pm JOIN intake_media m ON m.id = pm.media_id WHERE pm.item_id = item.id) END,
       lent.repeats_id
  FROM lent JOIN labelling_item item ON item.id = lent.item_id
  LEFT JOIN intake_media media ON media.id = item.media_id
  LEFT JOIN labelling_suggestion s ON s.id = lent.suggestion_id
"""
EXPIRES_AT, STATE, BATCH, QUESTION = 12, 13, 14, 15  # columns of SHOW

# What she holds is bounded (labelling/work/tempo.py); so is this list, also for a recorded crowd.
_IN_HAND = f"""
WITH lent AS (
    SELECT id, item_id, suggestion_id, batch_id, state, expires_at, question_id, repeats_id FROM labelling_lease
     WHERE worker_id = %s AND state = 'live' AND expires_at > %s ORDER BY id LIMIT 200
){SHOW} ORDER BY lent.id
"""  # noqa: S608  constants only


@dataclass(frozen=True)
class Lent:
    """A lease and its item."""

    lease: str
    item_id: int
    payload: dict[str, Any]
    media_id: int | None
    media_kind: str | None
    width_px: int | None
    height_px: int | None
    duration_ms: int | None
    variants: dict[str, Any] | None
    suggestion: dict[str, Any] | None
    expires_at: datetime
    question: int | None  # the version that she is asked
    batch_id: int
    project_id: int
    task_type: str
    parts: list[dict[str, Any]]  # of an item of parts, in the order that this lease shows them in
    part_media: dict[str, dict[str, Any]]  # by the id of its part


def in_hand(worker: Worker) -> list[Lent]:
    """What she holds now, of all batches: for a second phone, or a browser that forgot. In an order that tells nothing."""
    return [lent_of(row) for row in fetch(_IN_HAND, [worker.pk, clock.now()])]


def lent_of(row: tuple) -> Lent:
    suggestion = None
    if row[9] is not None:
        suggestion = {"value": _json(row[9]), "confidence_ppm": row[10], "model_version": row[11]}
    payload = _json(row[2])
    return Lent(
        lease=str(row[0]),
        item_id=row[1],
        payload=payload,
        media_id=row[3],
        media_kind=row[4],
        width_px=row[5],
        height_px=row[6],
        duration_ms=row[7],
        variants=_json(row[8]),
        suggestion=suggestion,
        expires_at=row[EXPIRES_AT],
        batch_id=row[BATCH],
        question=row[QUESTION],
        project_id=row[16],
        task_type=row[17],
        parts=_parts(payload, row[17], str(row[0]), row[19]) if "parts" in payload else [],
        part_media=_json(row[18]) or {},
    )


def _parts(payload: dict, task_type: str, lease: str, repeats: UUID | None) -> list[dict[str, Any]]:
    first = str(repeats) if repeats else None
    order = shown_order(payload["parts"], task_types.get(task_type).asked, lease, first)
    return arranged(payload["parts"], order)


def _json(value):
    """Django reads jsonb as text from raw SQL."""
    return json.loads(value) if isinstance(value, str) else value
