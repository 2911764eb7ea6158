"""Renew leases: who holds tasks of a batch and is online keeps them for as long again. docs/decisions/packs.md."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from labelling.batches.lease_times import AS_LONG_AGAIN, ends_at, length_of
from labelling.models import Batch, Lease
from ledger import clock
from people.models import Worker

# Never shorter, never past so many lengths from the draw, and not while somebody looks at her answers: what is out must come back.
_RENEW = """
WITH mine AS (
    SELECT id FROM labelling_lease
     WHERE worker_id = %(worker)s AND batch_id = %(batch)s AND state = 'live' AND expires_at > %(now)s
       AND NOT (SELECT held FROM labelling_hand(%(worker)s, %(now)s))
     ORDER BY id FOR UPDATE
)
UPDATE labelling_lease l SET expires_at = greatest(l.expires_at, least(%(ends)s, l.drawn_at + %(most)s))
  FROM mine WHERE l.id = mine.id AND l.state = 'live' AND l.expires_at > %(now)s
"""


@transaction.atomic
def renew_leases(worker: Worker, batch: Batch, *, pack: bool) -> list[Lease]:
    """All that she holds of this batch, with their new ends. Safe to repeat. Batches that lend nothing now renew nothing
    (labelling.access.get_open_batch_for)."""
    now = clock.now()
    values: dict[str, Any] = {
        "worker": worker.pk,
        "batch": batch.pk,
        "now": now,
        "ends": ends_at(batch, now, pack=pack),
        "most": length_of(batch, pack) * AS_LONG_AGAIN,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, values)
    held = Lease.objects.filter(worker=worker, batch=batch, state=Lease.State.LIVE, expires_at__gt=now)
    return list(held.only("id", "expires_at").order_by("id"))
