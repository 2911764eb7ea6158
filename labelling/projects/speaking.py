"""The server's own voice: espeak-ng, where it is installed. A sound of a machine is better than none, and worse than a person's."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

from django.conf import settings

SECONDS = 60
WORDS_A_MINUTE = "145"  # slower than its own 175: for who listens in her second or third language
# Of Markdown, what is heard as noise: marks of headings, lists, emphasis, code, and the address of a link.
_MARKS = (
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"(?m)^\s{0,3}(#{1,6}|>|[-*+]|\d+[.)])\s+"), ""),
    (re.compile(r"[*_`~|]+"), ""),
)


@cache
def _voices(command: str) -> frozenset[str]:
    """Languages as espeak-ng names them, such as sw, pt, fr-fr, cmn; none where it is not there."""
    if not command:
        return frozenset()
    listed = subprocess.run([command, "--voices"], capture_output=True, text=True, timeout=SECONDS, check=True).stdout
    return frozenset(line.split()[1].lower() for line in listed.splitlines()[1:] if len(line.split()) > 1)


def voice_of(language: str) -> str | None:
    """The name of a voice for a language, which may be named more narrowly there (fr-fr) or otherwise (cmn); None: it has none."""
    wanted, base = language.lower(), language.lower().partition("-")[0]
    base = {"zh": "cmn"}.get(base, base)
    known = _voices(settings.ESPEAK_NG)
    return next((one for one in (wanted, base, f"{base}-{base}") if one in known), None) or next(
        (one for one in sorted(known) if one.partition("-")[0] == base), None
    )


def speaks(language: str) -> bool:
    return voice_of(language) is not None


def spoken_words(markdown: str) -> str:
    """What is read out; a line that ends without a mark is a sentence of its own."""
    text = markdown
    for mark, kept in _MARKS:
        text = mark.sub(kept, text)
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line if line[-1] in ".!?:;,。！？" else f"{line}." for line in lines if line)


def speak(markdown: str, language: str, path: Path) -> None:
    """Writes the sound, a WAV. The words go in by standard input: nothing of them is an argument."""
    command = [
        settings.ESPEAK_NG,
        "-v",
        str(voice_of(language)),
        "-s",
        WORDS_A_MINUTE,
        "-b",
        "1",
        "--stdin",
        "-w",
        str(path),
    ]
    subprocess.run(command, input=spoken_words(markdown).encode(), timeout=SECONDS, check=True, capture_output=True)
