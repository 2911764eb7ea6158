"""Messages of one call after the other, each of which holds all that was said before it, made one chat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Part = dict[str, Any]


@dataclass
class Trace:
    """`cells`: those of the row that it is made of; `called`: its id there."""

    cells: frozenset[str]
    called: Any = None
    parts: list[Part] = field(default_factory=list)

    def heard(self, parts: Iterable[Part]) -> None:
        """What a model was given: what is there already, in this order, is not said twice."""
        found, at = list(parts), 0
        new = []
        for part in found:
            place = next((n for n in range(at, len(self.parts)) if self.parts[n] == part), None)
            if place is None:
                new.append(part)
            else:
                at = place + 1
        self.parts += new

    def added(self, parts: Iterable[Part]) -> None:
        """What came of it, unless the last says it already."""
        self.parts += [part for part in parts if not self.parts or self.parts[-1] != part]
