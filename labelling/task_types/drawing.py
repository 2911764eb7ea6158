"""An answer as shapes and words: what show.py of a type gives, and whoever draws answers draws. Places are those of the answers:
pixels of the upright original, milliseconds, Unicode code points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property


class Tag:
    """A label of the whole item, or several; `draws` of the types that choose them."""


class Words:
    """What is written of the whole item; `draws` of the types that write it."""


class Grade:
    """A number on a scale; `draws` of the types that give one."""


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
class Written(Polygon):
    """A line of text in a picture, its four corners as it is read, and what it says; nothing where nobody can read it."""

    text: str = ""


@dataclass(frozen=True)
class Mask:
    """Pixels of a grid that is laid over the picture: `counts` are their run lengths (runs.py), `size` the grid's height and width."""

    label: str
    size: tuple[int, int]
    counts: str
    width_px: int  # of the picture, 0 where whoever shows the answer does not know it
    height_px: int

    @cached_property
    def rings(self) -> list[list[tuple[float, float]]]:
        """Its outlines in pixels of the grid, those of holes among them; steps no higher than one of them are smoothed."""
        from labelling.task_types.runs import mask_of, rings_of, simplified

        return [
            [(float(x), float(y)) for x, y in ring] for ring in simplified(rings_of(mask_of(self.size, self.counts)))
        ]

    @property
    def letter(self) -> float:
        """How high a letter over it is, as over pictures."""
        return max(self.size) / 20

    @property
    def top(self) -> tuple[float, float]:
        """The highest corner of its outlines, from the left."""
        return min((point for ring in self.rings for point in ring), key=lambda point: (point[1], point[0]))


@dataclass(frozen=True)
class Point:
    label: str
    x: float
    y: float


@dataclass(frozen=True)
class Skeleton:
    """Named points and the lines between them."""

    label: str
    points: Sequence[tuple[float, float, int]]  # x, y, and 2 (seen), 1 (hidden) or 0 (not there)
    edges: Sequence[tuple[int, int]]  # places of the points that a line joins
    names: Sequence[str]  # the ids of the points
    mirrored: Sequence[int]  # the place of each point's other side, its own where it has none

    @property
    def box(self) -> tuple[float, float, float, float]:
        """x, y, width and height around the points that are there."""
        there = [(x, y) for x, y, v in self.points if v]
        (left, right), (top, bottom) = ((min(side), max(side)) for side in zip(*there, strict=True))
        return left, top, right - left, bottom - top

    @property
    def lines(self) -> list[tuple[float, float, float, float]]:
        """x, y, x, y of each line whose two ends are there."""
        ends = ((self.points[a], self.points[b]) for a, b in self.edges)
        return [(*a[:2], *b[:2]) for a, b in ends if a[2] and b[2]]


@dataclass(frozen=True)
class Range:
    """A stretch of time."""

    label: str
    start_ms: float
    end_ms: float


@dataclass(frozen=True)
class Track:
    """A box that moves through a clip: key frames (t_ms, x, y, width, height), a straight line between two of them."""

    label: str
    keys: Sequence[tuple[float, float, float, float, float]]

    @property
    def start_ms(self) -> float:
        return self.keys[0][0]

    @property
    def end_ms(self) -> float:
        return self.keys[-1][0]

    @property
    def ring(self) -> list[tuple[float, float]]:
        """The corners of its first box, clockwise on the screen."""
        _, x, y, width, height = self.keys[0]
        return Rectangle(self.label, x, y, width, height).ring

    @property
    def path(self) -> list[tuple[float, float]]:
        """The middles of its boxes."""
        return [(x + width / 2, y + height / 2) for _, x, y, width, height in self.keys]


@dataclass(frozen=True)
class Span:
    """A stretch of the item's text, `end` not in it."""

    label: str
    start: int
    end: int


@dataclass(frozen=True)
class Step:
    """A part of the item that is pointed at. grade: how bad, where that is asked."""

    label: str
    part: str
    grade: int | None = None


@dataclass(frozen=True)
class Place:
    """A place on the globe, in degrees (WGS 84), and within how many metres of it (None: it is not said)."""

    latitude: float
    longitude: float
    radius_m: float | None = None


@dataclass(frozen=True)
class Order:
    """Parts from the best to the worst: a rank each, in which all are alike. Parts that stand in no rank come behind them, unordered."""

    ranks: tuple[tuple[str, ...], ...]


Shape = Rectangle | Polygon | Written | Mask | Point | Skeleton | Range | Span | Track | Step


@dataclass(frozen=True)
class Change:
    """A stretch of a text beside another: `same` in both, taken `out`, or put `in`."""

    kind: str
    text: str


@dataclass(frozen=True)
class Drawing:
    """An answer is one label, or several (none at all says that none fits), or words (`changes`: what they change of another text;
    `number`: the one that they are; `order`: what they say of the parts of the item; `place`: where on the globe), or shapes (None: it is
    no drawing; none at all says that nothing is there or, `of_faults`, that nothing is wrong), or several answers under each other."""

    label: str | None = None
    labels: Sequence[str] | None = None
    words: str | None = None
    number: float | None = None
    changes: Sequence[Change] | None = None
    shapes: Sequence[Shape] | None = None
    of_faults: bool = False
    order: Order | None = None
    place: Place | None = None
    rows: Sequence[Row] | None = None


@dataclass(frozen=True)
class Row:
    """One of several answers, with what was asked, in the reader's language; `draws` of the types that are made of others. name: of the
    question, "" of what nobody answered."""

    title: str
    drawing: Drawing
    name: str = ""
