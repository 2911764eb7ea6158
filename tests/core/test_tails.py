"""The tails of drawing against SciPy's own distributions, and that whoever only works does not load those."""

import subprocess
import sys

import numpy as np
import pytest
from scipy.stats import binom, hypergeom

from consensus.core.spam.tails import binomial_at_least, binomial_at_most, hypergeometric_at_least


def test_binomial_tails_are_scipys():
    of, hits = (axis.ravel() for axis in np.meshgrid([0, 1, 2, 7, 40, 3000], [0, 1, 2, 6, 7, 8, 40, 41, 2999, 3000]))
    for p in (0.0, 1e-4, 0.3, 0.5, 0.999, 1.0):
        assert binomial_at_least(hits, of, p) == pytest.approx(binom.sf(hits - 1, of, p), rel=1e-9, abs=1e-300)
        assert binomial_at_most(hits, of, p) == pytest.approx(binom.cdf(hits, of, p), rel=1e-9, abs=1e-300)


def test_hypergeometric_tail_is_scipys():
    for of, marked, drawn in [(1, 0, 1), (5, 5, 3), (40, 6, 9), (300, 20, 25), (300, 290, 25)]:
        for hits in range(-1, drawn + 2):
            expected = hypergeom.sf(hits - 1, of, marked, drawn)
            assert hypergeometric_at_least(hits, drawn, marked, of) == pytest.approx(expected, rel=1e-9, abs=1e-14)


def test_scipy_stats_is_not_loaded_to_look_for_abuse():
    said = "import sys, consensus.core.spam as spam; sys.exit('scipy.stats' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", said], check=False).returncode == 0
