from __future__ import annotations

import re
from collections.abc import Sequence

from labelling.formats.stretches import Stretch, Stretches, cues, text_of

_MOMENT = re.compile(r"(\d+):(\d\d):(\d\d)[,.](\d{1,3})")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|\{\\[^}]*\}")  # <i>, {\an8}


def is_one(start: str, name: str) -> bool:
    """One without cues says that nothing is there."""
    return name.lower().endswith(".srt") and ("-->" in start or not start.strip())


def read(content: bytes, classes: Sequence[str]) -> tuple[str, Stretches]:
    """It names no sound; ValueError for what is none."""
    return "", Stretches(tuple(_cue(*cue) for cue in cues(text_of(content), "-->")))


def _cue(start: str, end: str, lines: list[str]) -> Stretch:
    """`Name: what she says` may be meant by its name."""
    said = _TAG.sub("", " ".join(lines)).strip()
    speaker = said.split(":", 1)[0].strip() if ":" in said else ""
    return Stretch(tuple(filter(None, dict.fromkeys((said, speaker)))), _ms(start), _ms(end))


def _ms(moment: str) -> int:
    found = _MOMENT.fullmatch(moment)
    if found is None:
        raise ValueError(f"{moment[:40]} is no time: hh:mm:ss,mmm is.")
    hours, minutes, seconds = (int(part) for part in found.groups()[:3])
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int(found[4].ljust(3, "0"))
