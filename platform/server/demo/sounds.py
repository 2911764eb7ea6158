"""Sounds made for the demo: a bell, a drum, a bird; and short rhythms to write down. Seeded."""

from __future__ import annotations

import io

import numpy as np
import soundfile

RATE_HZ = 16_000
KINDS = ("bell", "bird", "drum")


def single_sound(seed: int) -> tuple[bytes, str]:
    """Two seconds of one thing: (WAV bytes, which)."""
    kind = KINDS[seed % len(KINDS)]
    rng = np.random.default_rng(seed)
    t = np.arange(2 * RATE_HZ) / RATE_HZ
    make = {"bell": _bell, "drum": _drum, "bird": _bird}[kind]
    return _wav(make(t, rng) + rng.normal(0, 0.004, t.size)), kind


def rhythm(seed: int) -> tuple[bytes, str]:
    """Long and short tones: (WAV bytes, the words to write, for example "long short short")."""
    rng = np.random.default_rng(500 + seed)
    words = [("short", "long")[int(bit)] for bit in rng.integers(0, 2, rng.integers(3, 6))]
    parts = [np.zeros(RATE_HZ // 4)]
    for word in words:
        length = RATE_HZ // 2 if word == "long" else RATE_HZ // 7
        t = np.arange(length) / RATE_HZ
        fade = np.minimum(1, np.minimum(t, t[::-1]) / 0.01)
        parts += [0.5 * fade * np.sin(2 * np.pi * 523 * t), np.zeros(RATE_HZ // 5)]
    return _wav(np.concatenate(parts)), " ".join(words)


def _bell(t: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    low = rng.uniform(400, 700)
    partials = ((1, 1.2), (2.76, 2.5), (5.4, 4))
    tones = [0.3 * np.exp(-decay * t) * np.sin(2 * np.pi * low * ratio * t) for ratio, decay in partials]
    return np.sum(tones, axis=0)


def _drum(t: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    out = np.zeros(t.size)
    for start in np.arange(0.1, 1.9, rng.uniform(0.3, 0.6)):
        since = np.clip(t - start, 0, None)
        pitch = 70 + 90 * np.exp(-30 * since)
        out += (t >= start) * 0.8 * np.exp(-14 * since) * np.sin(2 * np.pi * pitch * since)
    return out


def _bird(t: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    out = np.zeros(t.size)
    for start in np.arange(0.15, 1.8, rng.uniform(0.22, 0.4)):
        since = np.clip(t - start, 0, None)
        inside = (t >= start) & (since < 0.12)
        out += inside * 0.4 * np.sin(2 * np.pi * (2600 + 9000 * since + 250 * np.sin(80 * since)) * since)
    return out


def _wav(samples: np.ndarray) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, np.clip(samples, -1, 1).astype(np.float32), RATE_HZ, format="WAV", subtype="PCM_16")
    return out.getvalue()
