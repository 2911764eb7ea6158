"""How far the people of a project agree beyond chance: Krippendorff's alpha with its interval, where answers are categories."""

from __future__ import annotations

from consensus import core as cc
from labelling import task_types
from labelling.models import Answer, Project

MAX_ANSWERS = 200_000


def measure_agreement(project: Project, last_seq: int | None = None) -> dict[str, int] | None:
    """{"alpha_ppm", "low_ppm", "high_ppm", "answers"}: 1,000,000 is full agreement, 0 that of chance.

    Of the newest MAX_ANSWERS answers (up to last_seq); None where answers are no categories or no item has two.
    """
    category = task_types.get(project.task_type).category
    if category is None:
        return None
    answers = Answer.objects.filter(project=project, repeat=False)
    answers = answers if last_seq is None else answers.filter(seq__lte=last_seq)
    rows = answers.order_by("-seq").values_list("item_id", "value")[:MAX_ANSWERS]
    items, values = zip(*rows, strict=True) if rows else ((), ())
    found = cc.metrics.krippendorff_alpha(items, [category(value) for value in values])
    if not found.n_values:
        return None
    ppm = {f"{name}_ppm": round(1e6 * getattr(found, name)) for name in ("alpha", "low", "high")}
    return {**ppm, "answers": found.n_values}
