"""The task as a worker sees it, on items of the project: nothing is lent, paid or kept. Reading only."""

from __future__ import annotations

from django.db.models import QuerySet

from kernel.errors import DomainError
from labelling import task_types
from labelling.gold import judged_gold
from labelling.models import Gold, Item, Project
from labelling.task_types.errors import BadAnswer
from labelling.task_types.parts import shown_order
from labelling.task_types.questions import question_of_item

SAMPLES = 10


def samples_of(project: Project) -> QuerySet[Item]:
    """The first items, and among them whatever known tasks there are, as a worker would meet them."""
    return (
        Item.objects.filter(project=project, archived_at=None)
        .select_related("media", "project")
        .order_by("pk")[:SAMPLES]
    )


def trial_order(item: Item) -> list[str] | None:
    """The order in which her trial shows the parts of an item, where a loan would draw one."""
    asked = task_types.get(item.project.task_type).asked
    return shown_order(item.payload.get("parts", ()), asked, f"try-{item.pk}")


def try_answer(item: Item, value: object) -> dict | None:
    """What she would be told: a refusal with its sentence, the right answer of a known task, or nothing."""
    question, kind = question_of_item(item), task_types.get(item.project.task_type)
    try:
        said = kind.parse(value, question)
    except BadAnswer as bad:
        raise DomainError(str(bad), field=bad.field) from bad
    gold = Gold.objects.filter(item=item, retired_at=None).first()
    past = item.project.past_labels
    truth = judged_gold.shown_truth(item.project.task_type, gold.truth if gold else None, item.project.config, past)
    if gold is None or truth is None:
        return None
    right = judged_gold.is_right(item.project.task_type, said, truth, question, past)
    return {"right": right, "truth": truth, "explanation": gold.explanation}
