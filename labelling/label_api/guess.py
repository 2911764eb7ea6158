"""Where a model plugs in: a room above names a function that guesses the label of an item. Without one the crowd answers everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from labelling.models import Item, Project


@dataclass(frozen=True)
class Guess:
    """may_be_shown: to the people who are asked instead, as a suggestion; never where the item measures the model."""

    value: dict
    confidence_ppm: int
    model_version_id: int
    may_be_shown: bool


Guesser = Callable[[Project, Item], Guess | None]
_guesser: list[Guesser] = []


def plug_in(guesser: Guesser) -> None:
    """Once, when the process starts; the last one counts."""
    _guesser[:] = [guesser]


def guess_of(project: Project, item: Item) -> Guess | None:
    return _guesser[0](project, item) if _guesser else None
