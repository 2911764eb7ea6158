"""Celery wakes training and suggesting. Each task is safe to repeat; a lost one is made good by beat's next sweep."""

from celery import shared_task

from labelling.models import Project
from ml_assist import registry
from ml_assist.actions.suggest import suggest as write_all
from ml_assist.actions.train_version import is_due, train_version
from ml_assist.actions.write_suggestions import order_first_round
from ml_assist.judge_tasks import ask_judge, ask_judges
from ml_assist.learners import has_learner
from ml_assist.models import ModelVersion

__all__ = ["ask_judge", "ask_judges", "retrain_due", "suggest", "train"]


@shared_task
def retrain_due() -> None:
    """Every project in use: train when enough new labels came in, else pre-label what has come on offer."""
    for project in Project.objects.filter(archived_at=None).order_by("id"):
        if not has_learner(project.medium, project.task_type):
            continue
        if is_due(project):
            train.delay(project.pk)
        else:
            suggest.delay(project.pk)


@shared_task
def train(project_id: int) -> None:
    project = Project.objects.get(pk=project_id)
    if not is_due(project):
        return
    version = train_version(project)
    if version is not None and version.state == ModelVersion.State.LIVE:
        order_first_round(version, write_all(version))


@shared_task
def suggest(project_id: int) -> None:
    version = registry.live_version_of(Project.objects.get(pk=project_id))
    if version is not None:
        write_all(version)
