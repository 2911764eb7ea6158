"""Skill belts: how sure we are that a worker is good at a kind of work (a task type on a medium), from what her projects have shown.

Nobody's pay depends on a belt; a project may ask for one, and says so beforehand (docs/decisions/belts.md):

    known   her answers on tasks with a known truth, over all projects of the kind; right: how many of them were right
    agreed  her other answers on decided items that agree with the decision, decided: all of these; each weighs half a known task
            (the weights of the pay rule, labelling/batches/pay.py), and all together no more than the known tasks do
    n       = known + min(decided / 2, known)
    share   = right / known, or (right + min(decided / 2, known) x agreed / decided) / n where that is less
    sure    = Wilson's lower bound of the share at n, one-sided 90 % (Wilson 1927, doi:10.1080/01621459.1927.10502953)

The first belt is everybody's. The pay rule takes a newcomer to be right in 80 of 100: the second belt is for whom we are 90 % sure that
she errs no more than that, the third for whom she errs half as much. Agreement makes us surer of her, and never better: who guesses or
copies with others is found out by known tasks.

While an appeal of hers waits, its miss takes nothing from her, and gives nothing: she stands as sure as we were just before the first of
such misses, or as we are without them, whichever is less, and never below what all of them together say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import sqrt
from typing import Any

from django.db.models import Count, Min, Sum

from labelling.models.gold_appeals import GoldAppeal
from labelling.models.work import Settlement, WorkerRecord
from people.models import Worker

FORMULA = "belts-1"  # what stands above: a certificate names it, so another formula is another name
SEED, SPROUT, TREE = BELTS = ("seed", "sprout", "tree")
NEEDS = {SEED: 0.0, SPROUT: 0.8, TREE: 0.9}
_Z = 1.2815515655446004  # 90 % of a normal distribution lie below
_MOST = 500  # known tasks that are counted ahead: further away nothing is promised


@dataclass(frozen=True)
class Evidence:
    """The counts of one kind of work. Nothing secret: her scores show the same, by project."""

    known: int = 0
    right: int = 0
    decided: int = 0
    agreed: int = 0
    waiting: int = 0  # misses among these that she appeals against, and nobody has answered
    sure_before: float = 0.0  # the first of them

    @property
    def standing(self) -> float:
        """How sure we are, where an appeal waits without its miss: what her belt is made of."""
        if not self.waiting:
            return self.sure
        lifted = replace(self, known=max(self.right, self.known - self.waiting))
        return max(self.sure, min(self.sure_before, lifted.sure))

    @property
    def sure(self) -> float:
        """0 to 1; 0 without a known task."""
        weight = min(self.decided / 2, self.known)
        n = self.known + weight
        if not self.known:
            return 0.0
        together = (self.right + (weight * self.agreed / self.decided if self.decided else 0)) / n
        share = min(self.right / self.known, together)
        z2 = _Z * _Z
        return (share + z2 / (2 * n) - _Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)

    @property
    def belt(self) -> str:
        return max((belt for belt in BELTS if has(self, belt)), key=BELTS.index)

    def right_needed(self, belt: str) -> int | None:
        """How many known tasks, all of them right, until she has it; 0: she has. None: more than we would promise."""
        if has(self, belt):
            return 0
        for more in range(_MOST):
            if Evidence(self.known + more, self.right + more, self.decided, self.agreed).sure >= NEEDS[belt]:
                return more
        return None


NOTHING = Evidence()
Kind = tuple[str, str]  # task type, medium
_COUNTS = {"known": "gold_seen", "right": "gold_right", "decided": "decided", "agreed": "agreed"}


def evidence_of(worker: Worker) -> dict[Kind, Evidence]:
    """By kind of work, over all projects."""
    sums = {name: Sum(column) for name, column in _COUNTS.items()}
    rows = WorkerRecord.objects.filter(worker=worker).values("project__task_type", "project__medium")
    rows = rows.annotate(**{f"n_{name}": total for name, total in sums.items()}).order_by()
    found = {(row["project__task_type"], row["project__medium"]): _evidence(row) for row in rows}
    missed = any(hers.right < hers.known for hers in found.values())
    for kind, (n, since) in _appealed(worker).items() if missed else ():
        before = _evidence_before(worker, kind, since)
        found[kind] = replace(found.get(kind, NOTHING), waiting=n, sure_before=before.sure)
    return found


def _appealed(worker: Worker) -> dict[Kind, tuple[int, datetime]]:
    """Misses that count and that she appeals against, nobody having answered: how many, and when the first was counted."""
    rows = GoldAppeal.objects.filter(worker=worker, decided_at=None, answer__settlement__taught=False)
    kinds = rows.values("answer__project__task_type", "answer__project__medium").order_by()
    return {
        (row["answer__project__task_type"], row["answer__project__medium"]): (row["n"], row["since"])
        for row in kinds.annotate(n=Count("pk"), since=Min("answer__settlement__settled_at"))
    }


def _evidence_before(worker: Worker, kind: Kind, since: datetime) -> Evidence:
    """The counts of each project as her last answer before then had left them."""
    rows = Settlement.objects.filter(worker=worker, settled_at__lt=since)
    rows = rows.filter(answer__project__task_type=kind[0], answer__project__medium=kind[1])
    last = rows.order_by("answer__project", "-answer__seq").distinct("answer__project").values_list("counts", flat=True)
    right, known, agreed, decided = (sum(counts) for counts in zip((0, 0, 0, 0), *last, strict=True))
    return Evidence(known, right, decided, agreed)


def has(evidence: Evidence, belt: str) -> bool:
    return evidence.standing >= NEEDS[belt]


def holders_of(kind: Kind) -> dict[str, int]:
    """How many workers have each belt of a kind, or a higher one: what a requester asks before asking for it."""
    sums = {f"n_{name}": Sum(column) for name, column in _COUNTS.items()}
    rows = WorkerRecord.objects.filter(project__task_type=kind[0], project__medium=kind[1]).values("worker")
    found = [_evidence(row) for row in rows.annotate(**sums).order_by()]
    return {belt: _count(found, belt) for belt in BELTS}


def _count(found: Iterable[Evidence], belt: str) -> int:
    return sum(has(one, belt) for one in found)


def _evidence(row: Mapping[str, Any]) -> Evidence:
    return Evidence(**{name: row[f"n_{name}"] for name in _COUNTS})
