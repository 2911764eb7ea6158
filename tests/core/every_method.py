"""Every method of consensus/core behind one face, for the invariants that all of them keep.

A crowd is rows (item, worker, code) with codes 0, 1 and 2. Each adapter turns a code into an answer of its kind (a label, a set, a number,
a box, a sentence ...), runs the method, and turns what was decided back into codes. A method that is in no adapter fails
test_every_method.py: it looks for them by introspection.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from consensus import core
from consensus.core.distributed import sharding
from consensus.core.labels.methods import CATEGORICAL
from consensus.core.labels.result import choose
from consensus.core.labels.taxonomy import taxonomy
from consensus.core.regions import boxes, geopoints, keypoints, masks, polygons, rle, segments, spans, tracks
from consensus.core.regions.marks import Marks
from consensus.core.sets.multilabel import decide_sets, multilabel
from consensus.core.text import medoid, rover
from consensus.core.text.texts import Texts

CODES = (0, 1, 2)
Row = tuple[Hashable, Hashable, int]


class Outcome(NamedTuple):
    """item_ids; decided: the code of each item, None for "nothing"; figures: every confidence, posterior and skill, in order."""

    item_ids: list
    decided: list
    figures: list[np.ndarray]


@dataclass(frozen=True)
class Method:
    """run(rows, item_ids, worker_ids, code_to_answer) -> Outcome. functions: those of consensus/core that it exercises.

    known: does it refuse a label that it was not told of? prior: does it decide items without answers, by the prior? names: are codes
    names only, so that renaming them renames the decisions?
    """

    run: Callable[..., Outcome]
    functions: tuple[Callable, ...]
    known: bool = True
    prior: bool = True
    names: bool = True


def columns(rows: list[Row], answer: Callable[[int], Any]) -> tuple[list, list, list]:
    return [r[0] for r in rows], [r[1] for r in rows], [answer(r[2]) for r in rows]


def ids(item_ids, worker_ids) -> dict:
    return {"item_ids": item_ids, "worker_ids": worker_ids}


def votes_of(rows, item_ids, worker_ids, name) -> core.Votes:
    return core.Votes.from_rows(
        *columns(rows, name), labels=[name(code) for code in CODES], **ids(item_ids, worker_ids)
    )


def by_label(method: Callable) -> Callable[..., Outcome]:
    def run(rows, item_ids=None, worker_ids=None, name=lambda code: code):
        votes = votes_of(rows, item_ids, worker_ids, name)
        result = method(votes)
        return Outcome(votes.item_ids.tolist(), result.labels.tolist(), [result.posteriors, result.skills])

    return run


def by_integers(rows, item_ids=None, worker_ids=None, name=lambda code: code):
    votes = votes_of(rows, item_ids, worker_ids, name)
    skills = core.learn_skills(votes)
    decided = core.decide(votes, core.publish_tables(skills.confusion), core.publish_prior(skills.prior))
    return Outcome(votes.item_ids.tolist(), decided.labels.tolist(), [decided.confidence_ppm / 1e6, skills.accuracy])


def by_shards(rows, item_ids=None, worker_ids=None, name=lambda code: code):
    votes = votes_of(rows, item_ids, worker_ids, name)
    shards = sharding.split_votes(votes, 3)
    learned = sharding.auto_on_shards(sharding.run_locally(shards))
    posteriors = np.concatenate([sharding.run_job("posteriors", shard, learned.model) for shard in shards])
    return Outcome(votes.item_ids.tolist(), choose(posteriors).tolist(), [posteriors, learned.accuracy])


def by_dawid_skene_on_shards(rows, item_ids=None, worker_ids=None, name=lambda code: code):
    votes = votes_of(rows, item_ids, worker_ids, name)
    shards = sharding.split_votes(votes, 2)
    fit = sharding.dawid_skene_on_shards(sharding.run_locally(shards))
    posteriors = np.concatenate([sharding.run_job("dawid_skene_posteriors", shard, fit) for shard in shards])
    return Outcome(votes.item_ids.tolist(), choose(posteriors).tolist(), [posteriors])


def by_stream(rows, item_ids=None, worker_ids=None, name=lambda code: code):
    stream = core.Stream([name(code) for code in CODES])
    for item, worker, code in rows:
        stream.add(item, worker, name(code))
    stream.refresh()
    where = list(stream.items) if item_ids is None else item_ids
    where = sorted(where)
    found = [stream.standing(item) for item in where]
    posteriors = np.array([one.posterior for one in found]).reshape(-1, 3)
    return Outcome(where, [one.label for one in found], [posteriors])


def by_grade(rows, item_ids=None, worker_ids=None, name=lambda code: code):
    votes = votes_of(rows, item_ids, worker_ids, name)
    found = core.grade(votes)
    return Outcome(votes.item_ids.tolist(), found.grades.tolist(), [found.posteriors, found.noise])


def by_tree(rows, item_ids=None, worker_ids=None, name=lambda code: code):
    votes = votes_of(rows, item_ids, worker_ids, name)
    found = taxonomy(votes, [-1, -1, -1])
    leaves, mass = found.best_leaf()
    return Outcome(votes.item_ids.tolist(), [int(x) if x < 3 else None for x in leaves], [mass, found.skills])


def by_set(rows, item_ids=None, worker_ids=None, name=lambda code: code):
    known = [name(code) for code in CODES]
    sets = core.Sets.from_rows(*columns(rows, lambda c: [name(c)]), labels=known, **ids(item_ids, worker_ids))
    first = multilabel(sets)
    found = decide_sets(first.skills, sets)
    return Outcome(
        sets.item_ids.tolist(), codes_of(first.chosen), [first.posteriors, found.posteriors, found.item_confidence]
    )


def codes_of(chosen: np.ndarray) -> list:
    return [int(row.argmax()) if row.sum() == 1 else None for row in chosen]


def by_number(rows, item_ids=None, worker_ids=None, name=None):
    values = [10.0 * code for code in CODES] if name is None else [float(name(code)) for code in CODES]
    numbers = core.Numbers.from_rows(*columns(rows, lambda c: values[c]), **ids(item_ids, worker_ids))
    merged = core.merge_numbers(numbers)
    again = core.decide_numbers(numbers, merged.skills)
    near = np.abs(np.subtract.outer(merged.values, values)).argmin(axis=1)
    return Outcome(numbers.item_ids.tolist(), near.tolist(), [merged.values, merged.sd, again.values, merged.noise])


def by_pair(method: Callable) -> Callable[..., Outcome]:
    """An item is a query with two things, a and b: 0 prefers a, 1 prefers b, 2 is a tie."""

    def run(rows, item_ids=None, worker_ids=None, name=lambda code: code):
        words = {name(code): word for code, word in zip(CODES, ("left", "right", "tie"), strict=True)}
        items, workers, said = columns(rows, lambda c: words.get(name(c), name(c)))
        known = None if item_ids is None else [(item, side) for item in item_ids for side in "ab"]
        table = core.Comparisons.from_rows(
            ["a"] * len(rows), ["b"] * len(rows), workers, said, items, item_ids=known, worker_ids=worker_ids
        )
        found = method(table)
        score = {key: found.scores[code] for code, key in enumerate(table.item_ids.tolist())}
        queries = list(dict.fromkeys(query for query, _ in table.item_ids.tolist()))
        gaps = [score[query, "a"] - score[query, "b"] for query in queries]
        decided = [2 if abs(gap) < 1e-6 else int(gap < 0) for gap in gaps]
        return Outcome(queries, decided, [np.array(gaps), found.errors, found.reliability])

    return run


PLACES = [(10.0, 10.0), (60.0, 10.0), (10.0, 70.0)]


def box(x: float, y: float) -> list:
    return [x, y, 20, 16]


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


def by_region(shape: Callable, merge: Callable, learn: Callable) -> Callable[..., Outcome]:
    def run(rows, item_ids=None, worker_ids=None, name=lambda code: code):
        items, workers, names = columns(rows, lambda c: [name(c)])
        shapes = [[shape(*PLACES[c % 3])] for _, _, c in rows]
        known = [name(code) for code in CODES]
        marks = Marks.from_rows(items, workers, shapes, names, labels=known, **ids(item_ids, worker_ids))
        merged, skills = merge(marks), learn(marks)
        again = merge(marks, skills)
        decided = [[o.label for o in item.objects] for item in merged]
        sure = [[o.confidence for item in found for o in (*item.objects, *item.others)] for found in (merged, again)]
        best = [found[0] if len(found) == 1 else None for found in decided]
        return Outcome(
            marks.item_ids.tolist(), best, [np.array(x) for x in (*sure, [item.confidence for item in merged])]
        )

    return run


SENTENCES = ["the boat left at noon", "two dogs ran over a bridge", "she sold some green apples"]


def by_text(merge: Callable) -> Callable[..., Outcome]:
    def run(rows, item_ids=None, worker_ids=None, name=lambda code: SENTENCES[code]):
        said = {name(code): code for code in CODES}
        texts = Texts.from_rows(*columns(rows, name), **ids(item_ids, worker_ids))
        merged = merge(texts)
        decided = [said.get(one.text) for one in merged]
        return Outcome(texts.item_ids.tolist(), decided, [np.array([one.confidence for one in merged])])

    return run


TOWNS = [(-29.86, 31.02), (-26.2, 28.04), (-33.93, 18.42)]


def by_pin(rows, item_ids=None, worker_ids=None, name=None):
    table = core.Votes.from_rows(*columns(rows, lambda c: c), labels=CODES, **ids(item_ids, worker_ids))
    spots = np.array([TOWNS[c] for c in table.answer_codes]).reshape(-1, 2)
    pins = (table.item_codes, table.worker_codes, *spots.T, table.n_items, table.n_workers)
    merged, skills = geopoints.merge_geopoints(*pins), geopoints.learn_geo_skills(*pins)
    far = [[np.hypot(one.latitude - a, one.longitude - b) for a, b in TOWNS] for one in merged]
    decided = [int(np.argmin(row)) if one.n_answers else None for row, one in zip(far, merged, strict=True)]
    return Outcome(table.item_ids.tolist(), decided, [np.array([one.confidence for one in merged]), skills.spread_m])


def by_form(rows, item_ids=None, worker_ids=None, name=lambda code: code):
    known = [name(code) for code in CODES]
    question = core.Question("kind", "choice", labels=known)
    found = core.merge_forms(*columns(rows, lambda c: {"kind": name(c)}), [question], **ids(item_ids, worker_ids))
    answered = found.questions["kind"]
    decided = [None if value is None else known.index(value) for value in answered.values]
    return Outcome(found.item_ids.tolist(), decided, [answered.confidence, answered.posteriors, answered.skills])


def with_method(name: str) -> Callable:
    return lambda marks, skills=None: masks.merge_masks(marks, skills, method=name)


def region(shape: Callable, merge: Callable, learn: Callable, exercised: Callable | None = None) -> Method:
    """exercised: the function of consensus/core behind merge, where merge is not that function itself."""
    return Method(by_region(shape, merge, learn), (exercised or merge, learn), prior=False)


METHODS: dict[str, Method] = {
    **{name: Method(by_label(method), (method,)) for name, method in CATEGORICAL.items()},
    "integer_rule": Method(by_integers, (core.learn_skills, core.decide, core.publish_tables, core.publish_prior)),
    "auto_on_shards": Method(by_shards, (sharding.auto_on_shards, sharding.split_votes, sharding.run_locally)),
    "dawid_skene_on_shards": Method(by_dawid_skene_on_shards, (sharding.dawid_skene_on_shards,)),
    "stream": Method(by_stream, (core.Stream,)),
    "grade": Method(by_grade, (core.grade,), names=False),
    "taxonomy": Method(by_tree, (taxonomy,), prior=False),
    "multilabel": Method(by_set, (multilabel, decide_sets)),
    "numbers": Method(by_number, (core.merge_numbers, core.decide_numbers), known=False, names=False),
    "bradley_terry": Method(by_pair(core.bradley_terry), (core.bradley_terry,), names=False),
    "crowd_bradley_terry": Method(by_pair(core.crowd_bradley_terry), (core.crowd_bradley_terry,), names=False),
    "boxes": region(box, boxes.merge_boxes, boxes.learn_box_skills),
    "polygons": region(ring, polygons.merge_polygons, polygons.learn_polygon_skills),
    "keypoints": region(points, keypoints.merge_keypoints, keypoints.learn_keypoint_skills),
    "spans": region(stretch, spans.merge_spans, spans.learn_span_skills),
    "segments": region(milliseconds, segments.merge_segments, segments.learn_segment_skills),
    "tracks": region(track, tracks.merge_tracks, tracks.learn_track_skills),
    **{
        f"masks by {name}": region(mask, with_method(name), masks.learn_mask_skills, masks.merge_masks)
        for name in masks.METHODS
    },
    "transcripts": Method(
        by_text(rover.merge_transcripts), (rover.merge_transcripts, rover.learn_writer_skills), known=False, prior=False
    ),
    "medoid": Method(
        by_text(medoid.merge_by_medoid), (medoid.merge_by_medoid, medoid.learn_medoid_skills), known=False, prior=False
    ),
    "geopoints": Method(by_pin, (geopoints.merge_geopoints, geopoints.learn_geo_skills), known=False, prior=False),
    "forms": Method(by_form, (core.merge_forms,), prior=False),
}
