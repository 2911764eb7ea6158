"""form: every question is decided by the consensus of its own type, from the answers of those who were asked it and with what is known of
them on that question.

Which questions apply to an item is decided, too: one with a condition by the decision above it; one that need not be answered by who
left it out, as a choice of two (consensus.core.labels.fixed_point, people as they are before anything is known of them).

Confidence is that of the least sure answer: each column of what is decided is right at least as often as it says.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from consensus.core.labels.fixed_point import FixedPoint, newcomers
from consensus.core.labels.votes import Votes
from labelling.task_types.form.agreement import agreement
from labelling.task_types.form.answer import answers_to
from labelling.task_types.form.gold import is_right
from labelling.task_types.form.questions import Asked, questions_of
from labelling.task_types.merging import SUREST_PPM, ppm
from labelling.task_types.votes import CROWD, Decided, Learned, Task, pair_agreement_ppm

METHOD = "form-by-question/1"
_LEFT_OUT, _GIVEN = "left out", "given"


# --- decisions --------------------------------------------------------------------------------------------------------
@dataclass
class _Form:
    """What is decided of one item so far. sure: of each question that was decided or found not to apply, ppm."""

    answers: dict[str, dict] = field(default_factory=dict)
    sure: dict[str, int] = field(default_factory=dict)
    agreed: dict[str, int] = field(default_factory=dict)


def decide_many(tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
    forms = [_Form() for _ in tasks]
    above: list[dict[str, Asked]] = [{} for _ in tasks]
    for asked in _by_question(tasks):
        applies = [(place, one) for place, one in asked if one.applies(forms[place].answers, above[place])]
        _decide_question(applies, tasks, forms, skills)
        for place, one in asked:
            above[place][one.id] = one
    return [_decided(task, form) for task, form in zip(tasks, forms, strict=True)]


def _by_question(tasks: list[Task]) -> list[list[tuple[int, Asked]]]:
    """Each question of the form, as every task asks it: (place of the task, question)."""
    found: dict[str, list[tuple[int, Asked]]] = {}
    for place, task in enumerate(tasks):
        for one in questions_of(task.question):
            found.setdefault(one.name, []).append((place, one))
    return list(found.values())


def _decide_question(
    asked: list[tuple[int, Asked]], tasks: list[Task], forms: list[_Form], skills: dict[str, dict]
) -> None:
    """Writes into the forms of these places."""
    inner = [_inner(one, tasks[place]) for place, one in asked]
    answered = [n for n, task in enumerate(inner) if task.votes]
    values: dict[int, Decided] = {}
    if answered:
        one = asked[answered[0]][1]
        known = {
            name: row["questions"][one.name] for name, row in skills.items() if one.name in row.get("questions", {})
        }
        found = one.kind.consensus.decide_many([inner[n] for n in answered], known, one.question["config"])
        values = dict(zip(answered, found, strict=True))
    for n, (place, one) in enumerate(asked):
        given_ppm = SUREST_PPM if one.is_required else _given_ppm(inner[n], tasks[place])
        _take(forms[place], one, values.get(n), given_ppm)


def _take(form: _Form, one: Asked, found: Decided | None, given_ppm: int) -> None:
    """given_ppm: the chance that the question is to be answered here."""
    if given_ppm < 500_000:
        form.sure[one.id] = min(1_000_000 - given_ppm, SUREST_PPM)
    elif found is None:
        form.sure[one.id] = 0
    else:
        form.answers[one.id] = found.value
        form.sure[one.id] = min(found.confidence_ppm, given_ppm)
        form.agreed[one.id] = found.agreement_ppm


def _inner(one: Asked, task: Task) -> Task:
    """The task as this question alone."""
    said = [(vote, answers_to(one, vote.value, task.question)) for vote in task.votes]
    votes = [replace(vote, value=value) for vote, value in said if value is not None]
    return Task(task.item, one.question, votes, answers_to(one, task.truth, task.question), task.relabelled)


def _given_ppm(inner: Task, task: Task) -> int:
    """The chance that the question is to be answered here, of who answered it and who left it out."""
    if not task.votes:
        return 0
    gave = {vote.annotator for vote in inner.votes}
    said = [_GIVEN if vote.annotator in gave else _LEFT_OUT for vote in task.votes]
    votes = Votes.from_rows([0] * len(said), [vote.annotator for vote in task.votes], said, labels=[_LEFT_OUT, _GIVEN])
    [one] = FixedPoint(newcomers([_LEFT_OUT, _GIVEN])).decide(votes)
    sure = min(ppm(one.confidence), SUREST_PPM)
    return sure if one.value == _GIVEN else 1_000_000 - sure


def _decided(task: Task, form: _Form) -> Decided:
    value = {"answers": form.answers}
    questions = {
        name: {"confidence_ppm": sure, "agreement_ppm": form.agreed.get(name, 1_000_000)}
        for name, sure in form.sure.items()
    }
    return Decided(
        value,
        min(form.sure.values(), default=SUREST_PPM),
        pair_agreement_ppm(task.votes, task.question, agreement),
        [is_right(vote.value, value, task.question) for vote in task.votes],
        {"questions": questions},
    )


# --- skills -----------------------------------------------------------------------------------------------------------
def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    """Everybody's skill on every question; overall, the mean over her answers."""
    found: dict[str, dict[str, Learned]] = {}
    for asked in _by_question(tasks):
        one = asked[0][1]
        inner = [task for task in (_inner(each, tasks[place]) for place, each in asked) if task.votes]
        for name, learned in one.kind.consensus.learn_skills_of(inner, one.question["config"]).items():
            found.setdefault(name, {})[one.name] = learned
    forms = _forms_of(tasks)
    return {name: _together(of_questions, forms[name]) for name, of_questions in found.items()}


def _forms_of(tasks: list[Task]) -> dict[str, int]:
    counts = {CROWD: sum(len(task.votes) for task in tasks)}
    for task in tasks:
        for vote in task.votes:
            counts[vote.annotator] = counts.get(vote.annotator, 0) + 1
    return counts


def _together(of_questions: dict[str, Learned], forms: int) -> Learned:
    tables = {"questions": {name: one.tables for name, one in of_questions.items()}}
    rated = [(one.answers, rate) for one in of_questions.values() if (rate := _rate(one)) is not None]
    answers = sum(count for count, _ in rated)
    summary: dict[str, Any] = {"questions": {name: one.summary for name, one in of_questions.items()}}
    if answers:
        summary["accuracy_ppm"] = round(sum(count * rate for count, rate in rated) / answers)
    return Learned(tables, summary, forms)


def _rate(one: Learned) -> int | None:
    return one.summary.get("accuracy_ppm", one.summary.get("recall_ppm"))
