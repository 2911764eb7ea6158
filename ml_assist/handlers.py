"""What ml_assist does when something happened elsewhere. Heavy work goes to tasks; a lost task is made good by beat."""

import logging

from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from delivery import webhooks
from delivery.outbox import on
from labelling.models import Project
from ml_assist import tasks
from ml_assist.judges.change_judge import recover_judges

log = logging.getLogger(__name__)
LOOK_EVERY_S = 30  # whether a project has labels enough to train again, and what has come on offer


@on("item.decided")
def on_item_decided(events: list[dict]) -> None:
    final = [event for event in events if event["final"]]
    for project_id in sorted({event["project"] for event in final}):
        _later(tasks.train, project_id)


@on("batch.opened")
def on_batch_opened(events: list[dict]) -> None:
    for project_id in sorted({event["project"] for event in events}):
        _later(tasks.suggest, project_id)


@on("judge.stopped")
def tell_of_judges(events: list[dict]) -> None:
    """Webhooks: a judge is asked no more until a person has looked, and why, in English."""
    owners = dict(Project.objects.filter(pk__in={e["project"] for e in events}).values_list("pk", "organisation_id"))
    for event in events:
        webhooks.queue("judge.stopped", owners[event["project"]], event)


@on("deposit.reversed", at_once=1)
def take_what_is_owed(events: list[dict]) -> None:
    """After a charge-back that the funds did not cover, what lies in escrow for judges follows, as that of batches does."""
    for event in events:
        recover_judges(event["organisation"])


def _later(task, project_id: int) -> None:
    """After the commit, once for all that happens in the next seconds: looking at the end of them sees what all of it made.
    Beat looks at every project again in any case."""

    def send() -> None:
        try:
            if cache.add(f"ml_assist:{task.name}:{project_id}", 1, timeout=LOOK_EVERY_S):
                task.apply_async((project_id,), countdown=LOOK_EVERY_S, expires=600)
        except (OperationalError, RedisError, OSError) as away:
            log.warning("%s of project %s waits for beat: %s", task.name, project_id, away)

    transaction.on_commit(send, robust=True)
