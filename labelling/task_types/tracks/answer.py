"""tracks: objects that move through a clip, each a box over key frames; an empty list says "nothing here".

A key frame is [t_ms, x, y, width, height] in milliseconds and whole pixels of the upright original. Between two of them the box moves in a
straight line; before the first and after the last the object is not there.
"""

from itertools import pairwise

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys, label_of, whole_number
from labelling.task_types.marks import MarkList

MAX_TRACKS = 100
MAX_KEYS = 400  # of one track: what consensus.core.regions.tracks compares
FIGURES = ("t_ms", "x", "y", "width", "height")


def _track(track, question: dict, path: str) -> dict:
    body = exact_keys(track, {"label", "keys"}, path)
    keys = body["keys"]
    if not isinstance(keys, list) or not 1 <= len(keys) <= MAX_KEYS:
        raise BadAnswer(f"{path}.keys", f"{path}.keys must be a list of 1 to {MAX_KEYS} key frames.")
    parsed = sorted(_key(key, question, f"{path}.keys[{i}]") for i, key in enumerate(keys))
    if any(one[0] == other[0] for one, other in pairwise(parsed)):
        raise BadAnswer(f"{path}.keys", f"{path}.keys has two key frames at one time: send one.")
    return {"label": label_of(body["label"], question, f"{path}.label"), "keys": parsed}


def _key(key, question: dict, path: str) -> list[int]:
    if not isinstance(key, list) or len(key) != len(FIGURES):
        raise BadAnswer(path, f"{path} must be a list of {', '.join(FIGURES)}.")
    t_ms = whole_number(key[0], f"{path}[0]", 0, question["duration_ms"])
    x = whole_number(key[1], f"{path}[1]", 0, question["width_px"] - 1)
    y = whole_number(key[2], f"{path}[2]", 0, question["height_px"] - 1)
    width = whole_number(key[3], f"{path}[3]", 1, question["width_px"] - x)
    return [t_ms, x, y, width, whole_number(key[4], f"{path}[4]", 1, question["height_px"] - y)]


def place(track: dict) -> tuple:
    return track["keys"], track["label"]


_MARKS = MarkList("tracks", MAX_TRACKS, _track, place, twice=lambda track: "has one track twice")
parse, relabel, labels_in = _MARKS.parse, _MARKS.relabel, _MARKS.labels_in
