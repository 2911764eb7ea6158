"""The time that answers took, and whether they may come just now: what labelling/work/tempo.py says, for the rows of one POST.

Her pace is locked by the statement that read the rows, so two POSTs of one worker never claim the same time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kernel.errors import TooFast
from labelling import task_types
from labelling.work import tempo

# With the answers, in the statement that writes them.
WRITE_PACE = """
    INSERT INTO labelling_pace AS p (worker_id, worked_until, answers_until, answers, seen, recorded)
    VALUES (%(worker)s, %(worked_until)s, %(answers_until)s, %(n_answers)s, 0, false)
    ON CONFLICT (worker_id) DO UPDATE
       SET worked_until = excluded.worked_until, answers_until = excluded.answers_until, answers = p.answers + excluded.answers"""


def pace_answers(rows: Sequence[Any], now: datetime) -> dict[str, Any]:
    """Sets took_ms and hurried of every row; the values of WRITE_PACE. TooFast, with nothing changed, when they come too soon."""
    first, least = rows[0], [least_ms_of(row) for row in rows]
    n = sum(map(tempo.weight, least))
    if not first.recorded and (wait_s := tempo.wait_s(first.answers_until, now, n)):
        seconds = math.ceil(wait_s)
        raise TooFast(
            "More answers than anybody gives in so short a time: nothing is lost, send them again in {seconds} s.",
            seconds,
        )
    took, worked_until = _took(rows, now)
    for row, ms, least_ms in zip(rows, took, least, strict=True):
        row.took_ms = ms
        row.hurried = not row.recorded and tempo.is_hurried(ms, least_ms, row.estimated_task_s)
    answers_until = tempo.next_until(first.answers_until, now, n)
    return {"worked_until": worked_until, "answers_until": answers_until, "n_answers": len(rows)}


def _took(rows: Sequence[Any], now: datetime) -> tuple[list[int], datetime | None]:
    """A recorded crowd worked at another time: what it says is believed, and takes none of what passes here."""
    claimed, first = [row.sent.active_ms for row in rows], rows[0]
    if first.recorded:
        return [max(0, min(ms, tempo.MAX_MS)) for ms in claimed], first.worked_until
    return tempo.claim(claimed, [row.drawn_at for row in rows], first.worked_until, now)


def least_ms_of(row: Any) -> int:
    """What may disturb is uncovered one by one (docs/decisions/content-warnings.md), so no look at it is shared among several."""
    question = row.question
    if row.covered:
        question = {**question, "config": {**question["config"], "look": None}}
    return task_types.get(row.task_type).tempo.least_ms(row.value, question, row.sent.suggestion_shown)
