"""Where something is heard: proposals of stretches, to start from. Runs in the child of intake.zygote only.

Endpoints by level with two thresholds: L. R. Rabiner and M. R. Sambur, An Algorithm for Determining the Endpoints of Isolated Utterances,
Bell System Technical Journal 54 (1975), doi:10.1002/j.1538-7305.1975.tb02840.x, whose constants these are. The level is the mean magnitude
of 10 ms; a stretch is where it stays over the lower threshold and reaches the upper one in it. What they take from a silence before the
utterance, is here the level that a tenth of the frames lie below. Pauses shorter than 250 ms belong to speaking itself (F. Goldman-Eisler,
Psycholinguistics, 1968), so they part nothing; what is shorter than 100 ms is no stretch.
"""

from __future__ import annotations

import numpy as np

FRAME_MS = 10
QUIET_SHARE = 0.1
LEAST_LEVEL = 0.001  # of full scale: -60 dB, which nobody hears
PAUSE_MS, LEAST_MS = 250, 100
MOST = 400  # stretches of one sound: what is cut into more is not helped by them


class Activity:
    """Fed with mono samples in order, one after the other."""

    def __init__(self, rate_hz: int) -> None:
        self._frame = rate_hz * FRAME_MS // 1000
        self._rest = np.zeros(0, np.float32)
        self._levels: list[np.ndarray] = []

    def add(self, samples: np.ndarray) -> None:
        loud = np.abs(np.concatenate([self._rest, samples]))
        whole = len(loud) // self._frame * self._frame
        self._levels.append(loud[:whole].reshape(-1, self._frame).mean(axis=1))
        self._rest = loud[whole:]

    def stretches(self, duration_ms: int) -> list[tuple[int, int]]:
        """[start, end) in milliseconds, in order; none of a sound that is silent, or equally loud all the time."""
        return stretches_of(np.concatenate([np.zeros(0), *self._levels]), duration_ms)


def stretches_of(levels: np.ndarray, duration_ms: int) -> list[tuple[int, int]]:
    """levels: (frames,) mean magnitude of each 10 ms, 1.0 = full scale."""
    if not len(levels):
        return []
    low, high = _thresholds(levels)
    runs = [run for run in _runs(levels > low) if levels[run[0] : run[1]].max() > high]
    joined = _joined([(start * FRAME_MS, min(end * FRAME_MS, duration_ms)) for start, end in runs])
    found = [(start, end) for start, end in joined if end - start >= LEAST_MS]
    return found if len(found) <= MOST else []


def _thresholds(levels: np.ndarray) -> tuple[float, float]:
    quiet, peak = max(float(np.quantile(levels, QUIET_SHARE)), 0.0), float(levels.max())
    low = max(min(0.03 * (peak - quiet) + quiet, 4 * quiet), LEAST_LEVEL)
    return low, 5 * low


def _runs(on: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _joined(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in runs:
        if found and start - found[-1][1] < PAUSE_MS:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
