"""spans: labelled stretches of the item's text, [start, end) in Unicode code points; an empty list says "nothing here".

They may overlap and lie in one another; the same stretch with the same label stands once.
"""

from collections.abc import Mapping
from itertools import pairwise

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys, label_of, whole_number
from labelling.task_types.marks import labels_of, relabelled

MAX_SPANS = 500
_KEYS = {"label", "start", "end"}


def parse(value, question: dict) -> dict:
    """Canonical order: by start, end, label."""
    spans = exact_keys(value, {"spans"}, "value")["spans"]
    if not isinstance(spans, list) or len(spans) > MAX_SPANS:
        raise BadAnswer("value.spans", f"value.spans must be a list of at most {MAX_SPANS} spans.")
    parsed = sorted((_span(span, question, f"value.spans[{i}]") for i, span in enumerate(spans)), key=place)
    for one, other in pairwise(parsed):
        if one == other:
            at = f"{one['start']} to {one['end']}"
            raise BadAnswer("value.spans", f"value.spans marks {at} twice with one label: send it once.")
    return {"spans": parsed}


def _span(span, question: dict, path: str) -> dict:
    body, text = exact_keys(span, _KEYS, path), question["text"]
    start = whole_number(body["start"], f"{path}.start", 0, max(len(text) - 1, 0))
    end = whole_number(body["end"], f"{path}.end", start + 1, len(text))
    if not text[start:end].strip():
        raise BadAnswer(path, f"{path} marks nothing but white space.")
    return {"label": label_of(body["label"], question, f"{path}.label"), "start": start, "end": end}


def relabel(value: dict, into: Mapping[str, str]) -> dict:
    """The same answer, each label called what it is one with now; in canonical order."""
    return {"spans": relabelled(value["spans"], into, place)}


def labels_in(value: dict) -> set[str]:
    return labels_of(value["spans"])


def place(span: dict) -> tuple:
    return span["start"], span["end"], span["label"]
