"""Marks in pictures, time and text, under the protocol.

A decision's value is a list of `Mark`s, best first; confidence is the F1 to expect of it. `objects` among the details holds the chance of
each mark, `others` the candidates that were not sure enough, `missed` how many objects are expected that nobody marked.
A known truth is a look of somebody who never errs: the others are measured by it, and it stands as its item's decision.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, ClassVar, NamedTuple

import numpy as np

from ..answers.decisions import Decisions
from ..answers.ids import id_array
from ..answers.model import Gold, Model
from ..answers.skills import WorkerSkills
from . import boxes, segments, spans, tracks
from .marks import Marks
from .ranges import PRIOR_NOTHING, RangeSkills, prior_confusion
from .regions import MergedItem
from .worker_model import Skills, default_skills


class Mark(NamedTuple):
    """One thing in an item: its label and its shape, as in the answers."""

    label: Hashable
    shape: Any


class RegionModel(Model[Marks]):
    """What all kinds of marks share. options: those of the kind's own merge and learn functions."""

    merge: ClassVar[Callable[..., list[MergedItem]]]
    learn: ClassVar[Callable[..., Any]]
    learn_options: ClassVar[tuple[str, ...]] = ()

    def __init__(self, skills: WorkerSkills | None = None, **options: Any) -> None:
        super().__init__(skills)
        self.options = options

    def _learn(self, answers: Marks, gold: Gold, history: Mapping) -> tuple[None, WorkerSkills]:
        some = {name: value for name, value in self.options.items() if name in self.learn_options}
        learned = type(self).learn(with_truths(answers, gold), **some)
        return None, self._packed(answers, learned)

    def _find(self, answers: Marks) -> list[MergedItem]:
        return self._apply(answers, self.skills) if self._gold else type(self).merge(answers, None, **self.options)

    def _apply(self, answers: Marks, skills: WorkerSkills) -> list[MergedItem]:
        skills.check_labels(answers.labels.tolist())
        return type(self).merge(answers, self._unpacked(answers, skills), **self.options)

    def _told(self, answers: Marks, found: list[MergedItem]) -> Decisions:
        labels = answers.labels.tolist()
        chosen = [
            [Mark(labels[one.label], one.shape) for one in item.objects] if item.n_answers else None for item in found
        ]
        details = {name: [getattr(item, name) for item in found] for name in ("objects", "others", "missed")}
        sure, agreed, counts = (
            np.array([getattr(item, name) for item in found]) for name in ("confidence", "agreement", "n_answers")
        )
        return Decisions(answers.item_ids, chosen, np.where(counts > 0, sure, 0.0), agreed, counts, details)

    own: ClassVar[tuple[str, ...]] = ("ability", "clutter", "confusion", "spread", "bias", "looks")

    @classmethod
    def newcomers(cls, labels: Sequence[Hashable]) -> WorkerSkills:
        """Before anything is known of the workers."""
        return newcomers(labels)

    def _packed(self, answers: Marks, skills: Any) -> WorkerSkills:
        """The rows of the table's own workers; whoever is unknown works as people do before anything is known."""
        names = answers.worker_ids.tolist()
        of_crowd = [each.name for each in fields(skills) if each.name not in self.own]
        own = {
            name: {key: np.asarray(getattr(skills, key)[row]).tolist() for key in self.own}
            for row, name in enumerate(names)
        }
        for name, right in zip(names, self._accuracy(skills), strict=False):
            own[name]["accuracy"] = float(right)
        crowd = {key: np.asarray(getattr(skills, key)).tolist() for key in of_crowd}
        crowd |= self._stranger(skills)
        counts = np.bincount(answers.worker, minlength=answers.n_workers).tolist()
        return WorkerSkills(own, crowd, dict(zip(names, counts, strict=True)), answers.labels.tolist())

    def _accuracy(self, skills: Any) -> np.ndarray:
        """(W,) chance that a worker marks what is there."""
        return skills.recall

    def _stranger(self, skills: Any) -> dict[str, Any]:
        stranger = default_skills(1, len(skills.labels), skills.bias.shape[1])
        return {key: np.asarray(getattr(stranger, key)[0]).tolist() for key in self.own}

    def _unpacked(self, answers: Marks, skills: WorkerSkills) -> Any:
        names = answers.worker_ids.tolist()
        crowd = {key: value for key, value in skills.crowd.items() if key not in self.own}
        own: dict[str, Any] = {key: skills.column(key, names).astype(float) for key in self.own}
        own["confusion"] = own["confusion"].reshape(len(names), *[len(crowd["labels"])] * 2)
        own["bias"] = own["bias"].reshape(len(names), -1)
        return Skills(**own, **crowd | {"labels": np.array(crowd["labels"])})


class Boxes(RegionModel):
    """Boxes (x, y, width, height): existence, label and place, with the localisation error of each worker.

    Parameters
    ----------
    target_iou : float
        How near the truth counts as right, 0 to 1 (default 0.5).
    threshold : float
        Least confidence of a mark that is kept; default: the skills' own, which makes the expected F1 greatest.
    """

    merge, learn, learn_options = boxes.merge_boxes, boxes.learn_box_skills, ("target_iou",)


class Tracks(RegionModel):
    """Boxes that move: key frames (t_ms, x, y, width, height). Options as of `Boxes`."""

    merge, learn, learn_options = tracks.merge_tracks, tracks.learn_track_skills, ("target_iou",)


class Polygons(RegionModel):
    """Rings of (x, y): the area that most cover. Needs shapely. Option: threshold."""

    @classmethod
    def newcomers(cls, labels: Sequence[Hashable]) -> WorkerSkills:
        """As of all kinds; the threshold is half of the F1 that a lone mark can be expected to have, which is where the expected F1 is
        greatest (Lipton et al., ECML 2014, doi:10.1007/978-3-662-44851-9_15): one outline is known less well than one box."""
        from .polygons import OTHERS

        known = newcomers(labels)
        return replace(known, crowd={**known.crowd, "threshold": 0.5 / (1 + OTHERS)})

    @staticmethod
    def merge(*answers: Any, **options: Any) -> list[MergedItem]:
        """As `polygons.merge_polygons`."""
        from .polygons import merge_polygons

        return merge_polygons(*answers, **options)

    @staticmethod
    def learn(answers: Marks) -> Skills:
        """As `polygons.learn_polygon_skills`."""
        from .polygons import learn_polygon_skills

        return learn_polygon_skills(answers)


class Keypoints(RegionModel):
    """Skeletons of points (x, y, visible 0, 1 or 2). Option: threshold."""

    @staticmethod
    def merge(*answers: Any, **options: Any) -> list[MergedItem]:
        """As `keypoints.merge_keypoints`."""
        from .keypoints import merge_keypoints

        return merge_keypoints(*answers, **options)

    @staticmethod
    def learn(answers: Marks) -> Skills:
        """As `keypoints.learn_keypoint_skills`."""
        from .keypoints import learn_keypoint_skills

        return learn_keypoint_skills(answers)


class Masks(RegionModel):
    """Run-length masks, at most one of a label. Options: method ("contour", "staple" or "vote"), threshold."""

    @classmethod
    def newcomers(cls, labels: Sequence[Hashable]) -> WorkerSkills:
        """As of all kinds, but labels are given, not doubted: there is one confusion, of one label, for all of them."""
        return replace(newcomers(["any"]), labels=list(labels))

    @staticmethod
    def merge(*answers: Any, **options: Any) -> list[MergedItem]:
        """As `masks.merge_masks`."""
        from .masks import merge_masks

        return merge_masks(*answers, **options)

    @staticmethod
    def learn(answers: Marks) -> Skills:
        """As `masks.learn_mask_skills`."""
        from .masks import learn_mask_skills

        return learn_mask_skills(answers)


class _RangeModel(RegionModel):
    own = ("confusion", "weight")

    @classmethod
    def newcomers(cls, labels: Sequence[Hashable], grain: float = spans.CHARACTERS_PER_WORD) -> WorkerSkills:
        """Before anything is known of the workers; grain: length of one observation."""
        n = len(labels) + 1
        confusion = prior_confusion(n).tolist()
        share = [PRIOR_NOTHING] + [(1 - PRIOR_NOTHING) / (n - 1)] * (n - 1)
        crowd = {"crowd": confusion, "share": share, "grain": grain, "confusion": confusion, "weight": 0.0}
        return WorkerSkills({}, crowd, labels=list(labels))

    def _accuracy(self, skills: Any) -> np.ndarray:
        return np.einsum("wkk,k->w", skills.confusion[:, 1:, 1:], skills.share[1:] / skills.share[1:].sum())

    def _stranger(self, skills: Any) -> dict[str, Any]:
        return {"confusion": skills.crowd.tolist(), "weight": 0.0}

    def _unpacked(self, answers: Marks, skills: WorkerSkills) -> RangeSkills:
        names, n = answers.worker_ids.tolist(), answers.n_labels + 1
        confusion = skills.column("confusion", names).reshape(len(names), n, n)
        crowd, share = (np.array(skills.crowd[key]) for key in ("crowd", "share"))
        return RangeSkills(confusion, skills.column("weight", names), crowd, share, skills.crowd["grain"])


class Spans(_RangeModel):
    """Labelled stretches of text, [start, end) in characters. Options: lengths, tokens, grain, threshold (see `spans.merge_spans`)."""

    merge, learn, learn_options = spans.merge_spans, spans.learn_span_skills, ("lengths", "tokens", "grain")


class Segments(_RangeModel):
    """Labelled stretches of time, [start, end) in milliseconds. Options: durations_ms, grain_ms, shortest_ms, threshold."""

    merge, learn, learn_options = segments.merge_segments, segments.learn_segment_skills, ("durations_ms", "grain_ms")

    @classmethod
    def newcomers(cls, labels: Sequence[Hashable], grain: float = segments.GRAIN_MS) -> WorkerSkills:
        """Before anything is known of the workers; grain: milliseconds of one observation."""
        return super().newcomers(labels, grain)


def newcomers(labels: Sequence[Hashable], n_coordinates: int = 4) -> WorkerSkills:
    """Before anything is known of the workers; for all kinds but spans and segments."""
    model, skills = Boxes(), default_skills(0, len(labels), n_coordinates)
    of_crowd = [each.name for each in fields(skills) if each.name not in model.own]
    crowd = {key: np.asarray(getattr(skills, key)).tolist() for key in of_crowd}
    return WorkerSkills({}, crowd | model._stranger(skills), labels=list(labels))


def with_truths(answers: Marks, gold: Gold) -> Marks:
    """The answers with one more worker, who looked at the gold items and never errs. ValueError for a label that is not known."""
    code = {label: place for place, label in enumerate(answers.labels.tolist())}
    if wrong := next((mark[0] for truth in gold.values() for mark in truth if mark[0] not in code), None):
        raise ValueError(f"gold: {wrong!r} is not one of the {len(code)} labels.")
    known = [(place, gold[item]) for place, item in enumerate(answers.item_ids.tolist()) if item in gold]
    if not known:
        return answers
    looks = np.repeat(answers.n_answers + np.arange(len(known)), [len(truth) for _, truth in known])
    drawn = [mark for _, truth in known for mark in truth]
    return replace(
        answers,
        item=np.append(answers.item, [place for place, _ in known]),
        worker=np.append(answers.worker, np.full(len(known), answers.n_workers)),
        answer=np.append(answers.answer, looks),
        label=np.append(answers.label, np.array([code[label] for label, _ in drawn], dtype=np.int64)),
        shape=[*answers.shape, *(shape for _, shape in drawn)],
        n_workers=answers.n_workers + 1,
        worker_ids=id_array([*answers.worker_ids.tolist(), object()]),
        oracle=answers.n_workers,
    )
