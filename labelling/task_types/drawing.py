"""An answer as shapes and words: what show.py of a type gives, and whoever draws answers draws. Places are those of the answers:
pixels of the upright original, milliseconds, Unicode code points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Rectangle:
    label: str
    x: float
    y: float
    width: float
    height: float

    @property
    def ring(self) -> list[tuple[float, float]]:
        """Its corners, clockwise on the screen."""
        right, bottom = self.x + self.width, self.y + self.height
        return [(self.x, self.y), (right, self.y), (right, bottom), (self.x, bottom)]


@dataclass(frozen=True)
class Polygon:
    label: str
    ring: Sequence[tuple[float, float]]  # not closed


@dataclass(frozen=True)
class Point:
    label: str
    x: float
    y: float


@dataclass(frozen=True)
class Range:
    """A stretch of time."""

    label: str
    start_ms: float
    end_ms: float


@dataclass(frozen=True)
class Span:
    """A stretch of the item's text, `end` not in it."""

    label: str
    start: int
    end: int


@dataclass(frozen=True)
class Order:
    """Parts from the best to the worst: a rank each, in which all are alike. Parts that stand in no rank come behind them, unordered."""

    ranks: tuple[tuple[str, ...], ...]


Shape = Rectangle | Polygon | Point | Range | Span


@dataclass(frozen=True)
class Drawing:
    """An answer is one label, or words, or shapes (None: it is no drawing; none at all says that nothing is there), or several answers
    under each other. `order`: beside its words, what it says of the parts of the item."""

    label: str | None = None
    words: str | None = None
    shapes: Sequence[Shape] | None = None
    order: Order | None = None
    rows: Sequence[Row] | None = None


@dataclass(frozen=True)
class Row:
    """One of several answers, with what was asked, in the reader's language."""

    title: str
    drawing: Drawing
