"""Several labels an item, under the protocol."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from ..answers.codes import mean_by, pairs_within
from ..answers.decisions import Decisions
from ..answers.model import Gold, Model
from ..answers.skills import WorkerSkills
from .multilabel import FIRST_FALSE_CHOICE, FIRST_SENSITIVITY, DecidedSets, SetSkills, decide_sets, multilabel
from .sets import Sets, masi

OWN = ("sensitivity", "specificity", "overall")
OF_CROWD = ("dispersion", "prevalence", "sizes")


class MultiLabel(Model[Sets]):
    """Each worker's sensitivity and specificity for each label; the decision is a set of labels, as a list in their order.

    Confidence is the chance that the whole set is right; `posteriors` (L,) among the details are the labels' own chances.

    Parameters
    ----------
    loss : {"hamming", "f1"}
        What a wrong set costs: its wrong labels, or one minus its F1.
    """

    def __init__(self, loss: str = "hamming", skills: WorkerSkills | None = None) -> None:
        super().__init__(skills)
        self.loss = loss

    @classmethod
    def newcomers(cls, labels: Sequence[Hashable]) -> WorkerSkills:
        """Before any answer: everybody finds and leaves out as the fit's own pseudo-answers say, and nothing is known of the labels."""
        skills = multilabel(Sets.from_rows([], [], [], labels=labels)).skills
        packed = _packed(Sets.from_rows([], [], [], labels=labels), skills)
        rates = np.repeat([[FIRST_SENSITIVITY], [1 - FIRST_FALSE_CHOICE]], len(labels), axis=1).tolist()
        packed.crowd.update(
            sensitivity=rates[0], specificity=rates[1], overall=[FIRST_SENSITIVITY, 1 - FIRST_FALSE_CHOICE]
        )
        return packed

    def _learn(self, answers: Sets, gold: Gold, history: Mapping) -> tuple[DecidedSets, WorkerSkills]:
        result = multilabel(answers, _table_of(answers, gold), loss=self.loss)
        return result, _packed(answers, result.skills)

    def _apply(self, answers: Sets, skills: WorkerSkills) -> DecidedSets:
        skills.check_labels(answers.labels.tolist())
        stranger = self.newcomers(answers.labels.tolist()).crowd
        known = WorkerSkills(skills.workers, {**stranger, **skills.crowd})
        names, widths = answers.worker_ids.tolist(), (answers.n_labels, answers.n_labels, 2)
        own = {
            name: known.column(name, names).reshape(len(names), width) for name, width in zip(OWN, widths, strict=True)
        }
        crowd = {name: np.array(skills.crowd[name]) for name in OF_CROWD}
        of_these = SetSkills(**own, **crowd, worker_ids=answers.worker_ids, labels=answers.labels)
        return decide_sets(of_these, answers, self.loss)

    def _told(self, answers: Sets, found: DecidedSets) -> Decisions:
        first, second = pairs_within(answers.item_codes)
        table, counts = answers.matrix(), np.bincount(answers.item_codes, minlength=answers.n_items)
        agreed = mean_by(answers.item_codes[first], masi(table[first], table[second]), answers.n_items)
        details = {"posteriors": found.posteriors}
        return Decisions(answers.item_ids, found.sets(), found.item_confidence, agreed, counts, details)


def _table_of(sets: Sets, gold: Gold) -> np.ndarray | None:
    """(I, L) of 1, 0 and -1 (unknown); None without gold. ValueError for a label that the sets do not have."""
    code = {label: place for place, label in enumerate(sets.labels.tolist())}
    if wrong := next((label for truth in gold.values() for label in truth if label not in code), None):
        raise ValueError(f"gold: {wrong!r} is not one of the {len(code)} labels.")
    if not gold:
        return None
    table = np.full((sets.n_items, sets.n_labels), -1, dtype=np.int64)
    for place, item in enumerate(sets.item_ids.tolist()):
        if item in gold:
            table[place] = 0
            table[place, [code[label] for label in gold[item]]] = 1
    return table


def _packed(sets: Sets, skills: SetSkills) -> WorkerSkills:
    names = sets.worker_ids.tolist()
    rows = [dict(zip(OWN, row, strict=True)) for row in zip(*(getattr(skills, n).tolist() for n in OWN), strict=True)]
    workers = {name: row | {"accuracy": float(np.mean(row["overall"]))} for name, row in zip(names, rows, strict=True)}
    crowd = {name: getattr(skills, name).tolist() for name in OF_CROWD}
    crowd |= {n: getattr(skills, n).mean(axis=0).tolist() for n in OWN if len(names)}
    counts = np.bincount(sets.worker_codes, minlength=sets.n_workers).tolist()
    return WorkerSkills(workers, crowd, dict(zip(names, counts, strict=True)), sets.labels.tolist())
