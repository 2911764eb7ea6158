"""What a file beside a sound or a clip states of it: stretches of time, before anybody has heard it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from labelling.formats.frozen import Frozen
from labelling.formats.pictures import pictures
from labelling.formats.zips import Stems, zipped
from labelling.task_types.drawing import Range
from labelling.task_types.label_names import names_in


@dataclass(frozen=True)
class Stretch:
    """labels: what it may mean, the likeliest first. Milliseconds."""

    labels: tuple[str, ...]
    start_ms: float
    end_ms: float


@dataclass(frozen=True)
class Stretches:
    """All of one sound."""

    marks: tuple[Stretch, ...]


@dataclass(frozen=True)
class Recording:
    """A decided sound as the writers see it: `stem` is its name without an ending, no two alike."""

    stem: str
    duration_ms: int
    ranges: list[tuple[Range, str]]  # each with what its label is called


def recordings(frozen: Frozen) -> Iterator[Recording]:
    """One that nobody has decided is left out: without marks it would say that nothing is there."""
    stems = Stems()
    for number, name, row in pictures(frozen):
        names = names_in(row["decision"])
        drawn = [(one, names[one.label]) for one in frozen.shapes(row)]
        yield Recording(stems.of(name, number), row["media"]["duration_ms"] or 0, drawn)


def a_file_each(frozen: Frozen, ending: str, write) -> Iterator[bytes]:
    """A zip with a file beside each sound; write(recording) gives its text."""
    return zipped((f"{one.stem}.{ending}", write(one).encode()) for one in recordings(frozen))


def text_of(content: bytes) -> str:
    """ValueError, a sentence, for what is no text. Praat writes UTF-16, with its mark, where a label needs it."""
    try:
        return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is no UTF-8 text.") from None


def stem_of(name: str) -> str:
    path = PurePosixPath(name)
    return (path.with_suffix("") if path.name else path).as_posix()


def one_line(name: str) -> str:
    return " ".join(name.split())


def stamp(ms: float, point: str) -> str:
    """hh:mm:ss.mmm, as subtitles write it."""
    whole = round(ms)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}{point}{whole % 1000:03}"


def cues(text: str, arrow: str) -> Iterable[tuple[str, str, list[str]]]:
    """(start, end, the lines below) of every cue of a file of subtitles; what stands between them is passed over."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if arrow in line:
            start, _, rest = line.partition(arrow)
            below = []
            for said in lines[number + 1 :]:
                if not said.strip() or arrow in said:
                    break
                below.append(said)
            yield start.strip(), (rest.split() or [""])[0], below
