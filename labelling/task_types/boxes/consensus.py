"""boxes: marks matched into objects, then existence x label x place; see consensus.core.regions.boxes for the model."""

from __future__ import annotations

import numpy as np

from consensus.core.answers.skills import WorkerSkills
from consensus.core.regions.marks import Marks
from consensus.core.regions.models import Boxes, Mark, newcomers
from labelling.task_types.boxes.gold import is_right
from labelling.task_types.merging import columns_of, decided_of, known_ids, label_ids, learned_of, ppm
from labelling.task_types.votes import CROWD, Decided, Learned, Task

METHOD = "boxes-objects/2"
LEAST_ANSWERS_TO_LEARN = 10
_WORKER = ("ability", "clutter", "confusion", "spread", "bias", "looks")
_OF_CROWD = (
    "labels", "crowd_ability", "crowd_clutter", "visibility_sd", "existence", "objects_per_item", "crowd_spread", "threshold",
)  # fmt: skip


def decide_many(tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
    if not tasks:
        return []
    decisions = Boxes(_known(skills, label_ids(config))).decide(_marks(tasks, config))
    return decided_of(tasks, decisions, _say, is_right, _detail)


def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    """Skills of every annotator and of the crowd, by EM over all looks given."""
    if sum(len(task.votes) for task in tasks) < LEAST_ANSWERS_TO_LEARN:
        return {}
    skills, labels = Boxes().fit(_marks(tasks, config)).skills, label_ids(config)
    rows = list(skills.workers.values())
    recall = float(np.average([row["accuracy"] for row in rows], weights=[max(row["looks"], 1e-9) for row in rows]))
    of_crowd = {"label_ids": labels, **{name: skills.crowd[name] for name in _OF_CROWD}}
    everybody = Learned(of_crowd, {"recall_ppm": ppm(recall)}, sum(skills.answers.values()))
    return learned_of(skills, lambda row: {"label_ids": labels, **{k: row[k] for k in _WORKER}}, _summary, everybody)


def _say(task: Task, one) -> dict:
    boxes = [_box(mark, task.question) for mark in one.value or []]
    return {"boxes": sorted(boxes, key=lambda box: [box[k] for k in ("y", "x", "height", "width", "label")])}


def _box(mark: Mark, question: dict) -> dict:
    """Whole pixels inside the picture; rounding may not push an edge out of it."""
    x, y, width, height = mark.shape
    left, top = min(max(round(x), 0), question["width_px"] - 1), min(max(round(y), 0), question["height_px"] - 1)
    right = min(max(round(x + width), left + 1), question["width_px"])
    bottom = min(max(round(y + height), top + 1), question["height_px"])
    return {"label": mark.label, "x": left, "y": top, "width": right - left, "height": bottom - top}


def _detail(task: Task, one) -> dict:
    """objects: the confidence of each box, ppm, in the order of the boxes."""
    boxes = [_box(mark, task.question) for mark in one.value or []]
    order = sorted(range(len(boxes)), key=lambda i: [boxes[i][k] for k in ("y", "x", "height", "width", "label")])
    sure = [ppm(one.detail["objects"][i].confidence) for i in order]
    return {"detail": {"objects": sure, "missed_ppm": ppm(one.detail["missed"])}}


def _marks(tasks: list[Task], config: dict) -> Marks:
    labels = label_ids(config)
    items, annotators, drawn = columns_of(tasks, lambda value: [b for b in value["boxes"] if b["label"] in labels])
    shapes = [[(box["x"], box["y"], box["width"], box["height"]) for box in boxes] for boxes in drawn]
    names = [[box["label"] for box in boxes] for boxes in drawn]
    return Marks.from_rows(items, annotators, shapes, names, labels=labels, **known_ids(tasks))


def _known(skills: dict[str, dict], labels: list[str]) -> WorkerSkills:
    """Skills for these labels; whoever is unknown works as people do before anything is known of them."""
    fitting = {name: row for name, row in skills.items() if row.get("label_ids") == labels}
    stranger, crowd = newcomers(labels), fitting.pop(CROWD, None)
    if crowd is None:
        return stranger
    own = {name: {key: row[key] for key in _WORKER} for name, row in fitting.items()}
    return WorkerSkills(own, {**stranger.crowd, **{key: crowd[key] for key in _OF_CROWD}}, labels=labels)


def _summary(row: dict) -> dict:
    return {
        "recall_ppm": ppm(row["accuracy"]),
        "false_marks_per_look_ppm": ppm(row["clutter"]),
        "edge_error_ppm": ppm(row["spread"]),
        "accuracy_ppm": ppm(row["accuracy"]),
    }
