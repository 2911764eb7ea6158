"""The score of a form whose questions have weights: a rubric.

score = sum of weight x share / sum of weights, over the questions that are asked, from 0 to 1. A question's share is what its answer is
worth of the most that it could be: `points` says what each label is worth, `scale` [worst, best] where a number lies. An answer
that is among the question's `veto` makes the whole 0.
"""

from __future__ import annotations

from labelling.task_types.form.questions import Asked, asked_of, number_in


def score_of(value: dict, question: dict) -> float | None:
    """None where nothing that is answered has a weight."""
    answers = value["answers"]
    told = [(one, answers[one.id]) for one in asked_of(question, answers) if one.id in answers]
    if any(one.kind.labels_in(said) & set(one.settings.get("veto", ())) for one, said in told):
        return 0.0
    shares = [(one.settings.get("weight", 1), share) for one, said in told if (share := _share(one, said)) is not None]
    total = sum(weight for weight, _ in shares)
    return sum(weight * share for weight, share in shares) / total if total else None


def _share(one: Asked, said: dict) -> float | None:
    if points := one.settings.get("points"):
        most, labels = max(points.values()), one.kind.labels_in(said)
        return min(sum(points.get(label, 0) for label in labels) / most, 1.0) if most else 0.0
    if scale := one.settings.get("scale"):
        worst, best = scale
        number = number_in(one.kind, said)
        return None if number is None else min(max((number - worst) / (best - worst), 0.0), 1.0)
    return None
