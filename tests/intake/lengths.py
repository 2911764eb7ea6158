"""Sounds and clips whose container says another length than they have: made here, whole first, then spoilt."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import numpy as np

from tests.intake.files import tone

RATE_HZ = 48_000


def mp3(seconds: float, rate_hz: int = 44_100) -> bytes:
    """Of changing bit rate, with the Xing header that the encoder wrote."""
    return tone(seconds, rate_hz, format="MP3", bitrate_mode="VARIABLE", compression_level=0.5)


def without_xing(content: bytes) -> bytes:
    """The first frame, which holds the header and no sound, taken out."""
    return content[content.index(content[:2], _xing(content)) :]


def with_xing_of(content: bytes, frames: int) -> bytes:
    at = _xing(content) + 8
    return content[:at] + struct.pack(">I", frames) + content[at + 4 :]


def _xing(content: bytes) -> int:
    return max(content.find(b"Xing"), content.find(b"Info"))


def cut(content: bytes, share: float = 0.5) -> bytes:
    return content[: int(len(content) * share)]


def encoded(folder: Path, container: str, codec: str, seconds: float) -> bytes:
    """By FFmpeg, the index of an MP4 at its start, as what is meant for the web has it."""
    path = folder / f"made.{container}"
    options = {"movflags": "+faststart"} if container in ("ipod", "mp4") else {}
    with av.open(str(path), "w", format=container, options=options) as target:
        (_pictures if codec == "libx264" else _sound)(target, codec, seconds)
    return path.read_bytes()


def _sound(target, codec: str, seconds: float) -> None:
    stream = target.add_stream(codec, rate=RATE_HZ, layout="mono")
    chance = np.random.default_rng(5)  # noise: a cut in the middle of the bytes is one in the middle of the time
    wave = chance.normal(0, 0.1, int(seconds * RATE_HZ)).astype(np.float32).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(wave, format="fltp", layout="mono")
    frame.rate, frame.pts = RATE_HZ, 0
    resampler = av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=RATE_HZ)
    for part in [*resampler.resample(frame), None]:
        target.mux(stream.encode(part))


def _pictures(target, codec: str, seconds: float) -> None:
    stream = target.add_stream(codec, rate=10, options={"g": "10"})
    stream.width = stream.height = 64
    stream.pix_fmt = "yuv420p"
    chance = np.random.default_rng(5)
    for _ in range(int(seconds * 10)):
        picture = chance.integers(0, 255, (64, 64, 3), dtype=np.uint8)
        target.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
    target.mux(stream.encode())
