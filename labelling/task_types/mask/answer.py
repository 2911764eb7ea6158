"""mask: the area of each label, as run lengths on a grid over the picture (grid.py); an empty list says "nothing here".

`counts` is COCO's text of run lengths (runs.py), `size` the grid's height and width, so that each mask is one that pycocotools reads. A
cell has one label at most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys, label_of
from labelling.task_types.marks import labels_of
from labelling.task_types.mask.grid import grid_of
from labelling.task_types.runs import mask_of, runs_of, shared, shortest, size_inside, text_of, text_of_mask

MAX_BYTES = 256 * 1024  # of the run lengths of an answer
_KEYS = {"label", "size", "counts"}


def parse(value, question: dict) -> dict:
    """Canonical form: runs of no pixels taken out; the masks in the order of their labels' ids."""
    masks = exact_keys(value, {"masks"}, "value")["masks"]
    if not isinstance(masks, list) or len(masks) > len(question["labels"]):
        raise BadAnswer("value.masks", "value.masks must be a list of at most one mask for each label.")
    bodies = [exact_keys(one, _KEYS, f"value.masks[{i}]") for i, one in enumerate(masks)]
    if sum(len(one["counts"]) for one in bodies if isinstance(one["counts"], str)) > MAX_BYTES:
        raise BadAnswer(
            "value.masks", f"value.masks may hold {MAX_BYTES // 1024} kB of counts in all: send less detail."
        )
    parsed = [_mask(one, question, f"value.masks[{i}]") for i, one in enumerate(bodies)]
    _check_apart(parsed)
    return {"masks": sorted(parsed, key=place)}


def _mask(body: dict, question: dict, path: str) -> dict:
    label = label_of(body["label"], question, f"{path}.label")
    size = list(grid_of(question["width_px"], question["height_px"]))
    if body["size"] != size or any(isinstance(side, bool) for side in body["size"]):
        raise BadAnswer(f"{path}.size", f"{path}.size must be {size}: height and width of the grid over this picture.")
    return {"label": label, "size": size, "counts": _counts(body["counts"], size, f"{path}.counts")}


def _counts(counts, size: list[int], path: str) -> str:
    if not isinstance(counts, str):
        raise BadAnswer(path, f"{path} must be a text: run lengths as COCO writes them.")
    try:
        runs = shortest(runs_of(counts))
    except ValueError:
        raise BadAnswer(path, f"{path} must be run lengths as COCO writes them: this cannot be read.") from None
    if sum(runs) != size[0] * size[1]:
        raise BadAnswer(path, f"{path} must add up to the {size[0]} x {size[1]} cells of the grid.")
    if not size_inside(runs):
        raise BadAnswer(path, f"{path} hold no cell: leave this mask out.")
    return text_of(runs)


def _check_apart(masks: Sequence[dict]) -> None:
    runs = [runs_of(one["counts"]) for one in masks]
    for k, one in enumerate(masks):
        for j in range(k):
            if one["label"] == masks[j]["label"]:
                raise BadAnswer(f"value.masks[{k}].label", f"value.masks[{k}].label is there twice: join its masks.")
            if shared(runs[k], runs[j]):
                raise BadAnswer(
                    f"value.masks[{k}].counts", f"value.masks[{k}].counts lie over another mask: a cell has one label."
                )


def relabel(value: dict, into: Mapping[str, str]) -> dict:
    """The same answer, each label called what it is one with now; areas of labels that are one now are joined."""
    named = [{**mask, "label": into.get(mask["label"], mask["label"])} for mask in value["masks"]]
    return {"masks": sorted(joined(named), key=place)}


def joined(masks: Sequence[dict]) -> list[dict]:
    """One mask a label."""
    by: dict[str, list[dict]] = {}
    for one in masks:
        by.setdefault(one["label"], []).append(one)
    return [ones[0] if len(ones) == 1 else _union(ones) for ones in by.values()]


def _union(ones: Sequence[dict]) -> dict:
    whole = np.any([mask_of(one["size"], one["counts"]) for one in ones], axis=0)
    return {**ones[0], "counts": text_of_mask(whole)}


def apart(masks: Sequence[dict]) -> list[dict]:
    """Each cell stays with the first mask that holds it; those that keep none are left out."""
    kept, taken = [], None
    for one in masks:
        mine = mask_of(one["size"], one["counts"])
        left = mine if taken is None else mine & ~taken
        taken = mine if taken is None else taken | mine
        if left.any():
            kept.append(one if (left == mine).all() else {**one, "counts": text_of_mask(left)})
    return kept


def labels_in(value: dict) -> set[str]:
    return labels_of(value["masks"])


def place(mask: dict) -> str:
    return mask["label"]
