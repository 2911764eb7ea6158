"""boxes: marks matched into objects, then existence x label x place; see consensus.core.regions.boxes for the model."""

from __future__ import annotations

from consensus.core.regions.models import Mark
from labelling.task_types.boxes.answer import place
from labelling.task_types.boxes.gold import is_right
from labelling.task_types.mark_consensus import MarkConsensus
from labelling.task_types.merging import ppm

METHOD = "boxes-objects/2"


def _box(mark: Mark, question: dict) -> dict:
    """Whole pixels inside the picture; rounding may not push an edge out of it."""
    x, y, width, height = mark.shape
    left, top = min(max(round(x), 0), question["width_px"] - 1), min(max(round(y), 0), question["height_px"] - 1)
    right = min(max(round(x + width), left + 1), question["width_px"])
    bottom = min(max(round(y + height), top + 1), question["height_px"])
    return {"label": mark.label, "x": left, "y": top, "width": right - left, "height": bottom - top}


def _summary(row: dict) -> dict[str, int]:
    return {
        "recall_ppm": ppm(row["accuracy"]),
        "false_marks_per_look_ppm": ppm(row["clutter"]),
        "edge_error_ppm": ppm(row["spread"]),
        "accuracy_ppm": ppm(row["accuracy"]),
    }


_CONSENSUS = MarkConsensus(
    aggregator="Boxes",
    marks="boxes",
    shape=lambda box: (box["x"], box["y"], box["width"], box["height"]),
    mark=_box,
    place=place,
    is_right=is_right,
    summary=_summary,
)
decide_many, learn_skills_of = _CONSENSUS.decide_many, _CONSENSUS.learn_skills_of
