"""The .po files of this project (no contexts): read, and written again with other words and nothing else changed."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from typing import NamedTuple

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_TEXT = rf"{_QUOTED}(?:\s*{_QUOTED})*"
_ENTRY = re.compile(
    rf"^msgid (?P<id>{_TEXT})\s*(?:^msgid_plural (?P<plural>{_TEXT})\s*)?(?P<said>(?:^msgstr(?:\[\d\])? {_TEXT}\s*)+)",
    re.MULTILINE,
)
_SAID = re.compile(rf"^(?P<head>msgstr(?:\[(?P<form>\d)\])? )(?P<text>{_TEXT})", re.MULTILINE)


class Key(NamedTuple):
    """What a translation is known by: the English, and its number among the plural forms where it has some."""

    english: str
    form: int | None = None


class Said(NamedTuple):
    """`english`: of all forms but the first that for many."""

    english: str
    text: str


def read(text: str) -> dict[Key, Said]:
    """In the order of the file; its head is left out."""
    found: dict[Key, Said] = {}
    for entry in _ENTRY.finditer(text):
        one, many = _joined(entry["id"]), _joined(entry["plural"] or entry["id"])
        for said in _SAID.finditer(entry["said"]) if one else ():
            key = _key(one, said)
            found[key] = Said(many if key.form else one, _joined(said["text"]))
    return found


def rewritten(text: str, changed: Mapping[Key, str]) -> str:
    """The file with these translations in the places of what stood there."""

    def write(entry: re.Match[str]) -> str:
        def form(said: re.Match[str]) -> str:
            key = _key(_joined(entry["id"]), said)
            return said["head"] + json.dumps(changed[key], ensure_ascii=False) if key in changed else said[0]

        begin, end = entry.span("said")
        return text[entry.start() : begin] + _SAID.sub(form, entry["said"]) + text[end : entry.end()]

    return _ENTRY.sub(write, text)


def _key(english: str, said: re.Match[str]) -> Key:
    return Key(english, None if said["form"] is None else int(said["form"]))


def _joined(quoted: str) -> str:
    return "".join(ast.literal_eval(one) for one in re.findall(_QUOTED, quoted))
