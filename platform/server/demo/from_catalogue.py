"""Projects of the demo that are opened from the catalogue, with its words and settings and items of our own."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from labelling import catalogue
from labelling.projects.create_project import create_project
from people.models import Organisation, Person
from server.demo import samples
from server.demo.crowd import Mistake
from server.demo.projects import Made, fill, same

_TAKEN = (
    "task_type",
    "medium",
    "config",
    "instructions",
    "estimated_task_s",
    "min_answers",
    "max_answers",
    "target_ppm",
)


@dataclass(frozen=True)
class Opened:
    """A maker: the entry of the catalogue, its rows, and what her who missed a known task is told, and what a
    careless and a careful worker make of the truth."""

    entry_id: str
    rows: Callable[[], list[samples.Row]]
    why: str  # of a known task
    wrong: Mistake
    near: Mistake = same

    @property
    def entry(self) -> dict:
        found = catalogue.entry(self.entry_id)
        if found is None:
            raise LookupError(f"The catalogue has no {self.entry_id}.")
        return found

    def __call__(self, requester: Person, organisation: Organisation) -> Made:
        taken, title = {name: self.entry[name] for name in _TAKEN}, self.entry["title"]
        project = create_project(
            requester, organisation, title=title["en"], titles=title, catalogue_entry=self.entry_id, gold_share_bps=800, **taken
        )  # fmt: skip
        truth = fill(requester, project, self.rows(), lambda value: value, lambda value: self.why)
        return Made(project, truth, self.wrong, self.near)


def _misses_one(truth: dict, rng: random.Random) -> dict:
    left_out = rng.randrange(max(len(truth["spans"]), 1))
    return {"spans": [one for place, one in enumerate(truth["spans"]) if place != left_out]}


def _upside_down(truth: dict, rng: random.Random) -> dict:
    return {"order": truth["order"][::-1]}


def _sees_no_fault(truth: dict, rng: random.Random) -> dict:
    """Or one where there is none."""
    return {"wrong": [] if truth["wrong"] else [{"step": "a", "label": "fact", "severity": 1}]}


def _the_other_end(truth: dict, rng: random.Random) -> dict:
    return {"rating": 100 - truth["rating"]}


def _a_little_off(truth: dict, rng: random.Random) -> dict:
    return {"rating": min(100, max(0, truth["rating"] + rng.randint(-6, 6)))}


MAKERS: tuple[Opened, ...] = (
    Opened("entities", samples.names, "Each name is a mark of its own, without the words around it.", _misses_one),
    Opened("rank-answers", samples.ranked, "The best one is right and says all that helps.", _upside_down),
    Opened(
        "first-wrong-step",
        samples.traces,
        "The first step that is wrong counts, not what follows from it.",
        _sees_no_fault,
    ),
    Opened(
        "quality-scale",
        samples.graded,
        "High is what somebody could act on as it stands.",
        _the_other_end,
        _a_little_off,
    ),
)
