"""Items with their votes, as the pure task types take them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Q

from consensus.app.model_votes import votes_of_models, votes_within
from kernel.sql import stream
from labelling import task_types
from labelling.models import Answer, Decision, Gold, Item, Project
from labelling.task_types.questions import deciding_question, merged_into
from labelling.task_types.votes import Task, Vote


def load_tasks(project: Project, item_ids: Iterable[int], *, with_truth: bool = False) -> list[Task]:
    """Tasks in ascending item id. Votes are the counted answers (with_truth: those on gold too), and those
    of models whose skill is known. Labels that were merged are called by what they are now; what was answered before an item
    was asked again is not heard (consensus/app/actions/ask_again.py)."""
    item_ids = list(item_ids)
    items = list(Item.objects.filter(pk__in=item_ids).select_related("media").order_by("pk"))
    votes = _votes(item_ids, with_truth)
    for item_id, vote in votes_of_models(project, item_ids):
        votes[item_id].insert(0, vote)
    truths = _truths(Q(item__in=item_ids)) if with_truth else {}
    for item in items:
        item.project = project
        if item.heard_after:
            votes[item.pk] = [vote for vote in votes[item.pk] if vote.seq < 0 or vote.seq > item.heard_after]
    tasks = [Task(item.pk, deciding_question(item), votes[item.pk], truths.get(item.pk)) for item in items]
    return _as_asked_now(project, tasks)


def _truths(which: Q) -> dict[int, dict]:
    """What is known of items: gold, and what a person said when she looked at the answers herself."""
    looked = Decision.objects.filter(which, source=Decision.Source.REVIEWER, final=True, sure=True)
    golds = Gold.objects.filter(which, retired_at=None, training=False)  # examples teach people, and no skills
    return dict(looked.values_list("item_id", "value")) | dict(golds.values_list("item_id", "truth"))


def _as_asked_now(project: Project, tasks: list[Task]) -> list[Task]:
    into = merged_into(project.past_labels)
    if not into:
        return tasks
    relabel = task_types.get(project.task_type).relabel
    named = []
    for task in tasks:
        votes = [replace(vote, value=relabel(vote.value, into)) for vote in task.votes]
        truth = None if task.truth is None else relabel(task.truth, into)
        named.append(replace(task, votes=votes, truth=truth, relabelled=task.relabelled or votes != task.votes))
    return named


def _votes(item_ids: list[int], with_gold: bool) -> dict[int, list[Vote]]:
    answers = Answer.objects.filter(item__in=item_ids, repeat=False)
    answers = answers if with_gold else answers.filter(counted=True)
    votes: dict[int, list[Vote]] = defaultdict(list)
    rows = answers.order_by("seq").values_list("item_id", "worker_id", "seq", "body_sha256", "value")
    for item_id, worker_id, seq, body_sha256, value in rows:
        votes[item_id].append(Vote(f"worker:{worker_id}", seq, body_sha256, value))
    return votes


def load_shard_tasks(
    project: Project, first_item: int, last_item: int, last_seq: int, annotators: Iterable[str]
) -> list[Task]:
    """The items of a range that have answers up to last_seq, with these, the suggestions of the annotators that are models, and
    gold truths; without questions, which learning from labels does not need. Memory is that of the range."""
    span = {"item__gte": first_item, "item__lte": last_item}
    votes: dict[int, list[Vote]] = defaultdict(list)
    answers = Answer.objects.filter(project=project, seq__lte=last_seq, repeat=False, **span).order_by("item", "seq")
    for item_id, worker_id, seq, value in stream(answers.values_list("item_id", "worker_id", "seq", "value")):
        votes[item_id].append(Vote(f"worker:{worker_id}", seq, "", value))
    for item_id, vote in votes_within(project, span, annotators):
        if item_id in votes:
            votes[item_id].insert(0, vote)
    truths, again = _truths(Q(**span)), _asked_again(project, first_item, last_item)
    for item_id in again.keys() & votes.keys():
        votes[item_id] = [vote for vote in votes[item_id] if vote.seq < 0 or vote.seq > again[item_id]]
    return _as_asked_now(project, [Task(item_id, {}, found, truths.get(item_id)) for item_id, found in votes.items()])


def _asked_again(project: Project, first_item: int, last_item: int) -> dict[int, int]:
    rows = Item.objects.filter(project=project, heard_after__gt=0, pk__gte=first_item, pk__lte=last_item)
    return dict(rows.values_list("pk", "heard_after"))
