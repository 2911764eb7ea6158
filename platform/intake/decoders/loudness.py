"""How loud a sound is, and what is done so that it is heard: nothing, unless it would not be."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log10, sqrt

import numpy as np

SILENT = 0.001  # of full scale: -60 dB
QUIET, LOUD_ENOUGH, MAX_GAIN = 0.05, 0.5, 100.0
CANCELLED = 0.01  # of the channels' power is left when they are mixed
ALIKE = 0.5  # correlation of two channels of the same scene


@dataclass(frozen=True)
class Hearing:
    """How the channels become one. The same for the whole sound, so that loud stays louder than soft."""

    gain: float = 1.0
    left_alone: bool = False

    def mono(self, block: np.ndarray) -> np.ndarray:
        one = block[:, 0] if self.left_alone else block.mean(axis=1, dtype=np.float32)
        return np.nan_to_num(one * np.float32(self.gain), posinf=1.0, neginf=-1.0).clip(-1, 1)


@dataclass
class Level:
    """Measured block by block, on the channels as they came."""

    peak: float = 0.0
    mixed: float = 0.0  # power
    powers: np.ndarray = field(default_factory=lambda: np.zeros(2))
    cross: float = 0.0

    def add(self, block: np.ndarray) -> None:
        block = np.nan_to_num(block[:, :2].astype(np.float64), posinf=1.0, neginf=-1.0)
        self.peak = max(self.peak, float(np.abs(block).max(initial=0)))
        self.mixed += float((block.mean(axis=1) ** 2).sum())
        pair = block if block.shape[1] == 2 else np.repeat(block, 2, axis=1)
        self.powers += (pair**2).sum(axis=0)
        self.cross += float((pair[:, 0] * pair[:, 1]).sum())

    def remedy(self) -> Hearing:
        """What must be done so that it is heard."""
        audible = SILENT <= self.peak < QUIET
        gain = min(MAX_GAIN, LOUD_ENOUGH / self.peak) if audible else 1.0
        return Hearing(gain, left_alone=self.peak >= SILENT and self.mixed < CANCELLED * self.powers.mean())

    def notes(self) -> list[str]:
        done = self.remedy()
        said = []
        if self.peak < SILENT:
            return ["It is silent: nothing can be heard in it."]
        if done.left_alone:
            said.append("Its two channels cancel each other out: the left one alone is heard.")
        elif self._differ():
            said.append("Its left and right channel differ, as in an interview: both are heard, as one.")
        if done.gain > 1:
            said.append(f"It is very quiet: it was made louder by {round(20 * log10(done.gain))} dB, all of it alike.")
        return said

    def _differ(self) -> bool:
        least, most = sorted(self.powers)
        return least > most * CANCELLED and abs(self.cross) < ALIKE * sqrt(least * most)
