"""Celery tasks of skill runs: thin, and safe to repeat. With the broker away nothing is lost: beat hands out again."""

from __future__ import annotations

import logging

from celery import group, shared_task
from django.conf import settings
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from consensus.app.actions import refresh_skills as skills
from consensus.app.actions import skill_runs as runs

log = logging.getLogger(__name__)


@shared_task(reject_on_worker_lost=True)
def work_on_shard(run_id: int, number: int, shard_number: int) -> bool:
    try:
        return runs.work_on(run_id, number, shard_number)
    except Exception as error:
        runs.note_error(run_id, error)
        raise


@shared_task(reject_on_worker_lost=True)
def advance_run(run_id: int, number: int) -> bool:
    try:
        return runs.advance(run_id, number)
    except Exception as error:
        runs.note_error(run_id, error)
        raise


@shared_task
def resume_skill_runs() -> int:
    return runs.resume()


@shared_task
def clean_up_run(run_id: int, project_id: int | None) -> None:
    """The run has ended: its files and shards go; with new skills, undecided items are looked at again."""
    runs.clean_up(run_id)
    if project_id is not None:
        skills.redecide(project_id)


def hand_out(run_id: int, number: int, shards: list[int]) -> None:
    _send(group(work_on_shard.s(run_id, number, shard) for shard in shards).apply_async)


def wake_advance(run_id: int, number: int) -> None:
    _send(lambda: advance_run.delay(run_id, number))


def wake_clean_up(run_id: int, project_id: int | None) -> None:
    _send(lambda: clean_up_run.delay(run_id, project_id))


def _send(send) -> None:
    if settings.TESTING and not settings.WAKE_IN_TESTS:
        return
    try:
        send()
    except (OperationalError, RedisError, OSError) as away:
        log.warning("the broker is away, beat will hand out again: %s", away)
