from __future__ import annotations

import html
import re
from collections.abc import Sequence

from labelling.formats.stretches import Stretch, Stretches, cues, text_of

_MOMENT = re.compile(r"(?:(\d{2,}):)?(\d\d):(\d\d)\.(\d{3})")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_TAG = re.compile(r"<[^>]*>")


def is_one(start: str, name: str) -> bool:
    return name.lower().endswith(".vtt") and start.startswith("WEBVTT")


def read(content: bytes, classes: Sequence[str]) -> tuple[str, Stretches]:
    """It names no sound; ValueError for what is none."""
    text = text_of(content)
    if not text.startswith("WEBVTT"):
        raise ValueError("it is no WebVTT: its first line is not WEBVTT.")
    return "", Stretches(tuple(_cue(*cue) for cue in cues(text, "-->")))


def _cue(start: str, end: str, lines: list[str]) -> Stretch:
    said = " ".join(lines)
    voice = _VOICE.search(said)
    plain = html.unescape(_TAG.sub("", said)).strip()
    labels = (html.unescape(voice[1]).strip() if voice else "", plain)
    return Stretch(tuple(filter(None, dict.fromkeys(labels))), _ms(start), _ms(end))


def _ms(moment: str) -> int:
    found = _MOMENT.fullmatch(moment)
    if found is None:
        raise ValueError(f"{moment[:40]} is no time: hh:mm:ss.mmm is.")
    hours, minutes, seconds, thousandths = (int(part or 0) for part in found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
