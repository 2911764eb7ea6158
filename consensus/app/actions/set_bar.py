"""From which confidence on a project's labels are called sure, learned with its skills (consensus.core.answers.bar)."""

from __future__ import annotations

from consensus.app.heard import answers_of, heard_of, unheard_in
from consensus.core.answers.bar import Bar, Known, bar_of
from consensus.core.answers.shares import wilson_interval
from consensus.core.answers.stopping import Rule
from labelling import task_types
from labelling.models import Project
from labelling.task_types.questions import deciding_config
from labelling.task_types.votes import CROWD, Learned, Task

MOST_ITEMS = 5_000  # the newest; a bar is a mean, and of so many it is known to a thousandth


def set_bar(project: Project, tasks: list[Task], learned: dict[str, Learned]) -> None:
    """Into the crowd's tables, which decide (`bar_ppm`), and its summary (`checked`): what known items say of what is called sure. Where a
    type does not say how its known items would have been decided, each label has to reach the target by itself."""
    crowd = learned.get(CROWD)
    if crowd is None or (paths := crowd.summary.pop("known", None)) is None:
        return
    rule = Rule((1_000_000 - project.target_ppm) / 1e6, project.min_answers, project.max_answers)
    bar = bar_of(_errors(project, tasks, learned), rule, Known.from_json(paths))
    crowd.tables["bar_ppm"] = round(1_000_000 * (1 - bar.error))
    crowd.summary["checked"] = _checked(bar)


def _errors(project: Project, tasks: list[Task], learned: dict[str, Learned]) -> list[float]:
    """Stated of the items that have as many answers as any needs."""
    unheard = unheard_in(project)
    heard = [heard_of(task, unheard) for task in tasks if task.truth is None]
    asked = [task for task in heard if answers_of(task) >= project.min_answers][-MOST_ITEMS:]
    tables = {name: one.tables for name, one in learned.items()}
    decided = task_types.get(project.task_type).consensus.decide_many(asked, tables, deciding_config(project))
    return [(1_000_000 - one.confidence_ppm) / 1e6 for one in decided]


def _checked(bar: Bar) -> dict[str, int] | None:
    """Known items that would be called sure, those of them that were found right, and the range of the share."""
    known, right = round(bar.n_known), round(bar.n_right)
    if not known:
        return None
    low, high = wilson_interval(right, known)
    return {
        "known": known,
        "right_ppm": round(1e6 * right / known),
        "low_ppm": round(1e6 * low),
        "high_ppm": round(1e6 * high),
    }
