"""The cells of the form in which a person types an answer (editing.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cell:
    """kind: label, words (one answer, many lines), number, points (`x,y x,y x,y`) or json. title: by language; what a label or a text is
    called, the form knows itself."""

    name: str
    kind: str
    title: Mapping[str, str] = field(default_factory=dict)


LABEL = Cell("label", "label")
