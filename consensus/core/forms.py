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

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import erf

from .answers.codes import mean_by, pairs_within
from .answers.ids import encode, equally_long
from .labels.auto import auto
from .labels.shrink import STRENGTHS, odds, scale_odds
from .labels.skills import learn_skills
from .labels.taxonomy import taxonomy
from .labels.tree import Tree, path_agreement
from .labels.votes import Votes
from .numbers.numeric import Bounds, Numbers, merge_numbers
from .sets.multilabel import multilabel
from .sets.sets import Sets, masi
from .text.medoid import merge_by_medoid
from .text.rover import merge_transcripts
from .text.texts import Texts

SHARED = 4.0  # as many answers as a worker's overall skill weighs elsewhere


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


@dataclass(frozen=True, eq=False)
class Answered:
    """The decisions of one question. values: I values, None where it does not apply or nobody answered; confidence (I,): of the
    value, given that it applies as decided (0 where nobody answered); applies (I,): P(the question applies); agreement (I,): mean
    over pairs of answers, nan below two; n_answers (I,); where the kind has them skills (W,): chance of a right answer, and
    posteriors (I, K) of the labels."""

    values: list
    confidence: np.ndarray
    applies: np.ndarray
    agreement: np.ndarray
    n_answers: np.ndarray
    skills: np.ndarray | None = None
    posteriors: np.ndarray | None = None


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


@dataclass(frozen=True, eq=False)
class _Part:
    """The answers to one question: item, worker codes and values, sorted by item, then worker."""

    item: np.ndarray
    worker: np.ndarray
    values: list
    n_items: int
    n_workers: int

    @property
    def known(self) -> dict[str, Any]:
        return {"item_ids": list(range(self.n_items)), "worker_ids": list(range(self.n_workers))}

    def votes(self, labels: Sequence[Hashable]) -> Votes:
        return Votes.from_rows(self.item, self.worker, self.values, labels=labels, **self.known)

    def agreement(self, measure: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> np.ndarray:
        """(I,) mean of measure(rows a, rows b) over the pairs of answers to an item."""
        first, second = pairs_within(self.item)
        return mean_by(self.item[first], np.asarray(measure(first, second), dtype=float), self.n_items)


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
    everybody = _Part(item[order], worker[order], [answers[row] for row in order], len(all_items), len(all_workers))
    parts = {question.name: _part_of(everybody, question.name) for question in questions}
    found = {question.name: _decide(question, parts[question.name]) for question in questions}
    if share_skill:
        found = {q.name: _decide_again(q, parts, found) for q in questions}
    by_name = {question.name: question for question in questions}
    for question in questions:  # those above come first
        above = by_name[question.only_if[0]] if question.only_if else None
        found[question.name] = _applied(question, above, found, everybody, parts[question.name])
    return _result(found, all_items, all_workers)


def check_questions(questions: Sequence[Question]) -> None:
    """ValueError, in one sentence that names the question, for a form that cannot be decided."""
    kinds: dict[str, Question] = {}
    for question in questions:
        if question.name in kinds:
            raise ValueError(f"questions: {question.name!r} is there twice; give every question a name of its own.")
        if question.kind not in FAMILIES:
            raise ValueError(f"{question.name}: kind must be one of {', '.join(FAMILIES)}, not {question.kind!r}.")
        if question.kind in ("choice", "choices", "taxonomy") and not question.labels:
            raise ValueError(f"{question.name}: a {question.kind} needs labels.")
        if question.kind == "number" and not _tolerance(question) > 0:
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


def _order(item, worker, answers, item_ids: np.ndarray, worker_ids: np.ndarray) -> np.ndarray:
    order = np.lexsort((worker, item))
    same = (np.diff(item[order]) == 0) & (np.diff(worker[order]) == 0)
    if same.any():
        row = order[int(np.argmax(same))]
        who, what = worker_ids.tolist()[worker[row]], item_ids.tolist()[item[row]]
        raise ValueError(f"worker {who!r} answers item {what!r} more than once; send one form a pair.")
    return order


def _part_of(everybody: _Part, name: str) -> _Part:
    """Those who answered; a value of None is none."""
    rows = [row for row, answer in enumerate(everybody.values) if answer.get(name) is not None]
    values = [everybody.values[row][name] for row in rows]
    return replace(everybody, item=everybody.item[rows], worker=everybody.worker[rows], values=values)


def _decide(question: Question, part: _Part, history: np.ndarray | None = None) -> Answered:
    """The family's decision; None where nobody answered. Its ValueError is told with the question's name."""
    try:
        answered = FAMILIES[question.kind](question, part, history)
    except (ValueError, TypeError) as bad:
        raise ValueError(f"{question.name}: {bad}") from bad
    seen = answered.n_answers > 0
    values = [value if here else None for value, here in zip(answered.values, seen, strict=True)]
    return replace(answered, values=values, confidence=np.where(seen, answered.confidence, 0.0))


def _answered(part: _Part, values: list, confidence: np.ndarray, agreement: np.ndarray, **more: Any) -> Answered:
    n_answers = np.bincount(part.item, minlength=part.n_items)
    return Answered(values, np.asarray(confidence, dtype=float), np.ones(part.n_items), agreement, n_answers, **more)


def _choice(question: Question, part: _Part, history: np.ndarray | None) -> Answered:
    votes = part.votes(question.labels)
    skills = learn_skills(votes, history=history)
    best = (skills.posteriors >= skills.posteriors.max(axis=1, keepdims=True, initial=0) - 1e-9).argmax(axis=1)
    code = votes.answer_codes
    return _answered(
        part,
        [question.labels[k] for k in best],
        skills.posteriors.max(axis=1, initial=0),
        part.agreement(lambda a, b: code[a] == code[b]),
        skills=skills.accuracy,
        posteriors=skills.posteriors,
    )


def _choices(question: Question, part: _Part, history: None) -> Answered:
    sets = Sets.from_rows(part.item.tolist(), part.worker.tolist(), part.values, labels=question.labels, **part.known)
    result, table = multilabel(sets), sets.matrix()
    agreement = part.agreement(lambda a, b: masi(table[a], table[b]))
    skill = result.skills.overall.mean(axis=1)  # balanced: of sensitivity and specificity
    return _answered(part, result.sets(), result.item_confidence, agreement, skills=skill, posteriors=result.posteriors)


def _taxonomy(question: Question, part: _Part, history: None) -> Answered:
    votes, tree = part.votes(question.labels), Tree.from_parents(list(question.parents))
    result, code = taxonomy(votes, list(question.parents)), votes.answer_codes
    nodes, masses = result.decide(question.confidence)
    values = [question.labels[node] if node < tree.root else None for node in nodes]
    agreement = part.agreement(lambda a, b: path_agreement(tree, code[a], code[b]))
    return _answered(part, values, masses, agreement, skills=result.skills)


def _number(question: Question, part: _Part, history: None) -> Answered:
    numbers = Numbers.from_rows(part.item, part.worker, part.values, question.bounds, **part.known)
    merged, tolerance = merge_numbers(numbers), _tolerance(question)
    confidence = erf(tolerance / np.maximum(merged.sd, 1e-12) / np.sqrt(2))
    reach = max(float(np.ptp(numbers.value)) if len(numbers.value) else 0.0, tolerance)
    low, high, _ = question.bounds
    reach = high - low if low is not None and high is not None else reach
    agreement = part.agreement(lambda a, b: 1 - np.minimum(np.abs(numbers.value[a] - numbers.value[b]) / reach, 1))
    return _answered(part, merged.values.tolist(), confidence, agreement)


def _transcript(question: Question, part: _Part, history: None) -> Answered:
    merged = merge_transcripts(Texts(part.item, part.worker, part.values, part.n_items, part.n_workers))
    agreement = np.array([one.agreement for one in merged], dtype=float)
    return _answered(part, [one.text for one in merged], np.array([one.exact for one in merged]), agreement)


def _text(question: Question, part: _Part, history: None) -> Answered:
    merged = merge_by_medoid(Texts(part.item, part.worker, part.values, part.n_items, part.n_workers))
    agreement = np.array([one.agreement for one in merged], dtype=float)
    return _answered(part, [one.text for one in merged], np.array([one.confidence for one in merged]), agreement)


FAMILIES: dict[str, Callable[[Question, _Part, Any], Answered]] = {
    "choice": _choice,
    "choices": _choices,
    "taxonomy": _taxonomy,
    "number": _number,
    "transcript": _transcript,
    "text": _text,
}


def _decide_again(question: Question, parts: dict[str, _Part], found: dict[str, Answered]) -> Answered:
    """A choice once more, with what its workers showed on the other questions."""
    part = parts[question.name]
    ratio, weight = _shown(parts, {name: one for name, one in found.items() if name != question.name})
    if question.kind != "choice" or not weight.any() or not len(part.item):
        return found[question.name]
    skills = learn_skills(part.votes(question.labels))
    crowd = scale_odds(skills.pooled, np.arange(len(question.labels)), ratio)
    return _decide(question, part, weight[:, None, None] * skills.prior[:, None] * crowd)


def _shown(parts: dict[str, _Part], others: dict[str, Answered]) -> tuple[np.ndarray, np.ndarray]:
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
    question: Question, above: Question | None, found: dict[str, Answered], everybody: _Part, part: _Part
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


def _asked(everybody: _Part, part: _Part) -> np.ndarray:
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


def _tolerance(question: Question) -> float:
    """How far off a number may be, 0 when nothing says so."""
    low, high, step = question.bounds
    if question.tolerance is not None:
        return float(question.tolerance)
    if step is not None:
        return float(step) / 2
    return (float(high) - float(low)) / 20 if low is not None and high is not None else 0.0
