"""The only door to judges: through their project, whose member may read and an owner or manager write. labelling/access.py"""

from __future__ import annotations

from django.db.models import QuerySet

from kernel.errors import NotFound
from labelling.access import get_project_for
from labelling.models import Project
from ml_assist.judges.models import Judge
from people.models import Person


def judges_of(project: Project) -> QuerySet[Judge]:
    return Judge.objects.filter(project=project)


def get_judge_for(actor: Person, judge_id: int, *, write: bool = False, lock: bool = False) -> Judge:
    project_id = Judge.objects.filter(pk=judge_id).values_list("project", flat=True).first()
    if project_id is None:
        raise NotFound()
    project = get_project_for(actor, project_id, write=write)
    rows = Judge.objects.select_for_update() if lock else Judge.objects
    judge = rows.get(pk=judge_id)
    judge.project = project
    return judge
