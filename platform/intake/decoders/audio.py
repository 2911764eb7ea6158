"""A sound to Opus (Ogg, 16 kHz, mono), its peaks for drawing a waveform, and where something is heard.

Runs in the child of intake.zygote only. Everything goes block by block, so memory does not grow with the length.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
import soxr

from intake import limits
from intake.decoders.activity import Activity
from intake.decoders.loudness import Hearing, Level
from intake.errors import Unsafe

RATE_HZ = 16_000
BLOCK_S = 1
PEAK_SAMPLES = 320  # 20 ms
PEAKS = 15_000  # at most, whatever the length: five minutes of 20 ms, for ends are set by looking close
FORMATS = ("WAV", "WAVEX", "RF64")
AS_IT_IS = Hearing()


def decode(path: Path, decoder: str, out: Path) -> dict:
    """A WAV; all other sounds come from decoders/compressed.py."""
    missing_bytes = check_wav_header(path)
    with soundfile.SoundFile(path) as sound:
        if sound.format not in FORMATS:
            raise Unsafe("file", f"The sound is {sound.format} inside another format's wrapping.")
        made, level = encode(_blocks(sound), sound.samplerate, out)
        if level.remedy() != AS_IT_IS:
            sound.seek(0)
            made, _ = encode(_blocks(sound), sound.samplerate, out, level.remedy())
    cut = "The file is cut off: its header speaks of more sound than there is. What is there was taken."
    return made | {"notes": [*([cut] if missing_bytes else []), *level.notes()]}


def _blocks(sound: soundfile.SoundFile) -> Iterator[np.ndarray]:
    """To the real end. Not `sound.blocks()`, which goes by the header and gives its last block again for what is missing."""
    while len(block := sound.read(sound.samplerate * BLOCK_S, dtype="float32", always_2d=True)):
        yield block


def check_wav_header(path: Path) -> int:
    """Refuse what players read in different ways: lengths and sizes that were never filled in, a format that is none.
    How many bytes of sound are missing at the end."""
    with path.open("rb") as file:
        magic, riff_bytes = struct.unpack("<4sI4x", file.read(12))
        if magic == b"RIFF" and riff_bytes == 0:
            raise Unsafe("file", "The WAV header says that the file has no length: save it again.")
        seen_format = False
        while len(header := file.read(8)) == 8:
            name, size_bytes = struct.unpack("<4sI", header)
            if name == b"data":
                _check_wav_data(magic, size_bytes, seen_format)
                there_bytes = path.stat().st_size - file.tell()
                return max(0, size_bytes - there_bytes) if magic == b"RIFF" else 0
            if name == b"fmt ":
                _check_wav_format(file.read(16).ljust(16, b"\0"))
                file.seek(-16, 1)
                seen_format = True
            file.seek(size_bytes + size_bytes % 2, 1)
    raise Unsafe("file", "The WAV file has no sound in it.")


def _check_wav_data(magic: bytes, size_bytes: int, seen_format: bool) -> None:
    if magic == b"RIFF" and size_bytes == 0xFFFFFFFF:
        raise Unsafe("file", "The WAV header does not say how long the sound is: save it again.")
    if not seen_format:
        raise Unsafe("file", "The WAV file does not say its format before its sound.")


def _check_wav_format(fmt: bytes) -> None:
    tag, channels, rate_hz, _, block_align, bits = struct.unpack("<HHIIHH", fmt)
    if not 1 <= channels <= 64 or not 1_000 <= rate_hz <= 768_000:
        raise Unsafe("file", f"The WAV header is wrong: {channels} channels at {rate_hz} Hz.")
    if tag in (1, 3) and (bits not in (8, 16, 24, 32, 64) or block_align != channels * bits // 8):
        raise Unsafe("file", f"The WAV header is wrong: {bits} bits in frames of {block_align} bytes.")


def encode(blocks: Iterator[np.ndarray], rate_hz: int, out: Path, hearing: Hearing = AS_IT_IS) -> tuple[dict, Level]:
    """`blocks`: float32 arrays of shape (frames, channels). Returns the kind, the real length and the variants, and how loud it is:
    what is not heard is encoded again, with the level's remedy."""
    if not 1_000 <= rate_hz <= 768_000:
        raise Unsafe("file", f"The sound has {rate_hz} samples a second: from 1,000 to 768,000 are taken.")
    peaks, level = Peaks(), Level()
    resampler = soxr.ResampleStream(rate_hz, RATE_HZ, 1, dtype="float32", quality=soxr.MQ)
    with soundfile.SoundFile(out / "opus.ogg", "w", RATE_HZ, 1, format="OGG", subtype="OPUS") as opus:
        frames = 0
        for block in blocks:
            frames += len(block)
            if frames * 1000 > limits.AUDIO_MS * rate_hz:
                raise Unsafe("file", f"The sound is longer than {limits.AUDIO_MS // 60_000} minutes.")
            level.add(block)
            _write(resampler.resample_chunk(hearing.mono(block)), opus, peaks)
        _write(resampler.resample_chunk(np.zeros(0, np.float32), last=True), opus, peaks)
    if frames == 0:
        raise Unsafe("file", "There is no sound in the file.")
    duration_ms = max(1, round(frames * 1000 / rate_hz))
    (out / "peaks.json").write_text(peaks.as_json(duration_ms))
    variants = {
        "opus": {"file": "opus.ogg", "type": "audio/ogg"},
        "peaks": {"file": "peaks.json", "type": "application/json"},
    }
    return {"kind": "audio", "duration_ms": duration_ms, "variants": variants}, level


def _write(samples: np.ndarray, opus: soundfile.SoundFile, peaks: Peaks) -> None:
    if len(samples):
        opus.write(samples.clip(-1, 1))
        peaks.add(samples)


class Peaks:
    """The loudest sample of every 20 ms, 0..255; of longer steps when there would be more than PEAKS. And the stretches with sound."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.float32)
        self._parts: list[np.ndarray] = []
        self._activity = Activity(RATE_HZ)

    def add(self, samples: np.ndarray) -> None:
        self._activity.add(samples)
        loud = np.abs(np.concatenate([self._rest, samples]))
        whole = len(loud) // PEAK_SAMPLES * PEAK_SAMPLES
        self._parts.append(loud[:whole].reshape(-1, PEAK_SAMPLES).max(axis=1, initial=0))
        self._rest = loud[whole:]

    def as_json(self, duration_ms: int) -> str:
        last = [np.array([self._rest.max()])] if len(self._rest) else []
        loud = np.concatenate([*self._parts, *last])
        step = -(-len(loud) // PEAKS) or 1
        padded = np.pad(loud, (0, -len(loud) % step)).reshape(-1, step).max(axis=1)
        levels = (padded.clip(0, 1) * 255).round().astype(int).tolist()
        drawn = {"version": 1, "duration_ms": duration_ms, "peaks": levels}
        return json.dumps(drawn | {"activity": self._activity.stretches(duration_ms)}, separators=(",", ":"))
