"""The .po files of this project (no contexts, no plurals): read, and written again with other words and nothing else changed."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_ENTRY = re.compile(rf"^msgid ((?:{_QUOTED}\s*)+)^msgstr ({_QUOTED}(?:\s*{_QUOTED})*)", re.MULTILINE)


def read(text: str) -> dict[str, str]:
    """English -> translation, in the order of the file; its head is left out."""
    found = {_joined(entry[1]): _joined(entry[2]) for entry in _ENTRY.finditer(text)}
    return {english: said for english, said in found.items() if english}


def rewritten(text: str, changed: Mapping[str, str]) -> str:
    """The file with these translations in the places of what stood there."""

    def write(entry: re.Match[str]) -> str:
        english = _joined(entry[1])
        if english not in changed:
            return entry[0]
        return f"msgid {entry[1]}msgstr {json.dumps(changed[english], ensure_ascii=False)}"

    return _ENTRY.sub(write, text)


def _joined(quoted: str) -> str:
    return "".join(ast.literal_eval(one) for one in re.findall(_QUOTED, quoted))
