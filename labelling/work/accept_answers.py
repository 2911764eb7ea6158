"""Accept answers: the one transaction in which an answer becomes real.

Answer row, lease closed, counts, outbox event, ledger "earn:<answer id>", signed receipt: all or nothing, in three SQL
statements whether one answer comes or fifty. The phone makes the ids and may send a batch any number of times: the same
id with the same bytes gives the stored receipt again, the same id with other bytes is a conflict.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, UniqueViolation

from delivery.enqueue import wake_drain
from delivery.outbox import EMIT, UNSENT
from kernel.errors import DomainError
from kernel.sql import COMMIT_WITHOUT_WAITING, flush_commits
from labelling import task_types
from labelling.batches import queue
from labelling.gold import judged_gold
from labelling.gold.first_misses import teaching
from labelling.gold.judge_sittings import judge_sittings
from labelling.models import Lease
from labelling.task_types.errors import BadAnswer
from labelling.work.answer_rows import AnswerRow, look
from labelling.work.expire_leases import paid_until
from labelling.work.pacing import WRITE_PACE, pace_answers
from labelling.work.submissions import Result, Sent, first_of_each_id, parse_entry, refused, result_of
from ledger import clock, factories
from ledger.errors import InsufficientFunds
from ledger.posting import post_many
from ledger.transfers import AccountRef
from people.models import Worker
from proofs import canonical_bytes, sha256_hex
from proofs.receipts import build_receipt

MAX_ANSWERS = 50
_RETRIES = 3
PAYABLE = (Lease.State.LIVE, Lease.State.LATE)
RETURNED = "You had handed this task back, so somebody else does it: thank you, there is nothing to pay for it."
ENDED = "This answer came after the time that the task's pay was kept for: it is not taken any more."
WAITS = "This answer cannot be paid just now, and it is not lost: send it again later."

log = logging.getLogger(__name__)

_WRITE = f"""
WITH commit AS (
    {COMMIT_WITHOUT_WAITING}
), sent AS (
    SELECT * FROM jsonb_to_recordset(%(answers)s::jsonb) AS s(
        id uuid, seq bigint, lease uuid, item bigint, batch bigint, project bigint, batch_item bigint, value jsonb, shown jsonb,
        repeat boolean, body_sha256 text, counted boolean, takes smallint, gold_right boolean, base_micro bigint, active_ms int,
        hurried boolean, device_class text, suggestion_shown boolean, receipt jsonb, signature text)
), answer AS (
    INSERT INTO labelling_answer (id, seq, lease_id, worker_id, item_id, batch_id, project_id, value, shown, repeat, body_sha256,
        counted, gold_right, base_micro, active_ms, hurried, device_class, suggestion_shown, received_at, receipt, receipt_signature)
    SELECT id, seq, lease, %(worker)s, item, batch, project, value, nullif(shown, 'null'), repeat, body_sha256, counted, gold_right,
           base_micro, active_ms, hurried, device_class, suggestion_shown, %(now)s, receipt, signature
      FROM sent
), paced AS ({WRITE_PACE}
), closed AS (
    UPDATE labelling_lease l SET state = 'answered' FROM sent WHERE l.id = sent.lease
), hot AS ({queue.COUNT}
), spared AS (
    UPDATE labelling_batch b SET spare = b.spare + late.n
      FROM (SELECT batch, count(*) AS n FROM sent WHERE takes = 1 GROUP BY batch) AS late WHERE b.id = late.batch
)
{EMIT}
SELECT CASE WHEN gold_right IS NULL THEN 'answer.accepted' ELSE 'gold.answered' END,
       jsonb_build_object('answer', id, 'item', item, 'project', project, 'batch', batch, 'worker', %(worker)s,
                          'counted', counted),
       {UNSENT}
  FROM commit, sent
"""  # noqa: S608  constants only


def accept_answers(worker: Worker, entries: Sequence[Any]) -> list[Result]:
    """Accept what can be accepted; one Result an entry, in order. A bad answer never stops a good one."""
    if not isinstance(entries, list) or not 1 <= len(entries) <= MAX_ANSWERS:
        raise DomainError("answers must be a list of 1 to {most} answers.", field="answers", said={"most": MAX_ANSWERS})
    parsed = [parse_entry(entry, place) for place, entry in enumerate(entries)]
    sent = first_of_each_id([entry for entry in parsed if isinstance(entry, Sent)])
    for attempt in range(_RETRIES):
        try:
            results = _accept(worker, list(sent.values()))
            break
        except (IntegrityError, OperationalError) as failure:
            # The same answer came twice at the same moment, over two connections: the other one won, look again.
            # Or PostgreSQL ended one of two that waited for each other; nothing has changed.
            if attempt == _RETRIES - 1 or not isinstance(failure.__cause__, UniqueViolation | DeadlockDetected):
                raise
    if any(result.receipt for result in results.values()):
        flush_commits()  # a receipt is a promise, also one that is given again
    return [result_of(entry, sent, results) for entry in parsed]


def _accept(worker: Worker, sent: list[Sent], short: frozenset[AccountRef] = frozenset()) -> dict[str, Result]:
    """short: escrows that could not pay, which only a mistake of ours can bring about. Their answers wait, all others go on."""
    try:
        return _accept_paid(worker, sent, short) if sent else {}
    except InsufficientFunds as unpaid:
        log.error("an answer waits because an escrow cannot pay what it was set aside for: %s", unpaid)
        return _accept(worker, sent, short | {unpaid.account})


def _accept_paid(worker: Worker, sent: list[Sent], short: frozenset[AccountRef]) -> dict[str, Result]:
    with transaction.atomic():
        rows, now = look(worker, sent), clock.now()
        results = {row.sent.id: _check(row, now) for row in rows}
        _refuse_second_of_a_lease(rows, results)
        _let_wait(rows, results, short)
        new = [row for row in rows if results[row.sent.id].status == "accepted"]
        _take_slots(new)
        for row in new:
            _sign(row, worker, now)
            results[row.sent.id] = _accepted(row)
        if new:
            _write(worker, new, now, pace_answers(new, now))
            transaction.on_commit(wake_drain)
            _earn(worker, new)
            for batch_id in sorted({row.batch_id for row in new if row.exam_tasks}):
                judge_sittings(worker.pk, batch_id)
        _say_what_teaches(worker, rows, results)
    return results


def _say_what_teaches(worker: Worker, rows: list[AnswerRow], results: dict[str, Result]) -> None:
    missed = {row.sent.id: row.project_id for row in rows if row.gold_right is False and results[row.sent.id].feedback}
    first = teaching(worker, missed.values())
    for answer_id in missed:
        if told := results[answer_id].feedback:
            told["teaches"] = answer_id in first


def _check(row: AnswerRow, now: datetime) -> Result:
    """Accepted, repeated or refused; nothing is written here."""
    answer_id = row.sent.id
    if row.known_sha256 is not None:
        return _check_known(row)
    if row.lease_id is None:
        return refused(
            answer_id, "not_found", "lease", "There is no such lease, or it is not yours: draw the task again."
        )
    if row.answered_id is not None:
        return refused(answer_id, "conflict", "lease", "This lease was answered under another id: its receipt stands.")
    if row.lease_state not in PAYABLE:
        return _refuse_unpayable(row)
    if now >= paid_until(row.expires_at):
        return refused(answer_id, "lease_ended", "lease", ENDED)
    try:
        row.value = task_types.get(row.task_type).parse(row.sent.value, row.question)
    except BadAnswer as bad:
        return refused(answer_id, "invalid", bad.field, str(bad))
    row.body_sha256 = _hash(row.value)
    if row.truth is not None:
        row.gold_right = judged_gold.is_right(row.task_type, row.value, row.truth, row.question, row.past_labels)
    return Result(answer_id, "accepted")


def _refuse_unpayable(row: AnswerRow) -> Result:
    if row.lease_state == Lease.State.EXPIRED:
        return refused(row.sent.id, "lease_ended", "lease", ENDED)
    return refused(row.sent.id, "lease_returned", "lease", RETURNED)


def _check_known(row: AnswerRow) -> Result:
    """The id stands already: the same answer gets its receipt again, anything else is a conflict."""
    known = row.known_receipt or {}
    mine = row.lease_id is not None and row.known_same_lease
    try:
        same = mine and _hash(task_types.get(row.task_type).parse(row.sent.value, row.question)) == row.known_sha256
    except BadAnswer:
        same = False
    if not same:
        message = "This id was used for another answer: the stored one stands. Give a new answer a new id."
        return refused(row.sent.id, "conflict", "id", message)
    row.gold_right = row.known_gold_right
    receipt = {"body": known, "signature": row.known_signature, "key_id": known["key_id"]}
    return Result(row.sent.id, "repeated", receipt=receipt, feedback=_feedback(row))


def _take_slots(rows: list[AnswerRow]) -> None:
    """Which answers count. A live lease holds its slot; a late one takes a slot if the item still needs it, and gives the spare
    back that it held; else it is paid out of that."""
    given: Counter[int] = Counter()  # of the slots that were free
    for row in rows:
        if row.batch_item_id is None or row.hot_state != "open":
            continue
        if row.lease_state == Lease.State.LIVE:
            row.counted = True
        elif given[row.batch_item_id] < (row.free_slots or 0):
            row.counted, row.takes = True, 1
            given[row.batch_item_id] += 1


def _sign(row: AnswerRow, worker: Worker, now: datetime) -> None:
    row.receipt, row.signature = build_receipt(
        answer_id=row.sent.id,
        answer_hash=row.body_sha256,
        item=str(row.item_id),
        project=str(row.project_id),
        batch=str(row.batch_id),
        worker=worker.pseudonym,
        seq=row.seq,
        received_at_ms=int(now.timestamp() * 1000),
        offer_hash=row.offer_hash,
        base_micro=row.base_micro,
        bonus_micro=row.bonus_micro,
        currency=row.currency,
    )


def _write(worker: Worker, rows: list[AnswerRow], now: datetime, pace: dict[str, Any]) -> None:
    answers = [
        {
            "id": row.sent.id,
            "seq": row.seq,
            "lease": str(row.lease_id),
            "item": row.item_id,
            "batch": row.batch_id,
            "project": row.project_id,
            "batch_item": row.batch_item_id,
            "value": row.value,
            "shown": row.shown,
            "repeat": row.repeats_id is not None,
            "body_sha256": row.body_sha256,
            "counted": row.counted,
            "takes": row.takes,
            "gold_right": row.gold_right,
            "base_micro": row.base_micro,
            "active_ms": row.took_ms,
            "hurried": row.hurried,
            "device_class": row.sent.device_class,
            "suggestion_shown": row.sent.suggestion_shown,
            "receipt": row.receipt,
            "signature": row.signature,
        }
        for row in rows
    ]
    with connection.cursor() as cursor:
        sent: dict[str, Any] = {"answers": orjson.dumps(answers).decode(), "worker": worker.pk, "now": now}
        cursor.execute(_WRITE, sent | pace)


def _earn(worker: Worker, rows: list[AnswerRow]) -> None:
    """Base pay, from the batch's escrow, where it was set aside for this lease."""
    post_many([factories.earn(r.sent.id, r.batch_id, worker.pk, r.base_micro, r.currency) for r in rows])


def _accepted(row: AnswerRow) -> Result:
    receipt = {"body": row.receipt, "signature": row.signature, "key_id": row.receipt["key_id"]}
    return Result(row.sent.id, "accepted", receipt=receipt, feedback=_feedback(row))


def _feedback(row: AnswerRow) -> dict | None:
    """A gold item teaches once it is answered: the right answer and why. An exam tells them when the sitting is over."""
    if row.truth is None or row.exam_tasks:
        return None
    return {"right": bool(row.gold_right), "truth": row.truth, "explanation": row.explanation or ""}


def _hash(value: dict) -> str:
    return sha256_hex(canonical_bytes(value))


def _refuse_second_of_a_lease(rows: list[AnswerRow], results: dict[str, Result]) -> None:
    seen: set[str] = set()
    for row in rows:
        if results[row.sent.id].status == "accepted" and row.sent.lease in seen:
            message = "Two answers of this batch name one lease: the first is taken."
            results[row.sent.id] = refused(row.sent.id, "conflict", "lease", message)
        seen.add(row.sent.lease)


def _let_wait(rows: list[AnswerRow], results: dict[str, Result], short: frozenset[AccountRef]) -> None:
    for row in rows if short else ():
        if results[row.sent.id].status == "accepted" and factories.escrow_of(row.batch_id) in short:
            error = {"code": "escrow_short", "field": "lease", "message": WAITS}
            results[row.sent.id] = Result(row.sent.id, "waits", error=error)
