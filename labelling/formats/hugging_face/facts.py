"""What a release says of the people who made it: counted, never guessed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from labelling.formats.frozen import Frozen


@dataclass
class Facts:
    items: int = 0
    decided: int = 0
    sure: int = 0
    known: int = 0  # decided by who gave the items, not by answers
    workers: set[str] = field(default_factory=set)  # by their names in this release
    answers: Counter[int] = field(default_factory=Counter)  # how many items had so many that counted
    devices: Counter[str] = field(default_factory=Counter)
    suggested: int = 0  # answers given after a computer's guess was shown
    agreement_ppm: int = 0  # summed over the items that people decided
    first: str = ""  # ISO 8601
    last: str = ""

    @property
    def answers_n(self) -> int:
        return sum(count * items for count, items in self.answers.items())

    @property
    def agreement(self) -> float | None:
        """The mean over the items that people decided; None where there are none."""
        by_people = self.decided - self.known
        return self.agreement_ppm / by_people / 1e6 if by_people else None

    def of_answers(self, count: int) -> str:
        return f"{100 * count / self.answers_n:.0f} %" if self.answers_n else "none"


def facts_of(frozen: Frozen) -> Facts:
    facts = Facts()
    for row in frozen.rows():
        _count(facts, row)
    return facts


def _count(facts: Facts, row: dict) -> None:
    counted = [one for one in row["answers"] if one["counted"]]
    is_known = row["provenance"].get("source") == "known"
    facts.items += 1
    facts.decided += row["decision"] is not None
    facts.sure += bool(row["sure"])
    facts.known += is_known
    facts.answers[len(counted)] += 1
    if row["decision"] is not None and not is_known:
        facts.agreement_ppm += row["agreement_ppm"] or 0
    for one in counted:
        facts.workers.add(one["worker"])
        facts.devices[one["device_class"] or "not told"] += 1
        facts.suggested += bool(one["suggestion_shown"])
        facts.first = min(facts.first or one["received_at"], one["received_at"])
        facts.last = max(facts.last, one["received_at"])
