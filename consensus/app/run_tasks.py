"""Celery tasks of skill runs: thin, and safe to repeat. With the broker away nothing is lost: beat hands out again."""

from __future__ import annotations

from celery import shared_task

from consensus.app.actions import refresh_skills as skills
from consensus.app.actions import skill_runs as runs


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
