"""Learn anew what is known of each worker and model of a project, from all its answers, and publish it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from consensus.app.actions.decide_items import decide_items
from consensus.app.actions.publish_skills import publish_skills
from consensus.app.actions.set_bar import set_bar
from consensus.app.actions.skill_runs import is_for_shards, start_run
from consensus.app.model_votes import judged_known, to_learn_from
from consensus.app.models import Skill, SkillRun
from consensus.app.tasks_of import load_tasks
from kernel.locks import try_until_commit
from labelling import task_types
from labelling.models import Answer, BatchItem, Project
from labelling.task_types.questions import deciding_config
from labelling.task_types.votes import CROWD, Task
from labelling.work.new_answers import Look, grown_since, seen_of

MIN_NEW_ANSWERS = 20
MAX_ANSWERS = 200_000


def projects_due() -> list[int]:
    """Projects with enough new answers since their skills were learned."""
    crowds = Skill.objects.filter(annotator=CROWD)
    looks = {
        pk: Look(answers or 0, last_seq or 0)
        for pk, answers, last_seq in crowds.values_list("project", "summary__answers_seen", "summary__last_seq")
    }
    # a run that was cancelled or failed is not begun again at once
    for pk, answers, last_seq in SkillRun.objects.values_list("project").annotate(Max("answers"), Max("last_seq")):
        looks[pk] = max(looks.get(pk, Look()), Look(answers, last_seq))
    return grown_since(looks, MIN_NEW_ANSWERS)


@transaction.atomic
def refresh_skills(project_id: int) -> int:
    """Learn and publish; returns the number of annotators. One at a time for a project; others leave it to that one.

    A project with more answers than SKILLS_IN_MEMORY_ANSWERS is learned by a skill run over shards: begun here, published later.
    """
    if not try_until_commit(f"consensus.skills:{project_id}"):
        return 0
    project = Project.objects.get(pk=project_id)
    seen = seen_of(project.pk)
    if is_for_shards(project, seen.answers):
        start_run(project)
        return 0
    answers = Answer.objects.filter(project=project).order_by("-seq")[:MAX_ANSWERS]
    items = {*answers.values_list("item_id", flat=True), *judged_known(project)}
    tasks = load_tasks(project, items, with_truth=True)
    _add_models(project, tasks)
    learned = task_types.get(project.task_type).consensus.learn_skills_of(tasks, deciding_config(project))
    set_bar(project, tasks, learned)
    publish_skills(project, learned, seen=seen)
    return len(learned)


def redecide(project_id: int, limit: int = 2000) -> int:
    """With better skills an undecided item may be sure now, without another answer."""
    open_items = BatchItem.objects.filter(batch__project=project_id, batch__state="open", state="open", counted__gt=0)
    return decide_items(list(open_items.order_by("pk").values_list("item_id", flat=True)[:limit]))


def _add_models(project: Project, tasks: list[Task]) -> None:
    """A model's votes on items that people answered, or whose truth is known, tell its skill, as a worker's answers tell hers."""
    by_item = {task.item: task for task in tasks}
    seen = {vote.annotator for task in tasks for vote in task.votes}
    for item_id, vote in to_learn_from(project, by_item, seen):
        by_item[item_id].votes.insert(0, vote)
