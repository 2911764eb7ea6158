"""Every shape of answer made from one crowd: rows (item, worker, code) with codes 0, 1 and 2, and each model of that shape.

A model that stands in no shape fails test_every_method.py: it looks for them by introspection.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

import numpy as np

from consensus.core.distributed.models import Sharded
from consensus.core.forms import Question, merge_forms
from consensus.core.labels import models as of_labels
from consensus.core.labels.first_fault_models import FirstFault, Stops
from consensus.core.labels.fixed_point import FixedPoint
from consensus.core.labels.ordered_models import Ordinal, Taxonomy
from consensus.core.labels.streaming import Stream
from consensus.core.labels.votes import Votes
from consensus.core.numbers.models import Measurement
from consensus.core.numbers.numeric import Numbers
from consensus.core.pairs.models import BradleyTerry, CrowdBradleyTerry
from consensus.core.pairs.pairwise import Comparisons
from consensus.core.regions import masks, rle
from consensus.core.regions import models as of_regions
from consensus.core.regions.marks import Marks
from consensus.core.regions.pins import Pins, Places
from consensus.core.sets.models import MultiLabel
from consensus.core.sets.sets import Sets
from consensus.core.text.models import Medoid, Rover
from consensus.core.text.texts import Texts

CODES = (0, 1, 2)
Row = tuple[Hashable, Hashable, int]


class Outcome(NamedTuple):
    """item_ids; decided: the code of each item, None for "nothing"; figures: every confidence, posterior and skill, in order (of texts
    no skills: these are sums in the order of the rows, equal to 1e-12 and not bit for bit)."""

    item_ids: list
    decided: list
    figures: list[np.ndarray]


class Shape(NamedTuple):
    """table(rows, code_to_name, known ids) -> answers; value(code) -> an answer as gold; code(value) -> code or None.

    known: does it refuse a label that it was not told of? prior: does it decide items without answers? names: are codes names only,
    so that renaming them renames the decisions?
    """

    table: Callable[..., Any]
    value: Callable[[int], Any]
    code: Callable[[Any], int | None]
    known: bool = True
    prior: bool = True
    names: bool = True


class Method(NamedTuple):
    """A model and the shape of its answers; make() gives a fresh one."""

    make: Callable[..., Any]
    shape: Shape

    def run(self, rows: list[Row], item_ids=None, worker_ids=None, name=None) -> Outcome:
        table = self.shape.table(rows, name or self.shape.value, {"item_ids": item_ids, "worker_ids": worker_ids})
        model = self.make().fit(table)
        decided = model.decide(table)
        codes = [None if value is None else self.shape.code(value) for value in decided.chosen]
        skills = [row.get("accuracy", row.get("spread_m", row.get("noise"))) for row in model.skills.workers.values()]
        figures = [np.asarray(decided.sure), np.array([] if self.shape is TEXTS else skills, dtype=float)]
        figures += [decided.details[name] for name in ("posteriors", "sd", "scores") if name in decided.details]
        return Outcome(decided.item_ids.tolist(), codes, figures)


def columns(rows: list[Row], answer: Callable[[int], Any]) -> tuple[list, list, list]:
    return [r[0] for r in rows], [r[1] for r in rows], [answer(r[2]) for r in rows]


def votes(rows, name, ids) -> Votes:
    return Votes.from_rows(*columns(rows, name), labels=CODES, **ids)


def whole(value: Any) -> Any:
    return value


LABELS = Shape(votes, whole, whole)
TREE = LABELS._replace(prior=False)
SETS = Shape(
    lambda rows, name, ids: Sets.from_rows(*columns(rows, lambda c: [whole(name(c))]), labels=CODES, **ids),
    whole,
    lambda chosen: chosen[0] if len(chosen) == 1 else None,
)
NUMBERS = Shape(
    lambda rows, name, ids: Numbers.from_rows(*columns(rows, name), **ids),
    lambda code: 10.0 * code,
    lambda value: int(np.clip(round(value / 10), 0, 2)),
    known=False,
    names=False,
)

PLACES = [(10.0, 10.0), (60.0, 10.0), (10.0, 70.0)]


def box(x: float, y: float) -> tuple:
    return (x, y, 20, 16)


def ring(x: float, y: float) -> list:
    return [[x, y], [x + 20, y], [x + 20, y + 16], [x, y + 16]]


def points(x: float, y: float) -> list:
    return [[x, y, 2], [x + 20, y, 2], [x + 10, y + 16, 1]]


def stretch(x: float, y: float) -> list:
    return [int(x + 2 * y), int(x + 2 * y) + 20]


def milliseconds(x: float, y: float) -> list:
    return [100 * bound for bound in stretch(x, y)]


def track(x: float, y: float) -> list:
    return [[0, x, y, 20, 16], [1000, x + 5, y, 20, 16]]


def mask(x: float, y: float) -> dict:
    inside = np.zeros((100, 100), dtype=bool)
    inside[int(y) : int(y) + 16, int(x) : int(x) + 20] = True
    return rle.encode(inside)


def marks_of(drawn: Callable) -> Shape:
    def table(rows, name, ids) -> Marks:
        items, workers, said = columns(rows, name)
        shapes = [[drawn(*PLACES[row[2] % 3])] for row in rows]
        return Marks.from_rows(items, workers, shapes, [[label] for label in said], labels=CODES, **ids)

    return Shape(table, whole, lambda marks: marks[0].label if len(marks) == 1 else None, prior=False)


SENTENCES = ["the boat left at noon", "two dogs ran over a bridge", "she sold some green apples"]
TEXTS = Shape(
    lambda rows, name, ids: Texts.from_rows(*columns(rows, name), **ids),
    lambda code: SENTENCES[code],
    lambda text: SENTENCES.index(text) if text in SENTENCES else None,
    known=False,
    prior=False,
)
TOWNS = [(-29.86, 31.02), (-26.2, 28.04), (-33.93, 18.42)]
PINS = Shape(
    lambda rows, name, ids: Pins.from_rows(*columns(rows, name), **ids),
    lambda code: TOWNS[code],
    lambda here: int(np.argmin([np.hypot(here[0] - a, here[1] - b) for a, b in TOWNS])),
    known=False,
    prior=False,
)


STOPS = Shape(  # of two steps the first, the second, and none
    lambda rows, name, ids: Stops.from_rows(*columns(rows, name), steps=2, **ids),
    whole,
    whole,
    known=False,
    prior=False,
    names=False,
)


class PairMethod(Method):
    """An item is a query with two things, a and b: 0 prefers a, 1 prefers b, 2 is a tie."""

    def run(self, rows: list[Row], item_ids=None, worker_ids=None, name=whole) -> Outcome:
        words = dict(zip(CODES, ("left", "right", "tie"), strict=True))
        items, workers, said = columns(rows, lambda c: words.get(name(c), name(c)))
        known = None if item_ids is None else [(item, side) for item in item_ids for side in "ab"]
        n = len(rows)
        table = Comparisons.from_rows(["a"] * n, ["b"] * n, workers, said, items, item_ids=known, worker_ids=worker_ids)
        decided = self.make().fit(table).decide(table)
        queries = list(dict.fromkeys(query for query, _ in decided.values))
        gaps = [decided.values[query, "a"] - decided.values[query, "b"] for query in queries]
        codes = [2 if abs(gap) < 1e-6 else int(gap < 0) for gap in gaps]
        return Outcome(queries, codes, [np.array(gaps), decided.sure, decided.details["error"]])


PAIRS = Shape(whole, whole, whole, names=False)


class StreamMethod(Method):
    """Answers one by one, and a refresh when the stream falls silent."""

    def run(self, rows: list[Row], item_ids=None, worker_ids=None, name=whole) -> Outcome:
        stream = Stream(CODES)
        for item, worker, code in rows:
            stream.add(item, worker, name(code))
        stream.refresh()
        where = sorted(stream.items if item_ids is None else item_ids)
        found = [stream.standing(item) for item in where]
        return Outcome(where, [one.label for one in found], [np.array([one.posterior for one in found]).reshape(-1, 3)])


class FormMethod(Method):
    """A form with one question, a choice."""

    def run(self, rows: list[Row], item_ids=None, worker_ids=None, name=whole) -> Outcome:
        ids = {"item_ids": item_ids, "worker_ids": worker_ids}
        answers = columns(rows, lambda c: {"kind": name(c)})
        found = merge_forms(*answers, [Question("kind", "choice", labels=CODES)], **ids)
        one = found.questions["kind"]
        return Outcome(found.item_ids.tolist(), one.values, [one.confidence, one.posteriors, one.skills])


METHODS: dict[str, Method] = {
    **{name: Method(model, LABELS) for name, model in of_labels.BY_NAME.items()},
    "hierarchical Dawid-Skene": Method(lambda: of_labels.ItemTypes(n_types=1), LABELS),
    "fixed point": Method(FixedPoint, LABELS),
    "sharded": Method(lambda: Sharded(n_shards=3), LABELS),
    "stream": StreamMethod(Stream, LABELS),
    "ordinal": Method(Ordinal, LABELS._replace(names=False)),
    "taxonomy": Method(lambda: Taxonomy(dict.fromkeys(CODES)), TREE),
    "multilabel": Method(MultiLabel, SETS),
    "measurement": Method(Measurement, NUMBERS),
    "bradley_terry": PairMethod(BradleyTerry, PAIRS),
    "crowd_bradley_terry": PairMethod(CrowdBradleyTerry, PAIRS),
    "boxes": Method(of_regions.Boxes, marks_of(box)),
    "polygons": Method(of_regions.Polygons, marks_of(ring)),
    "keypoints": Method(of_regions.Keypoints, marks_of(points)),
    "spans": Method(of_regions.Spans, marks_of(stretch)),
    "segments": Method(of_regions.Segments, marks_of(milliseconds)),
    "tracks": Method(of_regions.Tracks, marks_of(track)),
    **{
        f"masks by {how}": Method(lambda how=how: of_regions.Masks(method=how), marks_of(mask)) for how in masks.METHODS
    },
    "rover": Method(Rover, TEXTS),
    "medoid": Method(Medoid, TEXTS),
    "places": Method(Places, PINS),
    "first fault": Method(FirstFault, STOPS),
    "form": FormMethod(merge_forms, TREE),
}
