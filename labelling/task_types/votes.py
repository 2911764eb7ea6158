"""What a task type's consensus takes and gives. Pure data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

JUDGE = "judge:"  # how the name of an annotator begins that is a judge, a model that was hired
CROWD = "crowd"  # the annotator name under which the crowd's own, pooled skill is kept


@dataclass(frozen=True)
class Vote:
    """One answer, or a model's suggestion, on one item."""

    annotator: str  # "worker:12", "model:3" or "judge:7"
    seq: int
    answer_hash: str
    value: dict
    stands_in: bool = False  # of a judge that may take the place of one of the people


@dataclass(frozen=True)
class Task:
    """One item with all its votes, in the order of seq; `truth` only for gold."""

    item: int
    question: dict
    votes: list[Vote]
    truth: dict | None = None
    relabelled: bool = False  # some votes were given in labels that are merged now: their value is not what was signed


@dataclass(frozen=True)
class Decided:
    """The consensus of one item.

    confidence_ppm, agreement_ppm: millionths. agreed: one flag a vote. labels, prior, weights (one row a vote): the
    integers of the decision rule, empty where a type is not decided by it; softening: those of its
    confidence, empty where none is stated. detail: more for people to read.
    """

    value: dict
    confidence_ppm: int
    agreement_ppm: int
    agreed: list[bool]
    detail: dict[str, Any] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    prior: list[int] = field(default_factory=list)
    weights: list[list[int]] = field(default_factory=list)
    softening: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Learned:
    """What is known of one annotator: `tables` for deciding, `summary` (rates in ppm) for people. Of the crowd also how its known items
    would have been decided ("known" of the summary, consensus.core.answers.bar), where a type knows."""

    tables: dict[str, Any]
    summary: dict[str, Any]
    answers: int


def pair_agreement_ppm(votes: list[Vote], question: dict, agreement) -> int:
    """Mean agreement over pairs of votes; a lone vote agrees with itself."""
    pairs = [agreement(a.value, b.value, question) for i, a in enumerate(votes) for b in votes[i + 1 :]]
    return round(1e6 * sum(pairs) / len(pairs)) if pairs else 1_000_000
