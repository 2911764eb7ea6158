"""segments: labelled stretches of a sound or a clip, [start_ms, end_ms) in milliseconds; an empty list says "nothing here".

They may overlap, as voices do; the same stretch with the same label stands once.
"""

from labelling.task_types.fields import exact_keys, label_of, whole_number
from labelling.task_types.marks import MarkList

MAX_SEGMENTS = 500
LEAST_MS = 100  # consensus.core.regions.segments takes what is shorter for a sliver between two people's ends
_KEYS = {"label", "start_ms", "end_ms"}


def _segment(segment, question: dict, path: str) -> dict:
    body, long_ms = exact_keys(segment, _KEYS, path), question["duration_ms"]
    start_ms = whole_number(body["start_ms"], f"{path}.start_ms", 0, max(long_ms - LEAST_MS, 0))
    end_ms = whole_number(body["end_ms"], f"{path}.end_ms", start_ms + LEAST_MS, long_ms)
    return {"label": label_of(body["label"], question, f"{path}.label"), "start_ms": start_ms, "end_ms": end_ms}


def place(segment: dict) -> tuple:
    return segment["start_ms"], segment["end_ms"], segment["label"]


def _twice(segment: dict) -> str:
    return f"marks {segment['start_ms']} to {segment['end_ms']} ms twice with one label"


_MARKS = MarkList("segments", MAX_SEGMENTS, _segment, place, _twice)
parse, relabel, labels_in = _MARKS.parse, _MARKS.relabel, _MARKS.labels_in
