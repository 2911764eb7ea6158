"""What workers make of the computer's guesses, measured where the truth is known: do they put wrong ones right? Reading only."""

from __future__ import annotations

from labelling.gold import judged_gold
from labelling.models import Answer, Project
from labelling.task_types.questions import deciding_question

MOST = 2000  # answers, the newest


def guess_figures(project: Project) -> dict[str, int]:
    """Of known tasks at which a guess was shown (docs/decisions/guesses.md): shown; wrong: guesses that were; righted: of these, where
    her answer was right all the same."""
    known = Answer.objects.filter(project=project, suggestion_shown=True, gold_right__isnull=False)
    known = known.exclude(lease__suggestion=None).select_related("lease__suggestion", "item__gold", "item__media")
    found = {"shown": 0, "wrong": 0, "righted": 0}
    for answer in known.order_by("-seq")[:MOST]:
        shown = answer.lease.suggestion
        if shown is None or not hasattr(answer.item, "gold"):
            continue  # the truth was taken back since
        answer.item.project = project
        found["shown"] += 1
        guess, truth, question = shown.value, answer.item.gold.truth, deciding_question(answer.item)
        if not judged_gold.is_right(project.task_type, guess, truth, question, project.past_labels):
            found["wrong"] += 1
            found["righted"] += bool(answer.gold_right)
    return found
