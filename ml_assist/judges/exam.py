"""The exam: known tasks, and what at least two people answered. What comes of it is what the judge may do.

Heard: on MIN_KNOWN known tasks or more it is right, by the low end of the 95 % interval, more often than whoever always gave the most
frequent answer; a model of the project's own goes live by the same rule. Stands in for a person: it also passes the alternative annotator
test beside the people of the project (consensus/core/guarantees/alternative.py).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_noop

from consensus.core.answers.shares import wilson_interval
from consensus.core.guarantees.alternative import Alternative, alternative_annotator
from delivery.enqueue import enqueue
from labelling import task_types
from labelling.models import Answer, Gold, Item, ModelVote, Project
from labelling.task_types.questions import deciding_question, merged_into
from ml_assist.judges.models import Judge, JudgeCall, JudgeVersion
from ml_assist.judges.rules import MIN_KNOWN, is_heard
from people.audit import record
from proofs import canonical_bytes

MOST_KNOWN, MOST_ANSWERED = 100, 100
TOO_FEW = gettext_noop("The exam needs {needed} known tasks that it can read, and there are {asked}.")
NO_BETTER = gettext_noop(
    "On known tasks it may be right in no more than {low}, and always giving one answer is right in {chance}: it is not heard."
)
STANDING = {
    Judge.State.FAILED: ModelVote.Standing.SILENT,
    Judge.State.ADVISES: ModelVote.Standing.HEARD,
    Judge.State.STANDS_IN: ModelVote.Standing.COUNTS,
}


def exam_items(project: Project) -> list[int]:
    """Known tasks, by their content, which is as good as chance and the same every time; then items that most people answered."""
    known = Gold.objects.filter(project=project, retired_at=None, item__archived_at=None).order_by("item__content_hash")
    items = list(known.values_list("item_id", flat=True)[:MOST_KNOWN])
    answered = Answer.objects.filter(project=project, item__archived_at=None).values("item_id").annotate(n=Count("pk"))
    many = answered.filter(n__gte=2).order_by("-n", "item_id").values_list("item_id", flat=True)
    return [*items, *[item for item in many[: MOST_ANSWERED + len(items)] if item not in set(items)][:MOST_ANSWERED]]


def finish_exam(judge: Judge, version: JudgeVersion) -> None:
    """Inside the caller's transaction, which holds the judge."""
    calls = version.calls.filter(purpose=JudgeCall.Purpose.EXAM, value__isnull=False)
    said = {call.item_id: call.value for call in calls if call.value is not None}
    known = version.calls.filter(purpose=JudgeCall.Purpose.EXAM, right__isnull=False)
    right, asked = known.filter(right=True).count(), known.count()
    low, high = wilson_interval(right, asked)
    chance = _always_the_most_frequent(judge.project)
    test = _beside_people(judge.project, said)
    state, reason = _verdict(right, asked, chance, test)
    judge.state, judge.reason = state, reason
    judge.result = _result(right, asked, low, high, chance, test)
    judge.save(update_fields=["state", "reason", "result"])
    ModelVote.objects.filter(annotator=version.annotator).update(standing=STANDING[Judge.State(state)])
    record(None, "judge.examined", judge, version=version.number, state=state, **judge.result)
    if state in Judge.VOTES:
        enqueue("consensus.app.tasks.learn_project", judge.project_id, expires_s=600)


def _verdict(right: int, asked: int, chance: float, test: Alternative) -> tuple[str, dict[str, Any]]:
    if asked < MIN_KNOWN:
        return Judge.State.FAILED, {"message": TOO_FEW, "said": {"needed": MIN_KNOWN, "asked": asked}}
    if not is_heard(right, asked, chance):
        low = wilson_interval(right, asked)[0]
        said = {"low": f"{100 * low:.1f} %", "chance": f"{100 * chance:.1f} %"}
        return Judge.State.FAILED, {"message": NO_BETTER, "said": said}
    return (Judge.State.STANDS_IN if test.passed else Judge.State.ADVISES), {}


def _result(right: int, asked: int, low: float, high: float, chance: float, test: Alternative) -> dict[str, Any]:
    ppm = {"low_ppm": low, "high_ppm": high, "chance_ppm": chance, "winning_rate_ppm": test.winning_rate}
    return {
        "known": asked,
        "right": right,
        **{name: round(1e6 * share) for name, share in ppm.items()},
        "people": len(test.people),
        "advantage_ppm": None if test.advantage is None else round(1e6 * test.advantage),
        "alternative": ("passed" if test.passed else "failed") if test.was_held else "not_held",
    }


def _always_the_most_frequent(project: Project) -> float:
    known = Gold.objects.filter(project=project, retired_at=None)
    truths = Counter(canonical_bytes(truth) for truth in known.values_list("truth", flat=True))
    return max(truths.values()) / sum(truths.values()) if truths else 0.0


def _beside_people(project: Project, said: dict[int, dict]) -> Alternative:
    kind, into = task_types.get(project.task_type), merged_into(project.past_labels)
    items = Item.objects.filter(pk__in=said).select_related("media").in_bulk()
    for item in items.values():
        item.project = project
    questions = {pk: deciding_question(item) for pk, item in items.items()}
    answers: dict[int, dict[int, dict]] = defaultdict(dict)
    for worker, pk, value in (
        Answer.objects.filter(item__in=items).order_by("seq").values_list("worker_id", "item_id", "value")
    ):
        answers[worker][pk] = kind.relabel(value, into)

    def alike(item: Any, a: dict, b: dict) -> float:
        return kind.agreement.agreement(a, b, questions[item])

    return alternative_annotator(
        {item: kind.relabel(value, into) for item, value in said.items() if item in items}, answers, alike
    )
