"""Items with their votes, as the pure task types take them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from consensus.app.models import Skill
from labelling.models import Answer, Gold, Item, Project, Suggestion
from labelling.questions import question_of_item
from labelling.task_types.votes import Task, Vote
from proofs import canonical_bytes, sha256_hex


def load_tasks(project: Project, item_ids: Iterable[int], *, with_truth: bool = False) -> list[Task]:
    """Tasks in ascending item id. Votes are the counted answers (with_truth: those on gold too), and the newest suggestion
    of a model whose skill is known."""
    item_ids = list(item_ids)
    items = list(Item.objects.filter(pk__in=item_ids).select_related("media").order_by("pk"))
    votes = _votes(item_ids, with_truth)
    for item_id, vote in _suggested(project, item_ids):
        votes[item_id].insert(0, vote)
    truths = dict(Gold.objects.filter(item__in=item_ids).values_list("item_id", "truth")) if with_truth else {}
    for item in items:
        item.project = project
    return [Task(item.pk, question_of_item(item), votes[item.pk], truths.get(item.pk)) for item in items]


def _votes(item_ids: list[int], with_gold: bool) -> dict[int, list[Vote]]:
    answers = Answer.objects.filter(item__in=item_ids)
    answers = answers if with_gold else answers.filter(counted=True)
    votes: dict[int, list[Vote]] = defaultdict(list)
    rows = answers.order_by("seq").values_list("item_id", "worker_id", "seq", "body_sha256", "value")
    for item_id, worker_id, seq, body_sha256, value in rows:
        votes[item_id].append(Vote(f"worker:{worker_id}", seq, body_sha256, value))
    return votes


def _suggested(project: Project, item_ids: list[int]) -> list[tuple[int, Vote]]:
    """The model is one more annotator once its skill has been learned; seq below zero tells it from answers."""
    known = Skill.objects.filter(project=project, annotator__startswith="model:").values_list("annotator", flat=True)
    versions = [int(name.split(":")[1]) for name in known]
    if not versions:
        return []
    rows = (
        Suggestion.objects.filter(item__in=item_ids, model_version_id__in=versions)
        .order_by("item_id", "-model_version_id")
        .distinct("item_id")
    )
    return [
        (s.item_id, Vote(f"model:{s.model_version_id}", -s.pk, sha256_hex(canonical_bytes(s.value)), s.value))
        for s in rows
    ]
