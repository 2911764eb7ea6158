"""Whether people choose by what they see first, or by how long it is, whatever it says. Reading only.

Where the order of parts is drawn anew for each loan, the first is chosen as often as any other if nobody has a side. Some tasks come to
the same person a second time with the sides swapped (labelling/work/draw_work.py): who says the same both times judges what is said.
(Zheng et al., 2023, arXiv:2306.05685, section 3.3: position bias, verbosity bias, consistency under swapped sides.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kernel.sql import fetch
from labelling import task_types
from labelling.models import Project

WORKER_ANSWERS = 30  # of hers at least: with fewer a share says little
NEWEST = 5_000  # answers of which lengths are compared: the page asks for its figures every few seconds

# What was found best is one of the parts that were shown; answers that prefer none have no side.
_COUNTS = """
SELECT worker_id, count(*), count(*) FILTER (WHERE shown ->> 0 = value #>> %(points_at)s), sum(1.0 / jsonb_array_length(shown))
  FROM labelling_answer
 WHERE project_id = %(project)s AND NOT repeat AND shown IS NOT NULL AND shown ? (value #>> %(points_at)s)
 GROUP BY worker_id
"""
_TWICE = """
SELECT count(*), count(*) FILTER (WHERE again.value = once.value),
       count(*) FILTER (WHERE again.shown ->> 0 = again.value #>> %(points_at)s AND once.shown ->> 0 = once.value #>> %(points_at)s)
  FROM labelling_answer again JOIN labelling_lease lease ON lease.id = again.lease_id
  JOIN labelling_answer once ON once.lease_id = lease.repeats_id
 WHERE again.project_id = %(project)s AND again.repeat
"""
# Of texts of which one is the longest.
_LENGTHS = """
SELECT count(*), count(*) FILTER (WHERE longest.id = answer.best), sum(1.0 / jsonb_array_length(answer.shown))
  FROM (SELECT item_id, shown, value #>> %(points_at)s AS best FROM labelling_answer
         WHERE project_id = %(project)s AND NOT repeat AND shown IS NOT NULL AND shown ? (value #>> %(points_at)s)
         ORDER BY seq DESC LIMIT %(newest)s) AS answer
  JOIN labelling_item item ON item.id = answer.item_id
 CROSS JOIN LATERAL (
    SELECT (array_agg(part ->> 'id' ORDER BY length(part ->> 'text') DESC))[1] AS id,
           (array_agg(length(part ->> 'text') ORDER BY length(part ->> 'text') DESC)) AS lengths, count(part ->> 'text') AS texts
      FROM jsonb_array_elements(item.payload -> 'parts') AS part WHERE answer.shown ? (part ->> 'id')) AS longest
 WHERE longest.texts = jsonb_array_length(answer.shown) AND longest.lengths[1] > longest.lengths[2]
"""


@dataclass(frozen=True)
class Twice:
    """So many tasks were answered a second time with the sides swapped: how often the same was said, and how often the first shown was
    preferred both times."""

    tasks: int
    same_share: float
    first_share: float


@dataclass(frozen=True)
class Length:
    """Of so many answers that prefer one of several texts: the share of those that prefer the longest, and the share that chance would."""

    answers: int
    longest_share: float
    by_chance: float


@dataclass(frozen=True)
class SideBias:
    """Of so many answers that prefer a part: the share of those that prefer the first shown, the share that chance would, and how far
    that is in standard deviations of chance. `workers`: those with enough answers that are farthest from it: (id, answers, share)."""

    answers: int
    first_share: float
    by_chance: float
    deviations: float
    workers: tuple[tuple[int, int, float], ...]
    twice: Twice | None
    length: Length | None


def side_bias_of(project: Project, most_workers: int = 5) -> SideBias | None:
    """None where no order is drawn, or nobody has answered. No query for types whose answers have no side."""
    kind = task_types.get(project.task_type)
    if not kind.points_at:
        return None
    values = {"project": project.pk, "points_at": list(kind.points_at), "newest": NEWEST}
    rows = fetch(_COUNTS, values)
    answers, first, expected = (sum(row[column] for row in rows) for column in (1, 2, 3))
    if not answers:
        return None
    chance = float(expected) / answers
    sd = (chance * (1 - chance) / answers) ** 0.5
    shares = [(worker, n, hits / n, float(wanted) / n) for worker, n, hits, wanted in rows if n >= WORKER_ANSWERS]
    shares.sort(key=lambda one: -abs(one[2] - one[3]) * one[1] ** 0.5)
    far = tuple((worker, n, share) for worker, n, share, _ in shares[:most_workers])
    deviations = (first / answers - chance) / sd if sd else 0.0
    return SideBias(answers, first / answers, chance, deviations, far, _twice(values), _length(values))


def _twice(values: dict) -> Twice | None:
    tasks, same, first = _counts(_TWICE, values)
    return Twice(int(tasks), same / tasks, first / tasks) if tasks else None


def _length(values: dict) -> Length | None:
    answers, longest, expected = _counts(_LENGTHS, values)
    return Length(int(answers), longest / answers, expected / answers) if answers else None


def _counts(sql: str, values: dict) -> Sequence[float]:
    [row] = fetch(sql, values)
    return [float(one or 0) for one in row]
