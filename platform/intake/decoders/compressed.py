"""A sound in a container that may lie about its length, decoded to its real end. Runs in the child of intake.zygote only.

Headers hold an estimate, or what nobody corrected after files were joined, cut off or written as a stream. So nothing is
believed: every packet is decoded, a damaged one costs itself, and what the header said otherwise is told in `notes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from intake.decoders import audio
from intake.decoders.sound_headers import ends_in_its_last_page, id3_bytes, mp3_said_ms
from intake.errors import Unsafe

DEMUXERS = ("mp3", "ogg", "flac", "aiff", "aac", "amr", "amrnb", "amrwb", "caf", "au", "w64", "wv", "ape", "tta")
_GUESS = ("aac", "amr", "amrnb", "amrwb")  # these say nothing of their length: what FFmpeg says, it reckons
APART_MS = 300  # less is the padding of the codecs
MAX_DAMAGED = 1_000


def decode(path: Path, decoder: str, out: Path) -> dict:
    with path.open("rb") as file:
        decoder = _behind_a_tag(file) or decoder
        with av.open(file, format=decoder) as clip:
            if not clip.streams.audio:
                raise Unsafe("file", "There is no sound in the file.")
            return sound_of(clip, path, decoder, out)


def _behind_a_tag(file) -> str:
    """ID3 is MP3's, but other sounds bear it, too."""
    file.seek(id3_bytes(file))
    found = file.read(4)
    file.seek(0)
    if found == b"fLaC":
        return "flac"
    return "aac" if found[:1] == b"\xff" and found[1:2] in (b"\xf0", b"\xf1", b"\xf8", b"\xf9") else ""


def sound_of(clip, path: Path, decoder: str, out: Path) -> dict:
    """The first sound of an open clip, and what its container said wrongly."""
    decoded = Decoded(clip)
    made, level = audio.encode(decoded.blocks(), decoded.rate_hz, out)
    notes = [*_length_notes(clip, path, decoder, made["duration_ms"]), *damage_notes(decoded.damaged), *level.notes()]
    if level.remedy() != audio.AS_IT_IS:
        with path.open("rb") as file, av.open(file, format=decoder) as again:
            repeated = Decoded(again)
            made, _ = audio.encode(repeated.blocks(), repeated.rate_hz, out, level.remedy())
    return made | {"notes": notes}


def sound_in(clip):
    """The first of its sounds that can be decoded: phones write spatial ones beside it, in forms of their own."""
    for stream in clip.streams.audio:
        if stream.codec_context is not None:
            return stream
    raise Unsafe("file", "Its sound is in a form that cannot be read: send it as AAC, MP3, Opus, FLAC or WAV.")


class Decoded:
    """Blocks of float samples at the first rate seen, whatever the rate of what was joined behind; how many were damaged."""

    def __init__(self, clip) -> None:
        self._clip, self._stream = clip, sound_in(clip)
        self._stream.thread_type = "NONE"
        self.rate_hz = self._stream.rate
        self.damaged = 0

    def blocks(self) -> Iterator[np.ndarray]:
        resampler: av.AudioResampler | None = None
        seen = None
        for frame in frames_of(self._clip, self._stream, self):
            form = (frame.format.name, frame.layout.name, frame.sample_rate)
            if resampler is None or form != seen:
                yield from _drained(resampler)
                resampler, seen = av.AudioResampler(format="fltp", rate=self.rate_hz), form
            frame.pts = None  # times jump where files were joined; the samples follow one another
            for part in resampler.resample(frame):
                yield part.to_ndarray().T
        yield from _drained(resampler)


def _drained(resampler) -> Iterator[np.ndarray]:
    for part in resampler.resample(None) if resampler else ():
        yield part.to_ndarray().T


def frames_of(clip, stream, count) -> Iterator:
    """Every frame to the end of the file; what cannot be decoded is counted in `count.damaged` and passed over."""
    packets = clip.demux(stream)
    while True:
        try:
            frames = next(packets).decode()
        except (StopIteration, av.error.EOFError):
            return
        except av.error.FFmpegError:
            count.damaged += 1
            if count.damaged > MAX_DAMAGED:
                raise Unsafe("file", "The file is damaged in too many places.") from None
            continue
        yield from frames


def _length_notes(clip, path: Path, decoder: str, real_ms: int) -> list[str]:
    if decoder == "ogg":
        if ends_in_its_last_page(path):
            return []
        return [f"The file breaks off before its end: the {seconds(real_ms)} that are there were taken."]
    said_ms = mp3_said_ms(path) if decoder == "mp3" else 0 if decoder in _GUESS else (clip.duration or 0) // 1000
    return length_notes(said_ms, real_ms)


def length_notes(said_ms: int | None, real_ms: int) -> list[str]:
    """One sentence where the header says another length than what could be played."""
    if not said_ms or abs(said_ms - real_ms) <= APART_MS:
        return []
    why = "it is cut off" if real_ms < said_ms else "its header is wrong, or files were joined"
    return [f"The file says it lasts {seconds(said_ms)}, but {seconds(real_ms)} could be played: {why}."]


def damage_notes(damaged: int) -> list[str]:
    return [f"{damaged} damaged pieces of the file were left out."] if damaged else []


def seconds(ms: int) -> str:
    return f"{ms // 60_000}:{ms % 60_000 / 1000:04.1f} min" if ms >= 60_000 else f"{ms / 1000:.1f} s"
