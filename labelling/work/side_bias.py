"""Whether people choose what they see first, whatever it is: where the order of parts is drawn anew for each loan, the first is chosen
as often as any other if nobody has a side. Reading only."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.sql import fetch
from labelling import task_types
from labelling.models import Project

WORKER_ANSWERS = 30  # of hers at least: with fewer a share says little

# What was found best is one of the parts that were shown; answers that prefer none have no side.
_COUNTS = """
SELECT worker_id, count(*), count(*) FILTER (WHERE shown ->> 0 = value #>> %(points_at)s), sum(1.0 / jsonb_array_length(shown))
  FROM labelling_answer
 WHERE project_id = %(project)s AND shown IS NOT NULL AND shown ? (value #>> %(points_at)s)
 GROUP BY worker_id
"""


@dataclass(frozen=True)
class SideBias:
    """Of so many answers that prefer a part: the share of those that prefer the first shown, the share that chance would, and how far
    that is in standard deviations of chance. `workers`: those with enough answers that are farthest from it: (id, answers, share)."""

    answers: int
    first_share: float
    by_chance: float
    deviations: float
    workers: tuple[tuple[int, int, float], ...]


def side_bias_of(project: Project, most_workers: int = 5) -> SideBias | None:
    """None where no order is drawn, or nobody has answered. One query, none for types whose answers have no side."""
    kind = task_types.get(project.task_type)
    if not kind.points_at:
        return None
    rows = fetch(_COUNTS, {"project": project.pk, "points_at": list(kind.points_at)})
    answers, first, expected = (sum(row[column] for row in rows) for column in (1, 2, 3))
    if not answers:
        return None
    chance = float(expected) / answers
    sd = (chance * (1 - chance) / answers) ** 0.5
    shares = [(worker, n, hits / n, float(wanted) / n) for worker, n, hits, wanted in rows if n >= WORKER_ANSWERS]
    shares.sort(key=lambda one: -abs(one[2] - one[3]) * one[1] ** 0.5)
    far = tuple((worker, n, share) for worker, n, share, _ in shares[:most_workers])
    return SideBias(answers, first / answers, chance, (first / answers - chance) / sd if sd else 0.0, far)
