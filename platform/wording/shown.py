"""Where a sentence is read: the screens that say it, or the piece of the server that it comes from. Found in the code, once a process."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.conf import settings

from wording.sentences import PHONE, Sentence, languages, sentences

_BEGUN = 24  # a sentence is known by its beginning: long ones are written over several lines
_KEY = re.compile(r'["`]([a-z_]+(?:\.[a-z_0-9]+)+)')
_QUOTED = re.compile(rf'"((?:[^"\\\n]|\\.){{1,{_BEGUN}}})')
_OTHERS = {"migrations", "node_modules", ".venv", "testing"}
MOST = 3


def where(sentence: Sentence) -> str:
    """Phone: WalletScreen, PayoutSheet. Server: return lease."""
    said = _screens().get(sentence.key) if sentence.source == PHONE else _pieces().get(_begin(sentence.english))
    if sentence.file.startswith("platform/console"):
        said = ["pages of the console"]
    if not said:
        said = [Path(sentence.file).stem if sentence.source == PHONE else "sign-in, mails and others"]
        if Path(sentence.file).parent.name == "phone":
            said = [Path(sentence.file).parents[1].name]
    return ", ".join(dict.fromkeys(said[:MOST]))


def _begin(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")[:_BEGUN]


@cache
def _screens() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    source = Path(settings.PHONE_LOCALES).parent / "src"
    for path in sorted(source.rglob("*.ts*")):
        if ".test." not in path.name:
            for key in _KEY.findall(path.read_text(encoding="utf-8")):
                found.setdefault(key, []).append(path.stem)
    return found


@cache
def _pieces() -> dict[str, list[str]]:
    wanted = {_begin(one.english) for one in sentences(languages()[0]).values()} if languages() else set()
    found: dict[str, list[str]] = {}
    for room in ("platform", "labelling", "ml_assist", "consensus"):
        for path in sorted(Path(settings.ROOT, room).rglob("*.py")):
            if not _OTHERS & set(path.parts):
                for begun in wanted.intersection(_QUOTED.findall(path.read_text(encoding="utf-8"))):
                    found.setdefault(begun, []).append(path.stem.replace("_", " "))
    return found
