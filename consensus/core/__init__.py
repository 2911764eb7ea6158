"""Truth inference as a library: what many people answered becomes decisions, calibrated confidences and skills, by id.

    from consensus import core as cc

    answers = cc.Votes.from_rows(items, workers, labels)
    model = cc.Ensemble()
    decided = model.fit(answers, gold={"photo-1": "cat"}).decide(answers)
    decided.values, decided.confidence, decided.agreement       # by item id
    model.skills.of("ann")                                      # by worker id

Needs numpy and SciPy; shapely (polygons) and rapidfuzz (texts) are imported when they are first used. README.md has an example a shape.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_FACE = {
    "answers.decisions": "Decision Decisions",
    "answers.model": "Model",
    "answers.skills": "WorkerSkills",
    "answers.stopping": "Rule ask_next expected_error is_done next_items worth_of_answer",
    "distributed.models": "Sharded",
    "forms": "Question merge_forms",
    "labels.ensemble": "auto",
    "labels.dawid_skene": "dawid_skene",
    "labels.first_fault_models": "FirstFault Stops",
    "labels.fixed_point": "FixedPoint",
    "labels.glad": "glad",
    "labels.integer_rule": "Decided decide publish_prior publish_tables",
    "labels.item_types": "item_types",
    "labels.mace": "mace",
    "labels.majority": "majority_vote weighted_majority",
    "labels.models": "DawidSkene Ensemble Glad ItemTypes Mace MajorityVote OneCoin WeightedMajority",
    "labels.one_coin": "one_coin",
    "labels.ordered_models": "Ordinal Taxonomy",
    "labels.ordinal": "Grades decide_grades grade",
    "labels.result": "Result",
    "labels.skills": "Skills learn_skills",
    "labels.streaming": "Stream",
    "labels.taxonomy": "taxonomy",
    "labels.tree": "Tree",
    "labels.votes": "Votes",
    "metrics.kappa": "cohen_kappa",
    "metrics.ratings": "RatingAgreement rating_agreement",
    "numbers.models": "Measurement",
    "numbers.numeric": "Bounds Merged NumberSkills Numbers decide_numbers merge_numbers",
    "pairs.bradley_terry": "bradley_terry crowd_bradley_terry",
    "pairs.models": "BradleyTerry CrowdBradleyTerry",
    "pairs.pairwise": "Comparisons Ranking",
    "regions.marks": "Marks",
    "regions.models": "Boxes Keypoints Mark Masks Polygons Segments Spans Tracks",
    "regions.pins": "Pins Places",
    "sets.models": "MultiLabel",
    "sets.multilabel": "multilabel",
    "sets.sets": "Sets",
    "text.models": "Medoid Rover",
    "text.texts": "Texts",
}
_HOME = {name: module for module, names in _FACE.items() for name in names.split()}
_ROOMS = {
    "metrics": "metrics",
    "spam": "spam",
    "stopping": "answers.stopping",
    "distributed": "distributed",
    "guarantees": "guarantees",
}

__all__ = [*_HOME, *_ROOMS]


def __getattr__(name: str) -> Any:
    """A name of the face, or a room of the library, imported when it is first asked for."""
    if name in _ROOMS:
        return import_module(f"{__name__}.{_ROOMS[name]}")
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
