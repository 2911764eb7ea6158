"""spans: labelled stretches of the item's text, [start, end) in Unicode code points; an empty list says "nothing here".

They may overlap and lie in one another; the same stretch with the same label stands once.
"""

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys, label_of, whole_number
from labelling.task_types.marks import MarkList

MAX_SPANS = 500
_KEYS = {"label", "start", "end"}


def _span(span, question: dict, path: str) -> dict:
    body, text = exact_keys(span, _KEYS, path), question["text"]
    start = whole_number(body["start"], f"{path}.start", 0, max(len(text) - 1, 0))
    end = whole_number(body["end"], f"{path}.end", start + 1, len(text))
    if not text[start:end].strip():
        raise BadAnswer(path, f"{path} marks nothing but white space.")
    return {"label": label_of(body["label"], question, f"{path}.label"), "start": start, "end": end}


def place(span: dict) -> tuple:
    return span["start"], span["end"], span["label"]


def _twice(span: dict) -> str:
    return f"marks {span['start']} to {span['end']} twice with one label"


_MARKS = MarkList("spans", MAX_SPANS, _span, place, _twice)
parse, relabel, labels_in = _MARKS.parse, _MARKS.relabel, _MARKS.labels_in
