"""Which projects have many new answers since somebody looked at all of them. It costs by what is new, not by what is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import Count, Max
from django.db.models.functions import Coalesce

from kernel.sql import fetch
from labelling.models import Answer

GROWTH_PERCENT = 10  # a share of what was seen: the cost of all looks stays linear

# The index on (project, seq) is read from the last answer of the look on, and no further than to the one that is needed.
_GROWN = """
SELECT project.id
  FROM labelling_project project
  LEFT JOIN unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS look(project_id, last_seq, needed) ON look.project_id = project.id
 WHERE EXISTS (SELECT FROM labelling_answer answer
                WHERE answer.project_id = project.id AND answer.seq > coalesce(look.last_seq, 0)
               OFFSET coalesce(look.needed, %s) - 1)
 ORDER BY project.id
"""


class Look(NamedTuple):
    """How many answers it saw, and the last of them."""

    answers: int = 0
    last_seq: int = 0


def grown_since(looks: Mapping[int, Look], at_least: int) -> list[int]:
    """Projects whose answers grew by a tenth and `at_least` more since the look; where nobody looked, since the first."""
    needed = [at_least - (-look.answers * GROWTH_PERCENT // 100) for look in looks.values()]
    return [pk for (pk,) in fetch(_GROWN, [[*looks], [look.last_seq for look in looks.values()], needed, at_least])]


def seen_of(project_id: int) -> Look:
    """What a look that begins now will see."""
    answers = Answer.objects.filter(project=project_id)
    return Look(**answers.aggregate(answers=Count("pk"), last_seq=Coalesce(Max("seq"), 0)))
