"""Forms: several questions on one item, each decided by the family of its own kind, in one call.

| kind | an answer | decided by | confidence: the chance that |
| --- | --- | --- | --- |
| choice | a label | auto.py | the label is right |
| choices | a collection of labels | multilabel.py | the whole set is right |
| taxonomy | a node | taxonomy.py | the truth lies in the node's subtree |
| number | a number | numeric.py | the truth is within `tolerance` |
| transcript | a text | rover.py | every word is right |
| text | a text | medoid.py | no chance: the similarity to the truth to expect |

A worker's answer is a mapping from names of questions to values; what it does not name she was not asked, or left out. Whether a
question that may be left out applies to an item is decided too: with `only_if` by the decision of the question above it, with `optional`
by the workers' own leaving out, as one more choice.

Shared skill. Who does well on one question tends to do well on the next, and has few answers on each. So the odds of a right answer
that she showed on the other questions, against the crowd's, scale the crowd's confusion matrix of a choice; this comes in as SHARED
answers of earlier work (fewer for who has shown little), beside her own. It is the hierarchy of shrink.py, one level up.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..answers.ids import encode, equally_long
from ..labels.ensemble import auto
from ..labels.shrink import STRENGTHS, odds, scale_odds
from ..labels.skills import learn_skills
from .families import Answered, Part, decide_question
from .question import Question, check_questions

SHARED = 4.0  # as many answers as a worker's overall skill weighs elsewhere


@dataclass(frozen=True, eq=False)
class FormsResult:
    """questions: {name: Answered}. confidence (I,): the chance that the whole form is right, questions taken as independent;
    agreement (I,): mean over the questions. item_ids (I,), worker_ids (W,)."""

    questions: dict[str, Answered]
    confidence: np.ndarray
    agreement: np.ndarray
    item_ids: np.ndarray
    worker_ids: np.ndarray

    def forms(self) -> list[dict]:
        """I decided forms; a question that does not apply, or that nobody answered, is left out."""
        columns = {name: answered.values for name, answered in self.questions.items()}
        rows = range(len(self.item_ids))
        return [{name: v[row] for name, v in columns.items() if v[row] is not None} for row in rows]


def merge_forms(
    items: Sequence[Hashable],
    workers: Sequence[Hashable],
    answers: Sequence[Mapping[str, Any]],
    questions: Sequence[Question],
    share_skill: bool = True,
    *,
    item_ids: Sequence[Hashable] | None = None,
    worker_ids: Sequence[Hashable] | None = None,
) -> FormsResult:
    """Decide every question of every item; one form a worker and item.

    Raises ValueError, in one sentence that names the argument (or the question), for a bad form, a second answer of a worker to an item,
    a question that the form does not have, and values that do not fit their question.
    """
    check_questions(questions)
    items, workers, answers = equally_long(items=items, workers=workers, answers=answers)
    item, all_items = encode(items, item_ids, "items")
    worker, all_workers = encode(workers, worker_ids, "workers")
    order = _order(item, worker, answers, all_items, all_workers)
    names = {question.name for question in questions}
    for answer in answers:
        if not isinstance(answer, Mapping) or not names.issuperset(answer):
            raise ValueError(f"answers: {answer!r} is no mapping from {', '.join(sorted(names))} to values.")
    everybody = Part(item[order], worker[order], [answers[row] for row in order], len(all_items), len(all_workers))
    parts = {question.name: _part_of(everybody, question.name) for question in questions}
    found = {question.name: decide_question(question, parts[question.name]) for question in questions}
    if share_skill:
        found = {q.name: _decide_again(q, parts, found) for q in questions}
    by_name = {question.name: question for question in questions}
    for question in questions:  # those above come first
        above = by_name[question.only_if[0]] if question.only_if else None
        found[question.name] = _applied(question, above, found, everybody, parts[question.name])
    return _result(found, all_items, all_workers)


def _order(item, worker, answers, item_ids: np.ndarray, worker_ids: np.ndarray) -> np.ndarray:
    order = np.lexsort((worker, item))
    same = (np.diff(item[order]) == 0) & (np.diff(worker[order]) == 0)
    if same.any():
        row = order[int(np.argmax(same))]
        who, what = worker_ids.tolist()[worker[row]], item_ids.tolist()[item[row]]
        raise ValueError(f"worker {who!r} answers item {what!r} more than once; send one form a pair.")
    return order


def _part_of(everybody: Part, name: str) -> Part:
    """Those who answered; a value of None is none."""
    rows = [row for row, answer in enumerate(everybody.values) if answer.get(name) is not None]
    values = [everybody.values[row][name] for row in rows]
    return replace(everybody, item=everybody.item[rows], worker=everybody.worker[rows], values=values)


def _decide_again(question: Question, parts: dict[str, Part], found: dict[str, Answered]) -> Answered:
    """A choice once more, with what its workers showed on the other questions."""
    part = parts[question.name]
    ratio, weight = _shown(parts, {name: one for name, one in found.items() if name != question.name})
    if question.kind != "choice" or not weight.any() or not len(part.item):
        return found[question.name]
    skills = learn_skills(part.votes(question.labels))
    crowd = scale_odds(skills.pooled, np.arange(len(question.labels)), ratio)
    return decide_question(question, part, weight[:, None, None] * skills.prior[:, None] * crowd)


def _shown(parts: dict[str, Part], others: dict[str, Answered]) -> tuple[np.ndarray, np.ndarray]:
    """(ratio (W,) of the worker's odds of a right answer to the crowd's, weight (W,) in answers) over several questions."""
    n_workers = next(iter(parts.values())).n_workers
    total, seen = np.zeros(n_workers), np.zeros(n_workers)
    for name, answered in others.items():
        if (skill := answered.skills) is None:
            continue
        answers = np.bincount(parts[name].worker, minlength=n_workers)
        mean = float((answers * skill).sum() / max(answers.sum(), 1))
        total += answers * (np.log(odds(skill)) - np.log(odds(np.array(mean))))
        seen += answers
    ratio = np.exp(total / np.maximum(seen, 1))
    return ratio, SHARED * seen / (seen + STRENGTHS.coin)


def _applied(
    question: Question, above: Question | None, found: dict[str, Answered], everybody: Part, part: Part
) -> Answered:
    """The decision where the question applies, None elsewhere."""
    answered = found[question.name]
    if above is not None and question.only_if is not None:
        decided, label = found[above.name], question.only_if[1]
        here = np.array([_is(value, label, above.kind) for value in decided.values], dtype=bool)
        chance = np.zeros(len(here)) if decided.posteriors is None else decided.posteriors[:, above.labels.index(label)]
        applies = decided.applies * np.where(decided.n_answers > 0, chance, 0)
        confidence = np.where(here, answered.confidence, 1.0)
    elif question.optional:
        applies = _asked(everybody, part)
        here = applies > 0.5
        confidence = np.where(here, applies * answered.confidence, 1 - applies)
    else:
        return answered
    values = [value if yes else None for value, yes in zip(answered.values, here, strict=True)]
    return replace(answered, values=values, confidence=confidence, applies=applies)


def _is(value: Any, label: Hashable, kind: str) -> bool:
    return value is not None and (label in value if kind == "choices" else value == label)


def _asked(everybody: Part, part: Part) -> np.ndarray:
    """(I,) P(the question applies), from who answered it among all who answered the item."""
    size = max(everybody.n_workers, 1)
    given = np.isin(everybody.item * np.int64(size) + everybody.worker, part.item * np.int64(size) + part.worker)
    presence = replace(everybody, values=given.astype(int).tolist())
    return auto(presence.votes([0, 1])).posteriors[:, 1]


def _result(found: dict[str, Answered], item_ids: np.ndarray, worker_ids: np.ndarray) -> FormsResult:
    confidence = np.prod([answered.confidence for answered in found.values()], axis=0)
    agreement = np.array([answered.agreement for answered in found.values()])
    known = ~np.isnan(agreement)
    mean = np.where(known, agreement, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return FormsResult(found, confidence, np.where(known.any(axis=0), mean, np.nan), item_ids, worker_ids)
