"""keypoints: figures linked by OKS, existence x label, and each point the weighted geometric median of its marks; see
consensus.core.regions.keypoints for the model."""

from __future__ import annotations

from consensus.core.regions.models import Mark
from labelling.task_types.keypoints.answer import place
from labelling.task_types.keypoints.gold import is_right
from labelling.task_types.keypoints.skeleton import Asked, asked_of
from labelling.task_types.mark_consensus import MarkConsensus, summary_with
from labelling.task_types.votes import Decided, Learned, Task

METHOD = "keypoints-geometric-median/1"


def decide_many(tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
    return _model(config).decide_many(tasks, skills, config)


def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    return _model(config).learn_skills_of(tasks, config)


def _model(config: dict) -> MarkConsensus:
    asked = asked_of(config)
    return MarkConsensus(
        aggregator="Keypoints",
        marks="figures",
        shape=lambda figure: [tuple(point) for point in asked.array(figure["points"]).tolist()],
        mark=lambda mark, question: _figure(mark, question, asked),
        place=place,
        is_right=is_right,
        summary=summary_with("place_error_ppm"),
    )


def _figure(mark: Mark, question: dict, asked: Asked) -> dict | None:
    """In whole pixels inside the picture; None where no point is left of it."""
    size = question["width_px"], question["height_px"]
    given = {
        name: [*(min(max(round(at), 0), most) for at, most in zip((x, y), size, strict=True)), int(v)]
        for name, (x, y, v) in zip(asked.ids, mark.shape, strict=True)
        if v > 0
    }
    return {"label": mark.label, "points": given} if given else None
