"""Sent answers with everything that the database knows of them: one statement, which takes the locks as well."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson
from django.db import connection

from labelling import task_types
from labelling.batches.queue import FREE_SLOTS
from labelling.gold import judged_gold
from labelling.task_types.parts import shown_order
from labelling.task_types.questions import question_of, size_of
from labelling.work.submissions import Sent
from people.models import Worker

# Rows are locked in one order everywhere: leases, then batch items ascending, then (in the ledger) accounts ascending.
# The lists stand in subqueries: PostgreSQL would count them while it plans, and for one answer plan anew each time. The times of
# her pace are the same for all answers: they come with the first one.
_LOOK = f"""
WITH sent AS (
    SELECT * FROM unnest((SELECT %(ids)s::uuid[]), (SELECT %(leases)s::uuid[])) WITH ORDINALITY AS s(id, lease, place)
), lease AS MATERIALIZED (
    SELECT l.* FROM labelling_lease l WHERE l.worker_id = %(worker)s AND l.id IN (SELECT lease FROM sent)
     ORDER BY l.id FOR UPDATE
), pace AS MATERIALIZED (
    SELECT * FROM labelling_pace WHERE worker_id = %(worker)s FOR UPDATE
), hot AS MATERIALIZED (
    SELECT bi.id, bi.state, {FREE_SLOTS} AS free_slots FROM labelling_batchitem bi
     WHERE bi.id IN (SELECT batch_item_id FROM lease) ORDER BY bi.id FOR UPDATE
)
SELECT sent.place, lease.id, lease.state, lease.batch_item_id, lease.item_id, lease.batch_id,
       lease.drawn_at, lease.expires_at,
       batch.project_id, batch.base_micro, batch.bonus_micro, batch.currency, batch.offer_hash,
       project.task_type, coalesce(question.config, project.config), project.past_labels,
       item.payload, media.width_px, media.height_px, media.duration_ms,
       gold.truth, gold.explanation,
       hot.state, hot.free_slots,
       known.body_sha256, known.receipt, known.receipt_signature, known.gold_right, known.lease_id = sent.lease,
       answered.id, nextval('labelling_answer_seq'),
       project.estimated_task_s, CASE WHEN sent.place = 1 THEN pace.worked_until END,
       CASE WHEN sent.place = 1 THEN pace.answers_until END, coalesce(pace.recorded, false), lease.repeats_id,
       coalesce(batch.exam_tasks, 0), coalesce(cardinality(project.warnings), 0) > 0
  FROM sent
  LEFT JOIN pace ON true
  LEFT JOIN lease ON lease.id = sent.lease
  LEFT JOIN hot ON hot.id = lease.batch_item_id
  LEFT JOIN labelling_batch batch ON batch.id = lease.batch_id
  LEFT JOIN labelling_project project ON project.id = batch.project_id
  LEFT JOIN labelling_questionversion question ON question.id = lease.question_id
  LEFT JOIN labelling_item item ON item.id = lease.item_id
  LEFT JOIN intake_media media ON media.id = item.media_id
  LEFT JOIN labelling_gold gold ON gold.item_id = lease.item_id AND lease.batch_item_id IS NULL AND lease.repeats_id IS NULL
  LEFT JOIN labelling_answer known ON known.id = sent.id
  LEFT JOIN labelling_answer answered ON answered.lease_id = lease.id
 ORDER BY sent.place
"""  # noqa: S608  constants only


@dataclass
class AnswerRow:
    """A sent answer with everything the database knows of it."""

    sent: Sent
    lease_id: Any
    lease_state: str
    batch_item_id: int | None
    item_id: int
    batch_id: int
    drawn_at: Any
    expires_at: Any
    project_id: int
    base_micro: int
    bonus_micro: int
    currency: str
    offer_hash: str
    task_type: str
    config: dict  # of the version that she was asked
    past_labels: list
    payload: dict
    width_px: int | None
    height_px: int | None
    duration_ms: int | None
    truth: dict | None
    explanation: str | None
    hot_state: str | None
    free_slots: int | None
    known_sha256: str | None
    known_receipt: dict | None
    known_signature: str | None
    known_gold_right: bool | None
    known_same_lease: bool | None
    answered_id: Any
    seq: int
    estimated_task_s: int
    worked_until: Any
    answers_until: Any
    recorded: bool
    repeats_id: Any
    exam_tasks: int
    covered: bool  # her phone shows each by itself, also where others come several at once
    value: dict = field(default_factory=dict)
    body_sha256: str = ""
    counted: bool = False
    takes: int = 0
    gold_right: bool | None = None
    took_ms: int = 0
    hurried: bool = False
    receipt: dict = field(default_factory=dict)
    signature: str = ""

    @cached_property
    def question(self) -> dict:
        return question_of(self.config, self.payload or {}, **size_of(self))

    @property
    def shown(self) -> list[str] | None:
        """The order in which this lease showed the parts, where one was drawn."""
        parts, first = (self.payload or {}).get("parts"), str(self.repeats_id) if self.repeats_id else None
        asked = task_types.get(self.task_type).asked
        return shown_order(parts, asked, str(self.lease_id), first) if parts else None


def look(worker: Worker, sent: list[Sent]) -> list[AnswerRow]:
    values: dict[str, Any] = {"ids": [s.id for s in sent], "leases": [s.lease for s in sent], "worker": worker.pk}
    for _ in range(2):
        with connection.cursor() as cursor:
            cursor.execute(_LOOK, values)
            rows = [_row(sent, raw) for raw in cursor.fetchall()]
        for row in rows:
            row.worked_until, row.answers_until = rows[0].worked_until, rows[0].answers_until
        # A lease that another request answered while we waited for its lock: its answer is newer than our snapshot.
        if not any(row.lease_state == "answered" and row.answered_id is None for row in rows):
            return rows
    return rows


def _row(sent: list[Sent], raw: tuple) -> AnswerRow:
    row = AnswerRow(sent[raw[0] - 1], *raw[1:])
    for name in ("config", "past_labels", "payload", "truth", "known_receipt"):
        value = getattr(row, name)
        # Django leaves jsonb of raw SQL as text.
        setattr(row, name, orjson.loads(value) if isinstance(value, str) else value)
    if row.truth is not None:
        row.truth = judged_gold.shown_truth(row.task_type, row.truth, row.config, row.past_labels)
    return row
