"""One answer of hers with all that it was about: what she was shown and asked, and the right answer where it is known. Reading only."""

from __future__ import annotations

from typing import Any

from labelling.access import get_answer_for
from labelling.gold.judge_sittings import is_sitting
from labelling.models import Answer, Gold
from people.models import Worker

_RELATED = ("lease__question", "item__media", "project")


def answered_in_full(worker: Worker, answer_id) -> tuple[Answer, dict[str, Any]]:
    """The answer, and {"config" of the question as she was asked it, "warnings", "truth", "explanation"}. A truth is told to who was
    told of it when she answered: a known task that she missed or met; in an exam, when the sitting is over."""
    answer = get_answer_for(worker, answer_id)
    answer = Answer.objects.select_related(*_RELATED).get(pk=answer.pk)
    asked = answer.lease.question or answer.project
    told = {"config": asked.config, "warnings": answer.project.warnings}
    told_then = answer.gold_right is not None and not is_sitting(worker.pk, answer.batch_id)
    gold = Gold.objects.filter(item=answer.item_id).first() if told_then else None
    if gold is not None:
        told |= {"truth": gold.truth, "explanation": gold.explanation}
    return answer, told
