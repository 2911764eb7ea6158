"""The questions of a form, and which forms cannot be decided."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from ..numbers.models import tolerance_of
from ..numbers.numeric import Bounds

KINDS = ("choice", "choices", "taxonomy", "number", "transcript", "text")


@dataclass(frozen=True)
class Question:
    """labels: of choice, choices and taxonomy; parents: codes of the nodes' parents in a taxonomy, confidence: asked of its nodes;
    bounds: of a number, tolerance: how far off still counts as right (default: half a step, else a twentieth of the range).
    only_if: (name of a choice or choices question, label): asked only where that is the answer. optional: may be left out."""

    name: str
    kind: str
    labels: Sequence[Hashable] = ()
    parents: list[int] | tuple[int, ...] = ()
    confidence: float = 0.5
    bounds: Bounds | tuple = (None, None, None)
    tolerance: float | None = None
    only_if: tuple[str, Hashable] | None = None
    optional: bool = False


def check_questions(questions: Sequence[Question]) -> None:
    """ValueError, in one sentence that names the question, for a form that cannot be decided."""
    kinds: dict[str, Question] = {}
    for question in questions:
        if question.name in kinds:
            raise ValueError(f"questions: {question.name!r} is there twice; give every question a name of its own.")
        if question.kind not in KINDS:
            raise ValueError(f"{question.name}: kind must be one of {', '.join(KINDS)}, not {question.kind!r}.")
        if question.kind in ("choice", "choices", "taxonomy") and not question.labels:
            raise ValueError(f"{question.name}: a {question.kind} needs labels.")
        if question.kind == "number" and not tolerance_asked(question) > 0:
            raise ValueError(f"{question.name}: a number needs bounds or a tolerance above 0.")
        if question.only_if:
            above = kinds.get(question.only_if[0])
            if above is None or above.kind not in ("choice", "choices") or question.only_if[1] not in above.labels:
                raise ValueError(
                    f"{question.name}: only_if must name an earlier choice or choices question and one of its labels."
                )
        kinds[question.name] = question
    if not kinds:
        raise ValueError("questions: a form needs at least one.")


def tolerance_asked(question: Question) -> float:
    """How far off a number may be, 0 when nothing says so."""
    return tolerance_of(question.bounds, question.tolerance)
