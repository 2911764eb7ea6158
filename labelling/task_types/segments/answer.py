"""segments: labelled stretches of a sound or a clip, [start_ms, end_ms) in milliseconds; an empty list says "nothing here".

They may overlap, as voices do; the same stretch with the same label stands once.
"""

from collections.abc import Mapping
from itertools import pairwise

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys, label_of, whole_number
from labelling.task_types.marks import labels_of, relabelled

MAX_SEGMENTS = 500
LEAST_MS = 100  # consensus.core.regions.segments takes what is shorter for a sliver between two people's ends
_KEYS = {"label", "start_ms", "end_ms"}


def parse(value, question: dict) -> dict:
    """Canonical order: by start, end, label."""
    segments = exact_keys(value, {"segments"}, "value")["segments"]
    if not isinstance(segments, list) or len(segments) > MAX_SEGMENTS:
        raise BadAnswer("value.segments", f"value.segments must be a list of at most {MAX_SEGMENTS} segments.")
    parsed = sorted((_segment(one, question, f"value.segments[{i}]") for i, one in enumerate(segments)), key=place)
    for one, other in pairwise(parsed):
        if one == other:
            at = f"{one['start_ms']} to {one['end_ms']} ms"
            raise BadAnswer("value.segments", f"value.segments marks {at} twice with one label: send it once.")
    return {"segments": parsed}


def _segment(segment, question: dict, path: str) -> dict:
    body, long_ms = exact_keys(segment, _KEYS, path), question["duration_ms"]
    start_ms = whole_number(body["start_ms"], f"{path}.start_ms", 0, max(long_ms - LEAST_MS, 0))
    end_ms = whole_number(body["end_ms"], f"{path}.end_ms", start_ms + LEAST_MS, long_ms)
    return {"label": label_of(body["label"], question, f"{path}.label"), "start_ms": start_ms, "end_ms": end_ms}


def relabel(value: dict, into: Mapping[str, str]) -> dict:
    """The same answer, each label called what it is one with now; in canonical order."""
    return {"segments": relabelled(value["segments"], into, place)}


def labels_in(value: dict) -> set[str]:
    return labels_of(value["segments"])


def place(segment: dict) -> tuple:
    return segment["start_ms"], segment["end_ms"], segment["label"]
