"""The server's own voice: espeak-ng, where it is installed. A sound of a machine is better than none, and worse than a person's."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
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


def _run(command: list[str], heard: bytes = b"") -> bytes:
    """What it prints. It looks for a sound card even when it writes a file, and leaves settings at home: it gets a home that is
    thrown away, and nothing of our surroundings, where the secrets are."""
    with tempfile.TemporaryDirectory() as home:
        surroundings = {"PATH": os.environ.get("PATH", os.defpath), "HOME": home, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(command, input=heard, env=surroundings, timeout=SECONDS, check=True, capture_output=True)
    return done.stdout


@cache
def _voices(command: str) -> frozenset[str]:
    """Languages as espeak-ng names them, such as sw, pt, fr-fr, cmn; none where it is not there."""
    if not command:
        return frozenset()
    listed = _run([command, "--voices"]).decode()
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
    _run(command, spoken_words(markdown).encode())
