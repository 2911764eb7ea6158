"""How alike are many small multinomials: the concentration of their common Dirichlet prior (empirical Bayes)."""

from __future__ import annotations

import numpy as np
from scipy.special import digamma

EXPECTED = 4.0  # pseudo-answers; also the strength of priors in shrink.py
BELIEF = 10.0  # the Gamma prior of the concentration weighs about as much as so many multinomials
LEAST, MOST = 0.5, 200.0


def learn_concentration(counts: np.ndarray, mean: np.ndarray, concentration: float) -> float:
    """One fixed-point step for s in counts (W, K) ~ multinomial(p_w), p_w ~ Dirichlet(s * mean), mean (K,) > 0.

    The minorant of T. P. Minka, Estimating a Dirichlet distribution, 2000 (equation 55 for a known mean) with
    s ~ Gamma(1 + BELIEF, rate BELIEF / EXPECTED). The counts are expected ones, which look more alike than real ones
    do; without the prior, s would creep to infinity. The result lies between LEAST and MOST.
    """
    share = concentration * mean
    gained = (share * (digamma(counts + share) - digamma(share))).sum()
    spent = (digamma(counts.sum(axis=1) + concentration) - digamma(concentration)).sum()
    return float(np.clip((gained + BELIEF) / (spent + BELIEF / EXPECTED), LEAST, MOST))
