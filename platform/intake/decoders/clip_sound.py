"""The sound of a clip: as loud as any sound is made, in time with its pictures, as AAC. Runs in the child of intake.zygote only.

It is decoded and levelled like a sound by itself (decoders/audio.py), into Opus beside the clip, and from there block by block into each
rendition: memory does not grow with the length.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile

from intake.decoders import audio
from intake.decoders.compressed import Decoded, damage_notes, sound_in
from intake.errors import Unsafe

RATE_HZ = audio.RATE_HZ
BITS_A_SECOND = 32_000
FRAME = 1_024  # samples of an AAC frame


class ClipSound:
    """What was heard: its file and its peaks."""

    def __init__(self, path: Path, drawn: dict) -> None:
        self.path, self._drawn = path, drawn

    def fitted(self, duration_ms: int) -> dict:
        """Its peaks for as long as there are pictures: silence where the sound is over before, nothing of what goes on behind."""
        peaks, sounded_ms = self._drawn["peaks"], max(self._drawn["duration_ms"], 1)
        count = max(1, round(len(peaks) * duration_ms / sounded_ms))
        activity = [(start, min(end, duration_ms)) for start, end in self._drawn["activity"] if start < duration_ms]
        return {"peaks": [*peaks, *[0] * (count - len(peaks))][:count], "activity": activity}

    def into(self, target) -> _Track:
        return _Track(self.path, target)


class _Track:
    """The sound as it is written into one rendition, up to the moment that the pictures have reached."""

    def __init__(self, path: Path, target) -> None:
        self._file = soundfile.SoundFile(path)
        self._target, self._stream = target, target.add_stream("aac", rate=RATE_HZ)
        self._stream.codec_context.layout = "mono"
        self._stream.codec_context.bit_rate = BITS_A_SECOND
        self._stream.codec_context.thread_count = 1
        self._at = 0  # samples written

    def up_to(self, ms: int) -> None:
        while self._at < ms * RATE_HZ // 1000 and len(samples := self._file.read(FRAME, dtype="float32")):
            frame = av.AudioFrame.from_ndarray(samples[None, :], format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, self._at, Fraction(1, RATE_HZ)
            self._target.mux(self._stream.encode(frame))
            self._at += len(samples)

    def close(self) -> None:
        self._target.mux(self._stream.encode())
        self._file.close()


def of(path: Path, decoder: str, out: Path, pictures) -> tuple[ClipSound | None, list[str]]:
    """The first sound of the clip, and what is to be said of it; None where it cannot be had. `pictures`: the stream that it goes with."""
    try:
        made, level, damaged = _encoded(path, decoder, out, pictures, audio.AS_IT_IS)
        if level.remedy() != audio.AS_IT_IS:
            made, _, _ = _encoded(path, decoder, out, pictures, level.remedy())
        drawn = json.loads((out / "peaks.json").read_text())
    except (Unsafe, av.error.FFmpegError):
        drawn = {"peaks": []}
    if not drawn["peaks"]:  # also where a decoder was found, and got nothing out of it
        return None, ["Its sound cannot be read and was left out."]
    return ClipSound(out / made["variants"]["opus"]["file"], drawn), [*damage_notes(damaged), *level.notes()]


def _encoded(path: Path, decoder: str, out: Path, pictures, hearing):
    with path.open("rb") as file, av.open(file, format=decoder) as clip:
        decoded = Decoded(clip)
        blocks = _in_time(decoded.blocks(), _late_s(sound_in(clip), pictures), decoded.rate_hz)
        made, level = audio.encode(blocks, decoded.rate_hz, out, hearing)
        return made, level, decoded.damaged


def _late_s(sound, pictures) -> float:
    """How much later than the pictures the sound begins; less than zero where it begins before them."""
    begins = [(one.start_time or 0) * float(one.time_base or 0) for one in (sound, pictures)]
    return begins[0] - begins[1]


def _in_time(blocks: Iterator[np.ndarray], late_s: float, rate_hz: int) -> Iterator[np.ndarray]:
    """Silence before what begins late; without what is heard before the first picture."""
    over = round(-late_s * rate_hz)
    for block in blocks:
        if over < 0:
            yield from _silence(-over, block)
            over = 0
        kept = block[over:]
        over -= len(block) - len(kept)
        if len(kept):
            yield kept


def _silence(samples: int, like: np.ndarray) -> Iterator[np.ndarray]:
    """In pieces, for a container may say any time."""
    piece = 48_000
    for start in range(0, min(samples, 600 * piece), piece):
        yield np.zeros((min(piece, samples - start), like.shape[1]), like.dtype)
