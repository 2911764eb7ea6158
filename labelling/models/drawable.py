"""A batch as a draw reads it: one row of its own, by hand, for building this query with the ORM costs more than running it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from kernel.sql import fetch, loaded
from labelling.models.batches import Batch
from labelling.models.projects import Project
from people.models import Worker

_OPEN_BATCH = """
SELECT b.id, b.assigned, b.lease_s, b.pack_s, b.deadline, b.project_id, p.gold_share_bps, p.suggestions_enabled,
       (SELECT max(until) FROM labelling_ban ban
         WHERE ban.worker_id = asks.worker AND (ban.project_id = b.project_id OR ban.project_id IS NULL)
           AND ban.lifted_at IS NULL AND ban.until > now()),
       EXISTS (SELECT 1 FROM people_membership m WHERE m.organisation_id = p.organisation_id AND m.person_id = asks.person),
       b.owing_at IS NOT NULL, b.paused_at IS NOT NULL, b.stopped_at IS NOT NULL, p.asks_belt, p.task_type, p.medium,
       b.training, b.exam_tasks,
       p.asks_exam AND NOT EXISTS (SELECT 1 FROM labelling_sitting s
                                    WHERE s.worker_id = asks.worker AND s.project_id = p.id AND s.passed_at IS NOT NULL),
       p.warnings, p.warnings && asks.avoids,
       p.asks_team_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM labelling_teammember t
                                                   WHERE t.worker_id = asks.worker AND t.team_id = p.asks_team_id
                                                     AND t.left_at IS NULL AND t.removed_at IS NULL),
       EXISTS (SELECT 1 FROM labelling_lease l WHERE l.worker_id = asks.worker AND l.draw_id = asks.draw)
  FROM (SELECT %s::bigint AS worker, %s::bigint AS person, %s::uuid AS draw, %s::varchar[] AS avoids) asks,
       labelling_batch b JOIN labelling_project p ON p.id = b.project_id
 WHERE b.id = %s AND b.state = 'open'
"""


class Drawable(NamedTuple):
    """An open batch and its project, with what may keep one worker from drawing."""

    batch_id: int
    assigned: bool
    lease_s: int
    pack_s: int
    deadline: datetime | None
    project_id: int
    gold_share_bps: int
    suggestions_enabled: bool
    banned_until: datetime | None
    is_own: bool  # of an organisation that she belongs to
    owing: bool
    paused: bool
    stopped: bool
    belt: str
    task_type: str
    medium: str
    training: bool
    exam_tasks: int
    lacks_exam: bool  # its project lends to who has passed its exam, and she has not
    warnings: list[str]
    avoided: bool  # it warns of what she never wants to see
    lacks_team: bool  # its project lends to a team that she is not in
    lent_before: bool  # under the id of this draw

    def batch(self) -> Batch:
        """Fields not read here load when asked for."""
        times = {"lease_s": self.lease_s, "pack_s": self.pack_s, "deadline": self.deadline}
        state = {"state": Batch.State.OPEN, "assigned": self.assigned}
        state |= {"training": self.training, "exam_tasks": self.exam_tasks}
        batch = loaded(Batch, {"id": self.batch_id, "project_id": self.project_id} | state | times)
        policy = {"gold_share_bps": self.gold_share_bps, "suggestions_enabled": self.suggestions_enabled}
        batch.project = loaded(Project, {"id": self.project_id, "task_type": self.task_type} | policy)
        return batch


def drawable_of(worker: Worker, batch_id: int, draw_id: UUID | None) -> Drawable | None:
    found = fetch(_OPEN_BATCH, [worker.pk, worker.person_id, draw_id, worker.avoids, batch_id])
    return Drawable(*found[0]) if found else None
