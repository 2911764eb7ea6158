"""JSON of strangers. How deeply it may nest is a bound of ours: the interpreter's own depends on who has moved it, and a parser that
goes beyond the stack ends the process."""

from __future__ import annotations

import json
import re
from typing import Any

MAX_DEPTH = 100
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.S)
_BRACKET = re.compile(r"[\[{\]}]")


class TooDeep(ValueError):
    """Nested more deeply than anything that is asked for."""


def read_json(text: str) -> Any:
    """The value of strict JSON (RFC 8259). ValueError for anything else, TooDeep for what nests beyond MAX_DEPTH."""
    check_depth(text)
    return json.loads(text, parse_constant=_refuse_constant)


def check_depth(text: str, most: int = MAX_DEPTH) -> None:
    """TooDeep for a text that opens more than so many brackets within each other: before any parser sees it."""
    if is_deep(text, most):
        raise TooDeep("nested too deeply")


def is_deep(text: str, most: int = MAX_DEPTH) -> bool:
    """Whether brackets open within each other more than so often; the text begins outside of any string."""
    return text.count("[") + text.count("{") > most and _depth(text) > most


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
