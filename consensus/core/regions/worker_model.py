"""What is believed and known of the workers who mark objects (objects.py has the model)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SMALLEST = 1e-6

GRID = np.linspace(-2.4, 2.4, 7)  # visibility in units of its standard deviation

ORACLE_ABILITY = 8.0  # logit of a worker whose looks are the truth


@dataclass(frozen=True)
class ObjectPrior:
    """What is believed before any answer: general knowledge, fitted to no data set. Strengths are pseudo-counts."""

    recall: float = 0.7
    echo: float = 0.05
    existence: float = 0.5
    clutter_per_look: float = 0.3
    label_accuracy: float = 0.8
    ability_sd: float = 1.0
    effort_sd: float = 1.0
    visibility_sd: float = 1.5
    objects_per_item: float = 1.0
    strength: float = 10.0


DEFAULT_PRIOR = ObjectPrior()


@dataclass(frozen=True)
class Skills:
    """What is known of W workers, and of the crowd. Rows are independent: tables of single workers can be stacked.

    ability: (W,) logit of the chance to mark an object of middling visibility. clutter: (W,) false marks per look.
    confusion: (W, K, K), row k = labels given to objects of label k. looks: (W,) answers behind the figures.
    spread: (W,), bias: (W, D) localisation error and displacement in units of the object's size, for methods that place coordinates.
    labels: (K,) shares. Of the crowd: ability, clutter, spread, visibility_sd, existence (share of candidates that are real),
    objects_per_item and threshold (least confidence of an object that is kept).
    """

    ability: np.ndarray
    clutter: np.ndarray
    confusion: np.ndarray
    spread: np.ndarray
    bias: np.ndarray
    looks: np.ndarray
    labels: np.ndarray
    crowd_ability: float
    crowd_clutter: float
    visibility_sd: float
    existence: float
    objects_per_item: float
    crowd_spread: float = 0.08
    threshold: float = 0.5

    @property
    def recall(self) -> np.ndarray:
        """(W,) chance of marking a real object, averaged over visibility."""
        return sigmoid(self.ability[:, None] + self.visibility_sd * GRID) @ visibility_weights()

    @property
    def precision(self) -> np.ndarray:
        """(W,) chance that a mark is of a real object: of what is marked in a look, the share that is no clutter."""
        real = self.recall * self.objects_per_item
        return real / np.maximum(real + self.clutter, SMALLEST)


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)) of an array (M,) of log odds, without overflow."""
    return 1.0 / (1.0 + np.exp(-np.clip(x, -40, 40)))


def visibility_weights() -> np.ndarray:
    """(G,) weights of GRID under a standard normal distribution; they sum to 1."""
    density = np.exp(-0.5 * GRID**2)
    return density / density.sum()


def default_skills(
    n_workers: int, n_labels: int = 1, n_coordinates: int = 4, prior: ObjectPrior = DEFAULT_PRIOR
) -> Skills:
    """Skills of workers of whom nothing is known yet."""
    flat = np.ones(n_workers)
    ability = float(np.log(prior.recall / (1 - prior.recall)))
    return Skills(
        ability=flat * ability,
        clutter=flat * prior.clutter_per_look,
        confusion=np.tile(one_coin(prior.label_accuracy, n_labels), (n_workers, 1, 1)),
        spread=flat * Skills.crowd_spread,
        bias=np.zeros((n_workers, n_coordinates)),
        looks=flat * 0.0,
        labels=np.full(n_labels, 1.0 / n_labels),
        crowd_ability=ability,
        crowd_clutter=prior.clutter_per_look,
        visibility_sd=prior.visibility_sd,
        existence=prior.existence,
        objects_per_item=prior.objects_per_item,
    )


def one_coin(accuracy: float, n_labels: int) -> np.ndarray:
    """(K, K) confusion that is right with `accuracy` and spreads the rest evenly."""
    if n_labels == 1:
        return np.ones((1, 1))
    wrong = (1 - accuracy) / (n_labels - 1)
    return np.full((n_labels, n_labels), wrong) + np.eye(n_labels) * (accuracy - wrong)
