"""Draw work: lend open items to a worker. One SQL statement, no global lock, cost independent of the number of items.

The lines of a batch (labelling/batches/queue.py) are read in turn: items somebody waits for, items asked again, items of
the first round. A cursor for each worker and line passes over what she was offered before, so a draw reads
about n rows however much she or the batch has done. Rows locked by others are skipped, not waited for.

A draw may carry an id made on the phone. Its leases remember it, so that asking again after a lost reply gives what was
lent then, and never more. How many a worker may hold at once: labelling/work/tempo.py; the same statement sees to it.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction

from kernel.errors import Conflict, DomainError
from kernel.locks import lock_until_commit
from kernel.sql import fetch
from labelling.batches import queue
from labelling.batches.escrow import repeat_share_bps
from labelling.batches.lease_times import ends_at
from labelling.gold.judge_sittings import judge_sittings
from labelling.models import Batch, DrawCursor, Lease
from labelling.models.refuse_draw import TRAINED, trained_elsewhere
from labelling.work import tempo
from labelling.work.hand import hand_of
from labelling.work.lent import BATCH, EXPIRES_AT, SHOW, STATE, Lent, lent_of
from labelling.work.sit_exam import lock_sitting, tasks_left
from ledger import clock
from people.models import Worker

MAX_DRAW = 50
REPEAT_AFTER, REPEAT_AMONG = 20, 200  # answers that lie between: a pack; and of how many one is asked again
WRAP_EVERY_S = 5
_RETRIES = 3
_PATIENCE, _BETWEEN_S = 5, 0.1

# The batch as it is in this moment: whoever closes it, or takes its escrow back, holds the row, is waited for, and then nothing is lent.
_GATE = """
WITH gate AS MATERIALIZED (
    SELECT id FROM labelling_batch WHERE id = %(batch)s AND state = 'open' AND owing_at IS NULL AND stopped_at IS NULL FOR KEY SHARE
)"""

_COUNT = "(SELECT count(*)::int FROM unnest(%({places})s::int[]) place WHERE place <= room)"


def _places_of(repeats: bool) -> str:
    """How many she may take, under the lock of her pace, and how many of these places are for known tasks, and for repeats."""
    of_repeats = _COUNT.format(places="repeats") if repeats else "0"
    return f""", places AS MATERIALIZED (
    SELECT room, {_COUNT.format(places="golds")} AS gold, {of_repeats} AS repeat
      FROM (SELECT least(%(n)s, {tempo.ROOM}) AS room FROM labelling_hand(%(worker)s, %(now)s)) AS hand
), purse AS (
    SELECT id, "left" FROM labelling_goldpurse
     WHERE batch_id = %(batch)s AND "left" > 0 AND (SELECT gold + repeat FROM places) > 0
     ORDER BY random() LIMIT 1 FOR UPDATE
)"""  # noqa: S608  constants only


# Of what she answered lately in this project, but not so lately that she has it before her eyes.
_REPEAT = f""", repeat AS MATERIALIZED (
    SELECT NULL::bigint AS batch_item_id, before.item_id, before.lease_id AS repeats_id FROM (
        SELECT a.item_id, a.lease_id, a.project_id, a.shown, a.gold_right FROM labelling_answer a
         WHERE a.worker_id = %(worker)s ORDER BY a.seq DESC OFFSET {REPEAT_AFTER} LIMIT {REPEAT_AMONG}
    ) AS before
     WHERE before.project_id = %(project)s AND before.shown IS NOT NULL AND before.gold_right IS NULL
       AND EXISTS (SELECT 1 FROM gate)
       AND EXISTS (SELECT 1 FROM labelling_item i WHERE i.id = before.item_id AND i.archived_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM labelling_lease l
                        WHERE l.item_id = before.item_id AND l.worker_id = %(worker)s AND l.repeats_id IS NOT NULL)
     ORDER BY random()
     LIMIT greatest(0, least((SELECT repeat FROM places),
                             (SELECT coalesce(sum("left"), 0) FROM purse) - (SELECT gold FROM places)))
)"""  # noqa: S608  constants only

# What is not there to be repeated is work.
_SIZE = """, size AS MATERIALIZED (
    SELECT room - gold - {repeated} AS work, gold FROM places
)"""

_LEND = """, gold AS (
    SELECT NULL::bigint AS batch_item_id, g.item_id, NULL::uuid AS repeats_id FROM labelling_gold g
     WHERE g.project_id = %(project)s AND g.retired_at IS NULL AND g.training = %(training)s AND g.exam = %(exam)s
       AND (%(gold_alone)s OR (SELECT count(*) FROM chosen) > 0)
       AND EXISTS (SELECT 1 FROM gate)
       AND NOT EXISTS (SELECT 1 FROM labelling_lease l WHERE l.item_id = g.item_id AND l.worker_id = %(worker)s)
     ORDER BY random() LIMIT least((SELECT gold FROM size), (SELECT coalesce(sum("left"), 0) FROM purse))
), known AS (
    SELECT * FROM gold {and_repeats}
), spent AS (
    UPDATE labelling_goldpurse p SET "left" = p."left" - (SELECT count(*) FROM known) FROM purse
     WHERE p.id = purse.id AND EXISTS (SELECT 1 FROM known)
), lent AS (
    INSERT INTO labelling_lease (id, worker_id, batch_id, item_id, batch_item_id, suggestion_id, question_id, repeats_id, state,
                                 drawn_at, expires_at, report_reason, draw_id, draw_place)
    SELECT gen_random_uuid(), %(worker)s, %(batch)s, work.item_id, work.batch_item_id,
           (SELECT s.id FROM labelling_suggestion s WHERE %(suggest)s AND s.item_id = work.item_id
             ORDER BY s.model_version_id DESC LIMIT 1),
           (SELECT question_id FROM labelling_project WHERE id = %(project)s), work.repeats_id,
           'live', %(now)s, %(expires_at)s, '', %(draw)s::uuid, row_number() OVER ()
      FROM (SELECT batch_item_id, item_id, NULL::uuid AS repeats_id FROM taken UNION ALL SELECT * FROM known) AS work
    RETURNING id, item_id, suggestion_id, batch_id, state, expires_at, question_id, repeats_id
)"""


_AND_REPEATS = "UNION ALL SELECT * FROM repeat WHERE %(gold_alone)s OR (SELECT count(*) FROM chosen) > 0"


def _drawing(choose: str, sides: bool) -> str:
    """Which statement it is, the project says, never one draw: one that is seldom sent is planned anew, and the time would tell."""
    size = _SIZE.format(repeated="(SELECT count(*) FROM repeat)" if sides else "0")
    lend = _LEND.format(and_repeats=_AND_REPEATS if sides else "")
    line = choose + queue.TAKE + lend + queue.MOVE_CURSOR
    return _GATE + _places_of(sides) + (_REPEAT if sides else "") + size + line + SHOW


# By (who does what is assigned, the sides of what is asked are drawn).
_DRAW = {
    (assigned, sides): _drawing(choose, sides)
    for assigned, choose in ((False, queue.CHOOSE), (True, queue.CHOOSE_ASSIGNED))
    for sides in (False, True)
}

_LENT_BEFORE = """
WITH lent AS (
    SELECT id, item_id, suggestion_id, batch_id, state, expires_at, question_id, repeats_id
      FROM labelling_lease WHERE worker_id = %(worker)s AND draw_id = %(draw)s
)"""


def draw_work(
    worker: Worker, batch: Batch, n: int, draw_id: uuid.UUID | None = None, *, pack: bool = False
) -> list[Lent]:
    """Up to n leases (1 to MAX_DRAW) of open items of the batch that this worker never had, in a mixed order.

    pack: she takes them along, so they last for hours, and nothing is among them that somebody waits for.
    Safe to repeat with a draw_id: what she still has of the leases that it gave the first time, whatever n is now.
    """
    if not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= MAX_DRAW:
        raise DomainError("n must be a whole number from 1 to {most}.", field="n", said={"most": MAX_DRAW})
    for attempt in range(_RETRIES):
        try:
            lent = _lend(worker, batch, n, draw_id, pack)
            break
        except IntegrityError:
            # Two phones of one worker drew the same item at once, or one draw came twice at once; a unique key let one have it.
            if attempt == _RETRIES - 1:
                raise
    random.shuffle(lent)  # gold comes last out of the query: its place must not tell
    return lent


def _lend(worker: Worker, batch: Batch, n: int, draw_id: uuid.UUID | None, pack: bool) -> list[Lent]:
    if draw_id is not None and (before := _lent_before(worker, draw_id)):
        return _still_live(before, batch)
    if batch.exam_tasks:
        return _lend_exam(worker, batch, n, draw_id)
    if batch.training:
        return _lend_examples(worker, batch, n, draw_id)
    golds, repeats = _places(n, batch)
    alone = len(golds) + len(repeats) == n
    if alone and not _something_left(worker, batch, queue.LEFT_ASSIGNED if batch.assigned else queue.LEFT_AHEAD):
        golds, repeats, alone = [], [], False  # gold alone is only lent to whom work is left: nobody lives on it
    lent = _draw_once(worker, batch, n, golds, draw_id, repeats=repeats, wrap=False, pack=pack)
    if not lent and alone:  # no gold that she has not had
        lent = _draw_once(worker, batch, n, [], draw_id, wrap=False, pack=pack)
    if not lent and not (hand := hand_of(worker)).room:
        raise Conflict(hand.sentence, field="n", code="hand_full", why=hand.why, may_hold=hand.most, held=hand.live)
    return lent or _draw_again(worker, batch, n, draw_id, pack)


def _places(n: int, batch: Batch) -> tuple[list[int], list[int]]:
    """Which of n places are known tasks, and which are repeats."""
    gold_bps, repeat_bps = batch.project.gold_share_bps, repeat_share_bps(batch.project)
    drawn = {place: random.random() * 10_000 for place in range(1, n + 1)}
    golds = [place for place, at in drawn.items() if at < gold_bps]
    return golds, [place for place, at in drawn.items() if gold_bps <= at < gold_bps + repeat_bps]


def _lend_examples(worker: Worker, batch: Batch, n: int, draw_id: uuid.UUID | None) -> list[Lent]:
    """Of a training: known tasks alone, each once. Who asks two trainings of a kind at the same moment has one of them."""
    with transaction.atomic():
        lock_until_commit(f"labelling.training_of:{worker.pk}")
        if trained_elsewhere(worker, (batch.project.task_type, batch.project.medium), batch.project_id):
            raise Conflict(TRAINED, code="trained")
        lent = _draw_once(worker, batch, n, list(range(1, n + 1)), draw_id, wrap=False, pack=False)
    if not lent and not (hand := hand_of(worker)).room:
        raise Conflict(hand.sentence, field="n", code="hand_full", why=hand.why, may_hold=hand.most, held=hand.live)
    return lent


def _lend_exam(worker: Worker, batch: Batch, n: int, draw_id: uuid.UUID | None) -> list[Lent]:
    """Of an exam: as many known tasks as her sitting has left. A known task that was retired meanwhile holds nobody up."""
    judge_sittings(worker.pk, batch.pk)
    with transaction.atomic():
        lock_sitting(worker)
        n = min(n, tasks_left(worker, batch))
        lent = _draw_once(worker, batch, n, list(range(1, n + 1)), draw_id, wrap=False, pack=False) if n else []
    if n and not lent and not (hand := hand_of(worker)).room:
        raise Conflict(hand.sentence, field="n", code="hand_full", why=hand.why, may_hold=hand.most, held=hand.live)
    return lent


def _lent_before(worker: Worker, draw_id: uuid.UUID) -> list[tuple]:
    """Everything that the worker's own draw of this id lent, in whatever state it is now."""
    return fetch(_LENT_BEFORE + SHOW, {"worker": worker.pk, "draw": draw_id})


def _still_live(rows: list[tuple], batch: Batch) -> list[Lent]:
    if any(row[BATCH] != batch.pk for row in rows):
        raise Conflict("This id belongs to a draw of another batch: make a new id.", field="id", code="id_taken")
    now = clock.now()
    return [lent_of(row) for row in rows if row[STATE] == Lease.State.LIVE and row[EXPIRES_AT] > now]


def _draw_again(worker: Worker, batch: Batch, n: int, draw_id: uuid.UUID | None, pack: bool) -> list[Lent]:
    """From the start of the queues, where that is due. Rows that are being decided are free in a moment: "nothing left" is only
    said when it is so."""
    wrap = batch.assigned or _may_wrap(worker, batch)
    left = queue.LEFT_ASSIGNED if batch.assigned else queue.LEFT if wrap else queue.LEFT_AHEAD
    for attempt in range(_PATIENCE):
        lent = _draw_once(worker, batch, n, [], draw_id, wrap=wrap, pack=pack) if wrap or attempt else []
        if lent or not _something_left(worker, batch, left):
            return lent
        time.sleep(_BETWEEN_S * (attempt + 1))
    DrawCursor.objects.filter(worker=worker, batch=batch).update(
        wrapped_at=None
    )  # locked still: she may ask again at once
    return []


def _something_left(worker: Worker, batch: Batch, left: str) -> bool:
    return fetch(left, {"worker": worker.pk, "batch": batch.pk})[0][0]


def _may_wrap(worker: Worker, batch: Batch) -> bool:
    """Looking through everything she did before is only worth it now and then."""
    recently = clock.now() - timedelta(seconds=WRAP_EVERY_S)
    return not DrawCursor.objects.filter(worker=worker, batch=batch, wrapped_at__gt=recently).exists()


def _draw_once(
    worker: Worker, batch: Batch, n: int, golds: list[int], draw_id: uuid.UUID | None, *,
    repeats: Sequence[int] = (), wrap: bool, pack: bool,
) -> list[Lent]:  # fmt: skip
    """n tasks or as many as she may still hold; those of them whose places are among `golds` (1 to n) are gold, among `repeats` repeats."""
    now, sides = clock.now(), repeat_share_bps(batch.project) > 0
    values = {
        "worker": worker.pk,
        "batch": batch.pk,
        "project": batch.project_id,
        "n": n,
        "golds": golds,
        "repeats": list(repeats),
        "gold_alone": len(golds) + len(repeats) == n,
        "training": batch.training,
        "exam": batch.exam_tasks > 0,
        "draw": draw_id,
        "wrap": wrap,
        "suggest": batch.project.suggestions_enabled,
        "now": now,
        "pack": pack,
        "expires_at": ends_at(batch, now, pack=pack),
    }
    return [lent_of(row) for row in fetch(_DRAW[batch.assigned, sides], values)]
