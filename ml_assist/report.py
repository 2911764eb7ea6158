"""What the label API did for a project, in figures that were measured: for the console and the API."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from consensus.core.answers.shares import wilson_interval
from labelling.models import Project
from ledger import clock

_TOTALS = """
SELECT source, count(*), sum(cost_micro),
       percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - requested_at))
  FROM labelling_labelrequest WHERE project_id = %s AND requested_at >= %s GROUP BY source
"""
_AUDITS = """
SELECT count(*), count(audit_right), count(*) FILTER (WHERE audit_right)
  FROM labelling_labelrequest WHERE project_id = %s AND requested_at >= %s AND audit
"""
_DAYS = """
SELECT (requested_at AT TIME ZONE 'UTC')::date AS day, count(*), count(*) FILTER (WHERE source = 'model'),
       count(*) FILTER (WHERE source = 'crowd'), count(*) FILTER (WHERE audit AND audit_right),
       count(audit_right) FILTER (WHERE audit), sum(cost_micro)
  FROM labelling_labelrequest WHERE project_id = %s AND requested_at >= %s GROUP BY day ORDER BY day
"""


def label_api_report(project: Project, days: int = 30) -> dict:
    """Of the last `days` days, three SQL statements:

    requests, answered_by_model, answered_by_crowd, waiting; model_share (of what was answered; None before the first);
    audits {asked, checked, right, accuracy, low, high}: the model's answers that people checked, 95 % Wilson interval;
    latency_s {source: {p50, p95, p99}}; cost_micro, cost_per_label_micro; days: one row a day.
    """
    since = clock.now() - timedelta(days=days)
    by_source = {source: (n, cost, latency) for source, n, cost, latency in _rows(_TOTALS, project, since)}
    count = {source: by_source.get(source, (0,))[0] for source in ("model", "crowd", "")}
    answered = count["model"] + count["crowd"]
    cost_micro = sum(int(cost) for _, cost, _ in by_source.values())
    return {
        "requests": answered + count[""],
        "answered_by_model": count["model"],
        "answered_by_crowd": count["crowd"],
        "waiting": count[""],
        "model_share": count["model"] / answered if answered else None,
        "audits": _audits(project, since),
        "latency_s": {s: _percentiles(by_source[s][2]) for s in ("model", "crowd") if s in by_source},
        "cost_micro": cost_micro,
        "cost_per_label_micro": cost_micro // answered if answered else None,
        "days": [_day(row) for row in _rows(_DAYS, project, since)],
    }


def _rows(sql: str, project: Project, since) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [project.pk, since])
        return cursor.fetchall()


def _audits(project: Project, since) -> dict:
    asked, checked, right = _rows(_AUDITS, project, since)[0]
    low, high = wilson_interval(right, checked)
    accuracy = right / checked if checked else None
    return {"asked": asked, "checked": checked, "right": right, "accuracy": accuracy, "low": low, "high": high}


def _percentiles(values: list[float]) -> dict[str, float]:
    return dict(zip(("p50", "p95", "p99"), (float(value) for value in values), strict=True))


def _day(row: tuple) -> dict:
    day, requests, by_model, by_crowd, right, checked, cost_micro = row
    return {
        "day": day.isoformat(),
        "requests": requests,
        "by_model": by_model,
        "by_crowd": by_crowd,
        "audits_right": right,
        "audits_checked": checked,
        "cost_micro": int(cost_micro),
    }
