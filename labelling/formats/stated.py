"""What a file of another tool states of a picture, a sound or a clip, before anybody has looked at it."""

from __future__ import annotations

from dataclasses import dataclass

from labelling.formats.outlines import Marks
from labelling.formats.stretches import Stretches
from labelling.formats.trails import Trails
from labelling.task_types.drawing import Drawing

Stated = Marks | Stretches | Trails


@dataclass(frozen=True)
class Statements:
    """What a file states that answers several questions of an item: each under the name that the file has for its question. left: a
    sentence for each thing in it that nobody could read. free: others would be as right, for people wrote it as they liked or were not
    of one mind: beside its picture it is a suggestion, never a known answer that somebody could miss, unless its sender says so."""

    answers: tuple[tuple[str, Stated | Drawing], ...]
    left: tuple[str, ...] = ()
    free: bool = False
