"""What share of the answers people gave themselves, and how far that is known.

A worker is found to let models answer for her, or not (machines.py): a test that finds an honest one in a hundred at most, and who does it
with the power that planting shows in her own items. From such a test the share of those who do is estimated without anybody whose
standing is known (L. Joseph, T. W. Gyorkos and L. Coupal, American Journal of Epidemiology 141 (1995),
doi:10.1093/oxfordjournals.aje.a117428): in turn, who does it, given how common that is, and how common it is, given who does, with
Jeffreys' prior Beta(1/2, 1/2). The interval is that of the share of *these* answers: nobody is drawn from a larger crowd. A worker with too
few answers to be found counts by what is common among the others, and widens it.

Only what the models compared could show is in it: a share "as far as these models tell".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .machines import HONEST_FLAGGED, Machines

ROUNDS, FIRST, SEED = 2000, 200, 17  # FIRST: left out, the start is forgotten by then


@dataclass(frozen=True)
class HumanShare:
    """share of the answers within [low, high] with 95 %; answers: of how many, workers: by how many, flagged: found of them."""

    share: float
    low: float
    high: float
    answers: int
    workers: int
    flagged: int


def human_share(found: Machines, answers: np.ndarray) -> HumanShare | None:
    """answers (W,): how many of each are meant. None where there are none, or no model answered what any of them did. The same
    numbers give the same share: draws are seeded. ValueError for another shape."""
    answers = np.asarray(answers, dtype=float)
    if answers.shape != found.log_e.shape:
        raise ValueError(f"answers must be {found.log_e.shape} numbers, not {answers.shape}.")
    meant = answers > 0
    if not meant.any() or not (found.nearest[meant] >= 0).any():
        return None
    answers, flagged, power = answers[meant], found.flagged[meant], found.power[meant]
    if_machine = np.where(flagged, power, 1 - power)
    if_human = np.where(flagged, HONEST_FLAGGED, 1 - HONEST_FLAGGED)
    draws = 1 - _machines(if_machine, if_human) @ answers / answers.sum()
    low, share, high = np.quantile(draws, [0.025, 0.5, 0.975])
    return HumanShare(float(share), float(low), float(high), int(answers.sum()), len(answers), int(flagged.sum()))


def _machines(if_machine: np.ndarray, if_human: np.ndarray) -> np.ndarray:
    """(ROUNDS, W) bool: who lets models answer, drawn given how often what was seen of each is seen if she does, or does not."""
    rng, common, drawn = np.random.default_rng(SEED), 0.5, []
    for _ in range(FIRST + ROUNDS):
        weight = common * if_machine
        is_machine = rng.random(len(weight)) * (weight + (1 - common) * if_human) < weight
        common = rng.beta(0.5 + is_machine.sum(), 0.5 + (~is_machine).sum())
        drawn.append(is_machine)
    return np.array(drawn[FIRST:])
