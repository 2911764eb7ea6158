"""What a text changes of another, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from labelling.task_types.drawing import Change

_WORD = re.compile(r"\w+|[^\w\s]|\s+")
MAX_WORDS = 4000  # more are compared as wholes: the matcher's time grows with the square


def changes_of(before: str, after: str) -> list[Change]:
    """The stretches of both in order: kept, taken out, put in. Words, signs and blanks are compared each as one; a script without blanks
    by its letters."""
    old, new = _words(before), _words(after)
    if len(old) + len(new) > MAX_WORDS:
        return [Change("out", before), Change("in", after)] if before != after else [Change("same", before)]
    found: list[Change] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Change("same", "".join(old[a:b])))
            continue
        found += [Change("out", "".join(old[a:b]))] if b > a else []
        found += [Change("in", "".join(new[c:d]))] if d > c else []
    return found


_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


def _words(text: str) -> list[str]:
    return [sign for word in _WORD.findall(text) for sign in (word if _UNSPACED.search(word) else [word])]
