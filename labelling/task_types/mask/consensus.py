"""mask: for each label whether it is there at all, and the area inside the contour that the answers place with the errors of each worker;
see consensus.core.regions.masks for the model. Where the areas of two labels meet, a cell goes to the surer one."""

from __future__ import annotations

from consensus.core.answers.decisions import Decision
from consensus.core.regions.models import Mark
from labelling.task_types.mark_consensus import MarkConsensus
from labelling.task_types.mask.answer import apart, joined, place
from labelling.task_types.mask.gold import is_right
from labelling.task_types.merging import ppm
from labelling.task_types.runs import runs_of, size_inside, text_of
from labelling.task_types.votes import Task

METHOD = "mask-contours/1"


def _mask(mark: Mark, question: dict) -> dict | None:
    """None where nothing of it is left."""
    runs = mark.shape["counts"]
    return {"label": mark.label, "size": mark.shape["size"], "counts": text_of(runs)} if size_inside(runs) else None


def _summary(row: dict) -> dict[str, int]:
    return {
        "recall_ppm": ppm(row["accuracy"]),
        "false_marks_per_look_ppm": ppm(row["clutter"]),
        "contour_error_ppm": ppm(row["spread"]),
        "accuracy_ppm": ppm(row["accuracy"]),
    }


class _Areas(MarkConsensus):
    """Labels are decided one by one, and so are places that are far apart: an answer has one area a label, and a cell one label."""

    def _said(self, task: Task, one: Decision) -> list[tuple[dict, int]]:
        sure: dict[str, int] = {}
        found = super()._said(task, one)
        for mask, confidence in found:
            sure[mask["label"]] = max(sure.get(mask["label"], 0), confidence)
        areas = joined([mask for mask, _ in found])
        by_surety = sorted(areas, key=lambda mask: (-sure[mask["label"]], mask["label"]))
        return [(mask, sure[mask["label"]]) for mask in sorted(apart(by_surety), key=place)]


_CONSENSUS = _Areas(
    aggregator="Masks",
    marks="masks",
    shape=lambda mask: {"size": mask["size"], "counts": runs_of(mask["counts"])},
    mark=_mask,
    place=place,
    is_right=is_right,
    summary=_summary,
)
decide_many, learn_skills_of = _CONSENSUS.decide_many, _CONSENSUS.learn_skills_of
