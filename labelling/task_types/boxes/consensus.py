"""boxes: marks matched into objects, then existence x label x place; see consensus.core.regions.boxes for the model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from consensus.core.regions.boxes import learn_box_skills, merge_boxes
from consensus.core.regions.marks import Marks, marks_from_rows
from consensus.core.regions.objects import Skills, default_skills
from labelling.task_types.boxes.gold import is_right
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
    labels = [label["id"] for label in config["labels"]]
    annotators = sorted({vote.annotator for task in tasks for vote in task.votes})
    merged = merge_boxes(_marks(tasks, annotators, labels), _stack(annotators, skills, labels))
    return [_decided(task, item, labels) for task, item in zip(tasks, merged, strict=True)]


def _decided(task: Task, merged, labels: list[str]) -> Decided:
    objects = [_box(found, labels, task.question) for found in merged.objects]
    order = sorted(range(len(objects)), key=lambda i: [objects[i][k] for k in ("y", "x", "height", "width", "label")])
    value = {"boxes": [objects[i] for i in order]}
    return Decided(
        value=value,
        confidence_ppm=min(round(1e6 * merged.confidence), 999_999),
        agreement_ppm=round(1e6 * merged.agreement) if np.isfinite(merged.agreement) else 1_000_000,
        agreed=[is_right(vote.value, value, task.question) for vote in task.votes],
        detail={
            "objects": [round(1e6 * merged.objects[i].confidence) for i in order],  # confidence of each box, ppm
            "missed_ppm": round(1e6 * merged.missed),
        },
    )


def _box(found, labels: list[str], question: dict) -> dict:
    """Whole pixels inside the picture; rounding may not push an edge out of it."""
    x, y, width, height = found.shape
    left, top = min(max(round(x), 0), question["width_px"] - 1), min(max(round(y), 0), question["height_px"] - 1)
    right = min(max(round(x + width), left + 1), question["width_px"])
    bottom = min(max(round(y + height), top + 1), question["height_px"])
    return {"label": labels[found.label], "x": left, "y": top, "width": right - left, "height": bottom - top}


def _marks(tasks: list[Task], annotators: list[str], labels: list[str]) -> Marks:
    code_of, label_of = {name: i for i, name in enumerate(annotators)}, {name: i for i, name in enumerate(labels)}
    rows = []
    for place, task in enumerate(tasks):
        for vote in task.votes:
            boxes = [box for box in vote.value["boxes"] if box["label"] in label_of]
            shapes = [(box["x"], box["y"], box["width"], box["height"]) for box in boxes]
            rows.append((place, code_of[vote.annotator], shapes, [label_of[box["label"]] for box in boxes]))
    return marks_from_rows(rows, n_items=len(tasks), n_workers=len(annotators), n_labels=len(labels))


def _stack(annotators: list[str], skills: dict[str, dict], labels: list[str]) -> Skills:
    """Skills row by row; whoever is unknown works as the crowd does."""
    stacked = default_skills(len(annotators), len(labels))
    crowd = skills.get(CROWD)
    if not crowd or crowd.get("label_ids") != labels:
        return stacked
    of_crowd = {name: np.array(crowd[name]) if name == "labels" else crowd[name] for name in _OF_CROWD}
    known = [skills[name] if skills.get(name, {}).get("label_ids") == labels else None for name in annotators]
    columns = {}
    for name in _WORKER:
        default = getattr(stacked, name)
        columns[name] = np.array([default[i] if row is None else row[name] for i, row in enumerate(known)], dtype=float)
    return replace(stacked, **columns, **of_crowd)


def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    """Skills of every annotator and of the crowd, by EM over all looks given."""
    labels = [label["id"] for label in config["labels"]]
    annotators = sorted({vote.annotator for task in tasks for vote in task.votes})
    if sum(len(task.votes) for task in tasks) < LEAST_ANSWERS_TO_LEARN:
        return {}
    fitted = learn_box_skills(_marks(tasks, annotators, labels))
    learned = {
        name: Learned(
            {"label_ids": labels, **{field: np.asarray(getattr(fitted, field)[i]).tolist() for field in _WORKER}},
            {
                "recall_ppm": round(1e6 * float(fitted.recall[i])),
                "false_marks_per_look_ppm": round(1e6 * float(fitted.clutter[i])),
                "edge_error_ppm": round(1e6 * float(fitted.spread[i])),
                "accuracy_ppm": round(1e6 * float(fitted.recall[i])),
            },
            int(fitted.looks[i]),
        )
        for i, name in enumerate(annotators)
    }
    crowd = {name: np.asarray(getattr(fitted, name)).tolist() for name in _OF_CROWD}
    recall = float(np.average(fitted.recall, weights=np.maximum(fitted.looks, 1e-9)))
    learned[CROWD] = Learned(
        {"label_ids": labels, **crowd}, {"recall_ppm": round(1e6 * recall)}, int(fitted.looks.sum())
    )
    return learned
