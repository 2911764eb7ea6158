"""polygons: marks matched into objects, existence x label, and the area that most of their weight covers; see
consensus.core.regions.polygons for the model."""

from __future__ import annotations

import shapely

from consensus.core.regions.models import Mark
from labelling.task_types.mark_consensus import MarkConsensus, summary_with
from labelling.task_types.polygons.answer import place
from labelling.task_types.polygons.gold import is_right
from labelling.task_types.polygons.rings import nearest

METHOD = "polygons-objects/1"


def _polygon(mark: Mark, question: dict) -> dict | None:
    """In whole pixels inside the picture; None where nothing of it is left."""
    ring = nearest(shapely.Polygon(mark.shape), question["width_px"], question["height_px"])
    return {"label": mark.label, "points": ring} if ring else None


_CONSENSUS = MarkConsensus(
    aggregator="Polygons",
    marks="polygons",
    shape=lambda polygon: polygon["points"],
    mark=_polygon,
    place=place,
    is_right=is_right,
    summary=summary_with("area_error_ppm"),
)
decide_many, learn_skills_of = _CONSENSUS.decide_many, _CONSENSUS.learn_skills_of
