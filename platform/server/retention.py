"""What is kept for a time only, and for how long: docs/decisions/retention.md says why, and what is kept for ever.

A statement looks at so many of the oldest rows, by their primary key or another index, and deletes what is due among them: however much
there is, no statement is long and no lock is held for more than its rows.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from kernel.sql import fetch
from ledger import clock

ROWS = 5_000
MAX_S = 20  # of one run for one rule; the next one goes on

# Rows of a table in which the oldest come first by id.
_OLDEST = """
WITH gone AS (
    DELETE FROM {table} WHERE id IN (
        SELECT id FROM (SELECT id, {since} AS since FROM {table} ORDER BY id LIMIT %(rows)s) AS oldest WHERE since < %(before)s)
    RETURNING 1)
SELECT count(*) FROM gone
"""
_SESSIONS = """
WITH gone AS (
    DELETE FROM django_session WHERE session_key IN (SELECT session_key FROM django_session WHERE expire_date < %(before)s LIMIT %(rows)s)
    RETURNING session_key),
listed AS (DELETE FROM usersessions_usersession u USING gone WHERE u.session_key = gone.session_key)
SELECT count(*) FROM gone
"""
_REFUSED_ROWS = """
WITH gone AS (
    DELETE FROM labelling_refusedrow WHERE id IN (
        SELECT r.id FROM labelling_upload u JOIN labelling_refusedrow r ON r.upload_id = u.id
         WHERE u.finished_at < %(before)s LIMIT %(rows)s)
    RETURNING 1)
SELECT count(*) FROM gone
"""


def _oldest(table: str, since: str) -> str:
    return _OLDEST.format(table=table, since=since)


@dataclass(frozen=True)
class Rule:
    """`days`: of settings.KEPT_DAYS."""

    days: str
    sql: str


RULES = (
    Rule("outbox", _oldest("delivery_outboxevent", "delivered_at")),
    Rule("webhooks", _oldest("delivery_webhookdelivery", "created_at")),
    Rule("callbacks", _oldest("payouts_providerevent", "received_at")),
    Rule("notices", _oldest("notices_notice", "made_at")),
    Rule("refused_rows", _REFUSED_ROWS),
    Rule("sessions", _SESSIONS),
)


def forget_old() -> dict[str, int]:
    """Delete what is due; how many rows by rule. Safe to repeat, and to run twice at once."""
    return {rule.days: _apply(rule) for rule in RULES}


def _apply(rule: Rule) -> int:
    before = clock.now() - timedelta(days=settings.KEPT_DAYS[rule.days])
    began, gone = time.monotonic(), 0
    while found := fetch(rule.sql, {"before": before, "rows": ROWS})[0][0]:
        gone += found
        if time.monotonic() - began > MAX_S:
            break
    return gone
