"""What an item's page needs to put it right: its label, its known answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from consensus.app.actions.undo_review import is_released
from console.editors import editor_of, task_of
from kernel.errors import DomainError
from labelling.access import projects_of
from labelling.models import Answer, Decision, Gold, Item
from labelling.models.reviewers import reviewer_id
from people.models import Person


@dataclass(frozen=True)
class Tried:
    """What was sent and refused: `what` is label or gold."""

    what: str
    written: str
    why: str
    refusal: DomainError


def correction_of(
    actor: Person,
    item: Item,
    decision: Decision | None,
    gold: Gold | None,
    answers: Sequence[Answer],
    start: str,
    tried: Tried | None = None,
) -> dict[str, Any] | None:
    """Nothing for who may only look, and for who answered it herself."""
    if not projects_of(actor, write=True).filter(pk=item.project_id).exists():
        return None
    stands = decision.value if decision else {}
    said = [(str(answer.pk), answer.worker.pseudonym, answer.value) for answer in answers]
    starts = [("", _("What stands"), stands), *said] if decision else []
    begun = next((value for key, _name, value in said if key == start), stands)
    review = (decision.detail.get("review") or {}) if decision else {}
    may_undo = (
        decision is not None
        and decision.source == "reviewer"
        and review.get("by") == reviewer_id(actor)
        and not is_released(decision)
    )
    return {
        "task": task_of(item.project, item),
        "label": _editor("label", begun, starts, tried),
        "gold": _gold_editor(decision, gold, starts, tried),
        "reason": tried.why if tried and tried.what == "label" else "",
        "explanation": tried.why if tried and tried.what == "gold" else gold.explanation if gold else "",
        "why_not": tried.refusal if tried and tried.refusal.field == "reason" else None,
        "tried": tried.what if tried else "",
        "review": review,
        "can_undo": may_undo,
    }


def _gold_editor(decision: Decision | None, gold: Gold | None, starts: list, tried: Tried | None):
    """Of an item that is decided, or whose answer is known already."""
    if gold and not gold.retired_at:
        return _editor("gold", gold.truth, starts, tried)
    return _editor("gold", decision.value, starts, tried) if decision and decision.final else None


def _editor(what: str, value: object, starts: list, tried: Tried | None):
    if tried is None or tried.what != what:
        return editor_of(value, starts)
    problem = tried.refusal if tried.refusal.field != "reason" else None
    return editor_of(tried.written or value, starts, problem=problem)
