"""Draw work: lend open items to a worker. One SQL statement, no global lock, cost independent of the number of items.

Three queues of a batch are read in turn, each in the order of its tickets: items somebody waits for, items asked again,
items of the first round. A cursor for each worker and queue passes over what she was offered before, so a draw reads
about n rows however much she or the batch has done. Rows locked by others are skipped, not waited for.
"""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from labelling.models import Batch, DrawCursor
from people.models import Worker
from people.refusals import Refusal

MAX_DRAW = 50
WRAP_EVERY_S = 5
_RETRIES = 3
_PATIENCE, _BETWEEN_S = 5, 0.1

_QUEUES = """
WITH cursor AS (
    SELECT first_ticket, again_ticket, wrapped_at FROM labelling_drawcursor
     WHERE worker_id = %(worker)s AND batch_id = %(batch)s
), start AS (
    SELECT CASE WHEN %(wrap)s THEN 0 ELSE coalesce((SELECT first_ticket FROM cursor), 0) END AS first_ticket,
           CASE WHEN %(wrap)s THEN 0 ELSE coalesce((SELECT again_ticket FROM cursor), 0) END AS again_ticket
), urgent AS (
    SELECT bi.id, bi.item_id, bi.need, bi.ticket FROM labelling_batchitem bi
     WHERE bi.batch_id = %(batch)s AND bi.state = 'open' AND bi.taken < bi.wanted AND bi.need = 2
       AND NOT EXISTS (SELECT 1 FROM labelling_lease l WHERE l.item_id = bi.item_id AND l.worker_id = %(worker)s)
     ORDER BY bi.ticket LIMIT %(n)s FOR UPDATE OF bi SKIP LOCKED
), again AS (
    SELECT bi.id, bi.item_id, bi.need, bi.ticket FROM labelling_batchitem bi
     WHERE bi.batch_id = %(batch)s AND bi.state = 'open' AND bi.taken < bi.wanted AND bi.need = 1
       AND bi.ticket > (SELECT again_ticket FROM start)
       AND NOT EXISTS (SELECT 1 FROM labelling_lease l WHERE l.item_id = bi.item_id AND l.worker_id = %(worker)s)
     ORDER BY bi.ticket LIMIT %(n)s - (SELECT count(*) FROM urgent) FOR UPDATE OF bi SKIP LOCKED
), first AS (
    SELECT bi.id, bi.item_id, bi.need, bi.ticket FROM labelling_batchitem bi
     WHERE bi.batch_id = %(batch)s AND bi.state = 'open' AND bi.taken < bi.wanted AND bi.need = 0
       AND bi.ticket > (SELECT first_ticket FROM start)
       AND NOT EXISTS (SELECT 1 FROM labelling_lease l WHERE l.item_id = bi.item_id AND l.worker_id = %(worker)s)
     ORDER BY bi.ticket LIMIT %(n)s - (SELECT count(*) FROM urgent) - (SELECT count(*) FROM again)
       FOR UPDATE OF bi SKIP LOCKED
), chosen AS (
    SELECT * FROM urgent UNION ALL SELECT * FROM again UNION ALL SELECT * FROM first
)"""

# In an assigned batch a worker has a short list of her own; no cursor is needed.
_ASSIGNED = """
WITH start AS (SELECT 0 AS first_ticket, 0 AS again_ticket), first AS (SELECT 0 AS ticket WHERE false), again AS (TABLE first),
chosen AS (
    SELECT bi.id, bi.item_id, bi.need, bi.ticket
      FROM labelling_assignment a JOIN labelling_batchitem bi ON bi.id = a.batch_item_id
     WHERE a.worker_id = %(worker)s AND bi.batch_id = %(batch)s AND bi.state = 'open' AND bi.taken < bi.wanted
       AND NOT EXISTS (SELECT 1 FROM labelling_lease l WHERE l.item_id = bi.item_id AND l.worker_id = %(worker)s)
     ORDER BY bi.need DESC, bi.ticket LIMIT %(n)s FOR UPDATE OF bi SKIP LOCKED
)"""

_LEND = """, taken AS (
    UPDATE labelling_batchitem bi SET taken = bi.taken + 1 FROM chosen WHERE bi.id = chosen.id
    RETURNING bi.id AS batch_item_id, bi.item_id
), gold AS (
    SELECT NULL::bigint AS batch_item_id, g.item_id FROM labelling_gold g
     WHERE g.project_id = %(project)s AND g.retired_at IS NULL AND (SELECT count(*) FROM chosen) > 0
       AND NOT EXISTS (SELECT 1 FROM labelling_lease l WHERE l.item_id = g.item_id AND l.worker_id = %(worker)s)
     ORDER BY random() LIMIT %(gold)s
), lent AS (
    INSERT INTO labelling_lease (id, worker_id, batch_id, item_id, batch_item_id, suggestion_id, state, drawn_at,
                                 expires_at, report_reason)
    SELECT gen_random_uuid(), %(worker)s, %(batch)s, work.item_id, work.batch_item_id,
           (SELECT s.id FROM labelling_suggestion s WHERE %(suggest)s AND s.item_id = work.item_id
             ORDER BY s.model_version_id DESC LIMIT 1),
           'live', %(now)s, %(expires_at)s, ''
      FROM (SELECT * FROM taken UNION ALL SELECT * FROM gold) AS work
    RETURNING id, item_id, suggestion_id
), moved AS (
    INSERT INTO labelling_drawcursor AS c (worker_id, batch_id, first_ticket, again_ticket, wrapped_at)
    SELECT %(worker)s, %(batch)s,
           greatest((SELECT max(ticket) FROM first), (SELECT first_ticket FROM start)),
           greatest((SELECT max(ticket) FROM again), (SELECT again_ticket FROM start)),
           CASE WHEN %(wrap)s THEN %(now)s END
    ON CONFLICT (worker_id, batch_id) DO UPDATE
       SET first_ticket = excluded.first_ticket, again_ticket = excluded.again_ticket,
           wrapped_at = coalesce(excluded.wrapped_at, c.wrapped_at)
)
SELECT lent.id, lent.item_id, item.payload, item.media_id, media.kind, media.width_px, media.height_px,
       media.duration_ms, media.variants, s.value, s.confidence_ppm, s.model_version_id
  FROM lent JOIN labelling_item item ON item.id = lent.item_id
  LEFT JOIN intake_media media ON media.id = item.media_id
  LEFT JOIN labelling_suggestion s ON s.id = lent.suggestion_id
"""

_LEFT = """
SELECT EXISTS (SELECT 1 FROM labelling_batchitem bi
                WHERE bi.batch_id = %(batch)s AND bi.state = 'open' AND bi.taken < bi.wanted
                  AND NOT EXISTS (SELECT 1 FROM labelling_lease l WHERE l.item_id = bi.item_id AND l.worker_id = %(worker)s))
"""

_LEFT_ASSIGNED = """
SELECT EXISTS (SELECT 1 FROM labelling_assignment a JOIN labelling_batchitem bi ON bi.id = a.batch_item_id
                WHERE a.worker_id = %(worker)s AND bi.batch_id = %(batch)s AND bi.state = 'open' AND bi.taken < bi.wanted
                  AND NOT EXISTS (SELECT 1 FROM labelling_lease l WHERE l.item_id = bi.item_id AND l.worker_id = %(worker)s))
"""


@dataclass(frozen=True)
class Lent:
    """A lease as the worker gets it. Whether the item is gold is not in it."""

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


def draw_work(worker: Worker, batch: Batch, n: int) -> list[Lent]:
    """Up to n leases (1 to MAX_DRAW) of open items of the batch that this worker never had, in a mixed order."""
    if not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= MAX_DRAW:
        raise Refusal(f"n must be a whole number from 1 to {MAX_DRAW}.", field="n")
    gold = sum(random.random() * 10_000 < batch.project.gold_share_bps for _ in range(n))
    lent = _draw_once(worker, batch, n - min(gold, n - 1), gold, wrap=False)
    if not lent and _may_wrap(worker, batch):
        lent = _draw_again(worker, batch, n)
    random.shuffle(lent)  # gold comes last out of the query: its place must not tell
    return lent


def _draw_again(worker: Worker, batch: Batch, n: int) -> list[Lent]:
    """From the start of the queues. Rows that were locked are free in a moment: "nothing left" is only said when it is so."""
    for attempt in range(_PATIENCE):
        lent = _draw_once(worker, batch, n, 0, wrap=True)
        if lent or not _something_left(worker, batch):
            return lent
        time.sleep(_BETWEEN_S * (attempt + 1))
    DrawCursor.objects.filter(worker=worker, batch=batch).update(
        wrapped_at=None
    )  # still locked: she may ask again at once
    return []


def _something_left(worker: Worker, batch: Batch) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_LEFT_ASSIGNED if batch.assigned else _LEFT, {"worker": worker.pk, "batch": batch.pk})
        return cursor.fetchone()[0]


def _may_wrap(worker: Worker, batch: Batch) -> bool:
    """Looking through everything she did before is only worth it now and then."""
    recently = timezone.now() - timedelta(seconds=WRAP_EVERY_S)
    return not DrawCursor.objects.filter(worker=worker, batch=batch, wrapped_at__gt=recently).exists()


def _draw_once(worker: Worker, batch: Batch, n: int, gold: int, *, wrap: bool) -> list[Lent]:
    now = timezone.now()
    values = {
        "worker": worker.pk,
        "batch": batch.pk,
        "project": batch.project_id,
        "n": n,
        "gold": gold,
        "wrap": wrap,
        "suggest": batch.project.suggestions_enabled,
        "now": now,
        "expires_at": now + timedelta(seconds=settings.LEASE_S),
    }
    for attempt in range(_RETRIES):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute((_ASSIGNED if batch.assigned else _QUEUES) + _LEND, values)
                return [_lent(row, values["expires_at"]) for row in cursor.fetchall()]
        except IntegrityError:
            # Two phones of one worker drew the same item at once; the unique key let one have it.
            if attempt == _RETRIES - 1:
                raise
    return []


def _lent(row: tuple, expires_at: datetime) -> Lent:
    suggestion = None
    if row[9] is not None:
        suggestion = {"value": _json(row[9]), "confidence_ppm": row[10], "model_version": row[11]}
    return Lent(
        lease=str(row[0]),
        item_id=row[1],
        payload=_json(row[2]),
        media_id=row[3],
        media_kind=row[4],
        width_px=row[5],
        height_px=row[6],
        duration_ms=row[7],
        variants=_json(row[8]),
        suggestion=suggestion,
        expires_at=expires_at,
    )


def _json(value):
    """Django reads jsonb as text from raw SQL."""
    return json.loads(value) if isinstance(value, str) else value
