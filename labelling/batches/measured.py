"""How long a task of a project takes people: measured, and robust.

The median of the workers' own medians, over the newest answers: one who leaves her phone lying, or a machine that claims an hour or
nothing, moves it no further than one honest worker would.
"""

from __future__ import annotations

from collections.abc import Iterable

from kernel.sql import fetch

MEASURED_FROM = 20  # answers before the measured time replaces the requester's estimate
NEWEST = 2000

# Recorded crowds answer at the pace of a computer: their times say nothing of people.
_MEDIANS = """
WITH hers AS (
    SELECT p.id AS project, a.worker_id, count(*) AS n, percentile_cont(0.5) WITHIN GROUP (ORDER BY a.active_ms) AS ms
      FROM unnest(%s::bigint[]) AS p(id)
      CROSS JOIN LATERAL (SELECT worker_id, active_ms FROM labelling_answer
                           WHERE project_id = p.id AND NOT hurried ORDER BY seq DESC LIMIT %s) AS a
     WHERE NOT EXISTS (SELECT 1 FROM labelling_pace WHERE labelling_pace.worker_id = a.worker_id AND recorded)
     GROUP BY p.id, a.worker_id
)
SELECT project, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::bigint FROM hers GROUP BY project HAVING sum(n) >= %s
"""

_MIDDLE_HALF = """
SELECT percentile_disc(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY a.active_ms), count(*)
  FROM (SELECT worker_id, active_ms FROM labelling_answer WHERE project_id = %s AND NOT hurried ORDER BY seq DESC LIMIT %s) AS a
 WHERE NOT EXISTS (SELECT 1 FROM labelling_pace WHERE labelling_pace.worker_id = a.worker_id AND recorded)
"""


def middle_half_ms(project_id: int) -> tuple[int, int] | None:
    """Half of the newest answers took no less than the first and no more than the second; None where too few were measured."""
    [(bounds, n)] = fetch(_MIDDLE_HALF, [project_id, NEWEST])
    return (bounds[0], bounds[1]) if n >= MEASURED_FROM else None


def measured_ms(project_ids: Iterable[int]) -> dict[int, int]:
    """{project: milliseconds}, of those with enough answers."""
    ids = sorted(set(project_ids))
    rows = fetch(_MEDIANS, [ids, NEWEST, MEASURED_FROM]) if ids else []
    return {project: ms for project, ms in rows if ms}
