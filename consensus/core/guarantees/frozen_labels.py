"""What a promise on a release says, and what has come of it by the judgements that are there. Pure: also the verifier's
(labelling/proof/warranty.py)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .estimate import Estimate, estimate
from .warranty import Promise, Standing, draws, standing, weights_of

VERSION = "warranty-1"


@dataclass(frozen=True)
class Looked:
    """What a promise has come to. used: of the draws, in their order, those whose labels are judged; stands: where these are all; to_judge:
    places of the labels that still have to be judged, in their order; needed: judgements in all, as far as is known; right: the share
    of all labels that is right as they were frozen, whatever is judged afterwards, with an interval that holds at any time. kept: all is
    done."""

    used: int
    stands: Standing | None
    to_judge: list[int]
    needed: int
    right: Estimate

    @property
    def kept(self) -> bool:
        """Whether the promise holds now: labels stand, and none is left to judge."""
        return self.stands is not None and not self.to_judge


def look(seed: str, confidence_ppm: list[int], promise: Promise, n_draws: int, judged: dict[int, bool]) -> Looked:
    """judged: by place. The first draws decide: those whose labels are judged without a gap, so that nobody chooses what counts. Where the
    promise is kept for all labels before the last draw, no more are looked at."""
    stated = np.array(confidence_ppm)
    drawn = draws(seed, weights_of(stated), n_draws)
    used = next((number for number, place in enumerate(drawn) if place not in judged), n_draws)
    wrong = [not judged[place] for place in drawn[:used]]
    right = _right(confidence_ppm, drawn[:used], wrong, promise)
    found = standing(stated, drawn[:used], wrong, promise) if used else None
    if found is None or (used < n_draws and found.n_labels < len(confidence_ppm)):
        left = [place for place in dict.fromkeys(drawn[used:]) if place not in judged]
        return Looked(used, None, left, len(set(judged) | set(drawn)), right)
    rest = [place for place, sure in enumerate(confidence_ppm) if sure < found.confidence_ppm]
    needed = len({place for place in rest if place not in judged}) + len(judged)
    return Looked(used, found, [place for place in rest if place not in judged], needed, right)


def _right(confidence_ppm: list[int], drawn: list[int], wrong: list[bool], promise: Promise) -> Estimate:
    weights = weights_of(np.array(confidence_ppm)).astype(float)
    predicted, seen = np.array(confidence_ppm) / 1e6, 1.0 - np.array(wrong, dtype=float)
    return estimate(predicted, weights / weights.sum(), np.array(drawn, dtype=int), seen, 1 - promise.confidence)


def labels_of(lines: Iterable[bytes]) -> list[tuple[int, int]]:
    """(item, confidence in ppm) of the lines of a release that hold a label of people or of a model; known tasks are no part of it."""
    rows = (json.loads(line) for line in lines if line.strip())
    return [
        (row["item"], row["confidence_ppm"])
        for row in rows
        if row["decision"] is not None and row["confidence_ppm"] is not None
    ]


def promise_of(document: dict) -> Promise:
    """The promise that a signed document states, in millionths. ValueError as Promise, KeyError for a document that lacks one of them."""
    names = ("error_ppm", "confidence_ppm", "reference_error_ppm")
    return Promise(*(document[name] / 1e6 for name in names))
