"""Celery tasks of consensus; each is safe to repeat."""

from celery import shared_task

from consensus.app.actions import refresh_skills as skills


@shared_task
def refresh_skills() -> int:
    """Learn where enough new answers came in, then look at the undecided items again."""
    due = skills.projects_due()
    for project_id in due:
        if skills.refresh_skills(project_id):
            skills.redecide(project_id)
    return len(due)
