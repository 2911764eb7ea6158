"""She says how much is enough for one day. It is hers: nothing depends on it, and nothing is lost where it is not reached."""

from __future__ import annotations

from people.models import Worker
from rewards.models import Score


def set_goal(worker: Worker, tasks: int) -> None:
    """Tasks a day, from 1 to MAX_GOAL; 0 takes the goal away."""
    Score.objects.update_or_create(worker=worker, defaults={"goal_tasks": tasks})
