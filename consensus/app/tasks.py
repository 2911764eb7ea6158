"""Celery tasks of consensus; each is safe to repeat."""

from celery import shared_task

from consensus.app.actions import look_at_newcomers as newcomers
from consensus.app.actions import look_for_abuse as abuse
from consensus.app.actions import refresh_skills as skills
from consensus.app.run_tasks import advance_run, clean_up_run, resume_skill_runs, work_on_shard

__all__ = [
    "advance_run",
    "clean_up_run",
    "look_at_newcomers",
    "look_for_abuse",
    "refresh_skills",
    "resume_skill_runs",
    "work_on_shard",
]


@shared_task
def refresh_skills() -> int:
    """Learn where enough new answers came in, then look at the undecided items again."""
    due = skills.projects_due()
    for project_id in due:
        if skills.refresh_skills(project_id):
            skills.redecide(project_id)
    return len(due)


@shared_task
def learn_project(project_id: int) -> int:
    """One project at once: an annotator came to it whose answers are there already."""
    learned = skills.refresh_skills(project_id)
    if learned:
        skills.redecide(project_id)
    return learned


@shared_task
def look_for_abuse() -> int:
    """Look through the projects in which enough new answers came in."""
    due = abuse.projects_due()
    for project_id in due:
        abuse.look_for_abuse(project_id)
    return len(due)


@shared_task
def look_at_newcomers() -> int:
    return newcomers.look_at_newcomers()
