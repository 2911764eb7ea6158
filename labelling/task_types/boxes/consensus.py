"""boxes: marks matched into objects, then existence x label x place; see consensus.core.regions.boxes for the model."""

from __future__ import annotations

from consensus.core.regions.models import Mark
from labelling.task_types.boxes.answer import place
from labelling.task_types.boxes.gold import is_right
from labelling.task_types.mark_consensus import MarkConsensus, summary_with
from labelling.task_types.pixels import box_inside

METHOD = "boxes-objects/2"


def _box(mark: Mark, question: dict) -> dict:
    x, y, width, height = box_inside(mark.shape, question)
    return {"label": mark.label, "x": x, "y": y, "width": width, "height": height}


_CONSENSUS = MarkConsensus(
    aggregator="Boxes",
    marks="boxes",
    shape=lambda box: (box["x"], box["y"], box["width"], box["height"]),
    mark=_box,
    place=place,
    is_right=is_right,
    summary=summary_with("edge_error_ppm"),
)
decide_many, learn_skills_of = _CONSENSUS.decide_many, _CONSENSUS.learn_skills_of
