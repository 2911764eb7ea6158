"""text: free text, NFC, line ends and outer spaces trimmed, 1 to 5,000 code points."""

import unicodedata
from collections.abc import Mapping

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys

MAX_CODE_POINTS = 5000


def parse(value, question: dict) -> dict:
    text = exact_keys(value, {"text"}, "value")["text"]
    if not isinstance(text, str):
        raise BadAnswer("value.text", "value.text must be text.")
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if not 1 <= len(text) <= MAX_CODE_POINTS:
        raise BadAnswer("value.text", f"value.text must hold 1 to {MAX_CODE_POINTS} characters.")
    if any(unicodedata.category(c) in ("Cs", "Cc") and c not in "\n\t" for c in text):
        raise BadAnswer("value.text", "value.text holds control characters: remove them.")
    return {"text": text}


def relabel(value: dict, into: Mapping[str, str]) -> dict:
    """A text has no labels."""
    return value


def labels_in(value: dict) -> set[str]:
    return set()
