"""Draws docs/consensus.png: calibration over the twelve sets, and accuracy against answers used (from stopping.json)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from crowd_sets import TWELVE, read_set  # noqa: E402

from consensus.core import auto, dawid_skene, majority_vote  # noqa: E402
from consensus.core.metrics.measures import reliability  # noqa: E402

METHODS = {"auto": auto, "Dawid-Skene": dawid_skene, "majority": majority_vote}


def calibration(axes: plt.Axes) -> None:
    sets = [read_set(name) for name in TWELVE]
    axes.plot([0, 1], [0, 1], color="0.7", lw=1)
    for name, method in METHODS.items():
        rows = [np.array(reliability(method(votes).posteriors, truth)) for votes, truth in sets]
        confidence, accuracy, share = np.concatenate(rows, axis=1)
        place = np.minimum((confidence * 10).astype(int), 9)
        weight = np.bincount(place, weights=share, minlength=10)
        used = weight > 0
        x, y = (
            np.bincount(place, weights=share * v, minlength=10)[used] / weight[used] for v in (confidence, accuracy)
        )
        axes.plot(x, y, marker="", lw=1.2, label=name)
        axes.scatter(x, y, s=120 * weight[used] / weight.max())
    axes.set(
        xlabel="confidence",
        ylabel="accuracy",
        title="Calibration, mean of twelve sets",
        xlim=(0.2, 1.02),
        ylim=(0.2, 1.02),
    )
    axes.legend(frameon=False)


def saving(axes: plt.Axes) -> None:
    saved = json.loads((ROOT / "benchmarks" / "results" / "stopping.json").read_text())
    for colour, (name, row) in zip(plt.cm.tab10.colors, saved["sets"].items(), strict=False):
        curve = np.array([np.nan if y is None else y for y in row["curves"]["ours"]])
        axes.plot(saved["grid"], curve, color=colour, lw=1.5, label=name)
        axes.axhline(row["majority_on_all"], color=colour, ls="--", lw=0.8)
    axes.set(
        xlabel="share of all answers used", ylabel="accuracy", title="Accuracy against answers used", xlim=(0, 0.85)
    )
    axes.legend(frameon=False, fontsize=8)


if __name__ == "__main__":
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.5))
    calibration(left)
    saving(right)
    figure.tight_layout()
    figure.savefig(ROOT / "docs" / "consensus.png", dpi=80)
