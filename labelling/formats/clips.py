"""The decided clips of a release, as formats of frames see them: every object with its box at each frame in which it is there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from labelling.formats.frozen import Frozen
from labelling.formats.pictures import pictures
from labelling.formats.zips import Stems
from labelling.task_types.drawing import Track
from labelling.task_types.label_names import names_in

USUAL_RATE = 25.0  # frames a second of a clip whose frames were not counted: one that came before they were


@dataclass(frozen=True)
class Clip:
    """`stem` is its name without an ending, no two alike. Frames count from 0, each as long as the others: where they are not, a frame's
    number is that of its time."""

    stem: str
    name: str
    width_px: int
    height_px: int
    duration_ms: int
    frames: int
    tracks: list[tuple[Track, str]]  # each with what its label is called

    @property
    def rate(self) -> float:
        """Frames a second."""
        return self.frames * 1000 / max(self.duration_ms, 1)

    def frame_of(self, ms: float) -> int:
        return min(max(round(ms * self.rate / 1000), 0), self.frames - 1)

    def boxes(self, track: Track) -> Iterator[tuple[int, float, float, float, float]]:
        """(frame, x, y, width, height) of every frame from its first key frame to its last."""
        for frame in range(self.frame_of(track.start_ms), self.frame_of(track.end_ms) + 1):
            yield frame, *box_at(track, frame * 1000 / self.rate)


def box_at(track: Track, ms: float) -> tuple[float, float, float, float]:
    """On the straight line between two key frames; before the first and after the last as there."""
    times = [key[0] for key in track.keys]
    after = min(max(bisect_right(times, ms), 1), len(times) - 1) if len(times) > 1 else 0
    b, a = track.keys[after], track.keys[max(after - 1, 0)]
    share = min(max((ms - a[0]) / (b[0] - a[0]), 0.0), 1.0) if b[0] > a[0] else 1.0
    x, y, width, height = (a[k] + (b[k] - a[k]) * share for k in (1, 2, 3, 4))
    return x, y, width, height


def clips(frozen: Frozen) -> Iterator[Clip]:
    """One that nobody has decided is left out: without marks it would say that nothing is there."""
    stems = Stems()
    for number, name, row in pictures(frozen):
        media, names = row["media"], names_in(row["decision"])
        duration_ms = media["duration_ms"] or 1
        frames = media.get("frames") or max(1, round(duration_ms * USUAL_RATE / 1000))
        tracks = [(one, names[one.label]) for one in frozen.shapes(row)]
        size = media["width_px"] or 0, media["height_px"] or 0
        yield Clip(stems.of(name, number), name, *size, duration_ms, frames, tracks)
