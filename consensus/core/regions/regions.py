"""From marks to merged objects, the same road for every kind of region: link, infer existence and label, place, decide.

A method gives two functions: how alike two marks are, and where the object of linked marks lies. All else is here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..answers.codes import group
from .marks import Marks, Pairs
from .matching import link_marks
from .objects import Objects, infer_objects, learn_skills, make_views
from .worker_model import DEFAULT_PRIOR, ObjectPrior, Skills

OTHER_LABEL = (
    0.9  # factor on the similarity of marks with different labels: a tie-break, not a wall, for labels are mistaken too
)


@dataclass(frozen=True)
class MergedObject:
    """One object of the consensus. shape: as the method's input; confidence: chance that it exists, bears `label` and lies where it
    should (the method says how near); exists, labelled, placed: the three factors; label_shares: (K,); marks: indices of its marks."""

    shape: object
    label: int
    confidence: float
    exists: float
    labelled: float
    placed: float
    label_shares: tuple[float, ...]
    marks: tuple[int, ...]


@dataclass(frozen=True)
class MergedItem:
    """The consensus of one item. objects: kept, best first; others: candidates below the threshold, best first.

    confidence: expected F1 of `objects` against the truth, objects that everybody missed counted in (missed: how many are expected);
    when nothing is kept, the chance that there is nothing. agreement: mean F1 over pairs of workers, nan with fewer than two.
    """

    objects: tuple[MergedObject, ...]
    others: tuple[MergedObject, ...]
    confidence: float
    missed: float
    agreement: float
    n_answers: int

    def without(self, unwanted: Callable[[MergedObject], bool]) -> MergedItem:
        """The same item with unwanted objects moved from `objects` to `others`."""
        moved = tuple(o for o in self.objects if unwanted(o))
        kept = tuple(o for o in self.objects if not unwanted(o))
        return replace(self, objects=kept, others=moved + self.others) if moved else self


@dataclass(frozen=True)
class Linked:
    """Marks linked into candidates. candidate: (M,) code per mark; item: (C,) item per candidate."""

    candidate: np.ndarray
    item: np.ndarray


def link(marks: Marks, pairs: Pairs, least: float) -> Linked:
    """Link the marks (in canonical order) of all items into candidates, numbered by item and first mark."""
    same = marks.label[pairs.left] == marks.label[pairs.right]
    like = pairs.similarity * np.where(same, 1.0, OTHER_LABEL)
    candidate = link_marks(pairs.left, pairs.right, like, marks.answer, least)
    item = np.zeros(int(candidate.max(initial=-1)) + 1, dtype=np.int64)
    item[candidate] = marks.mark_item
    return Linked(candidate, item)


def understand(
    marks: Marks, linked: Linked, skills: Skills | None, prior: ObjectPrior = DEFAULT_PRIOR
) -> tuple[Skills, Objects]:
    """Existence and labels of the candidates, with the skills given or learned from these very answers."""
    views = make_views(marks, linked.candidate, linked.item)
    if skills is None:
        return learn_skills(marks, views, linked.item, prior)
    check_skills(marks, skills)
    return skills, infer_objects(marks, views, linked.item, skills, prior)


def check_skills(marks: Marks, skills: Skills) -> None:
    """ValueError when the skills are of other workers or labels than the marks."""
    n_labels = skills.confusion.shape[1]
    if len(skills.ability) != marks.n_workers or n_labels != marks.n_labels:
        raise ValueError(
            f"skills: {len(skills.ability)} workers and {n_labels} labels, but the answers have {marks.n_workers} and {marks.n_labels}."
        )


def best_threshold(confidence: np.ndarray, expected_total: float) -> float:
    """The confidence, of those (C,) of the objects, from which keeping them maximises expected F1: half of the best F1 that can
    be had (Lewis 1995,
    doi:10.1145/215206.215366)."""
    ranked = np.sort(confidence)[::-1]
    f1 = 2 * np.cumsum(ranked) / (np.arange(1, len(ranked) + 1) + max(expected_total, 1e-9))
    return float(f1.max(initial=1.0 if not len(ranked) else 0.0)) / 2


def collect(
    marks: Marks,
    linked: Linked,
    objects: Objects,
    shapes: list,
    placed: np.ndarray,
    agreement: np.ndarray,
    threshold: float,
    order: np.ndarray,
) -> list[MergedItem]:
    """Build the merged items, one per item code. shapes, placed: per candidate; agreement: (N,); order: (M,) the caller's index of
    every mark."""
    labelled = objects.label.max(axis=1, initial=0.0)
    confidence = objects.exists * labelled * placed
    built = _built(linked, objects, shapes, placed, order)
    looks = np.bincount(marks.item, minlength=marks.n_items)
    merged = []
    for item, mine in enumerate(group(linked.item, marks.n_items)):
        mine = mine[np.argsort(-confidence[mine], kind="stable")]
        missed = float(objects.missed[item])
        kept, sure = _kept(confidence[mine], objects.exists[mine], missed, threshold)
        merged.append(
            MergedItem(
                objects=tuple(built[c] for c in mine[:kept]),
                others=tuple(built[c] for c in mine[kept:]),
                confidence=sure,
                missed=missed,
                agreement=float(agreement[item]),
                n_answers=int(looks[item]),
            )
        )
    return merged


def _kept(confidence: np.ndarray, exists: np.ndarray, missed: float, threshold: float) -> tuple[int, float]:
    """How many of the candidates of an item, best first, and the F1 to expect: those that reach the threshold, or none where it is likelier
    that nothing is there than that they are right. A crowd that hardly ever sees anything has a threshold that almost all reach."""
    kept = int((confidence >= threshold).sum())
    some, none = expected_f1(confidence[:kept], exists, missed), expected_f1(confidence[:0], exists, missed)
    return (kept, some) if some >= none else (0, none)


def _built(linked: Linked, objects: Objects, shapes: list, placed: np.ndarray, order: np.ndarray) -> list[MergedObject]:
    """An object of every candidate."""
    label = objects.label.argmax(axis=1) if len(objects.item) else np.zeros(0, dtype=np.int64)
    labelled = objects.label.max(axis=1, initial=0.0)
    confidence = objects.exists * labelled * placed
    return [
        MergedObject(
            shape=shapes[c],
            label=int(label[c]),
            confidence=float(confidence[c]),
            exists=float(objects.exists[c]),
            labelled=float(labelled[c]),
            placed=float(placed[c]),
            label_shares=tuple(objects.label[c].tolist()),
            marks=tuple(np.sort(order[members]).tolist()),
        )
        for c, members in enumerate(group(linked.candidate, len(linked.item)))
    ]


def expected_f1(kept: np.ndarray, exists: np.ndarray, missed: float) -> float:
    """F1 to expect of the kept objects, by their chances (n,), when chances exists (C,) are those of the others; with none kept,
    the chance that the item is empty."""
    if not len(kept):
        return float(np.prod(1 - exists) * np.exp(-missed))
    return float(2 * kept.sum() / (len(kept) + exists.sum() + missed))
