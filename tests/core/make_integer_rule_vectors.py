"""Writes vectors/integer_rule.json, the golden vectors that Python and the phone share. Run it when the rule changes."""

import json
from pathlib import Path

import numpy as np

from consensus.core import Votes, decide
from consensus.core.labels.integer_rule import EXP_BITS, EXP_SHIFT, UNIT, exp_units
from consensus.core.labels.softening import Softening

PATH = Path(__file__).parent / "vectors" / "integer_rule.json"
RULE = [
    "votes is a list of [worker, answer] codes; their order does not matter.",
    "score[k] = prior[k] + sum over votes of tables[worker][answer][k].",
    "decision = the code of the highest score; a tie goes to the smallest code.",
    "gap[k] = floor(power * (best score - score[k]) / (1024 + correlation * max(number of votes - 1, 0))).",
    "E(d) for an integer d >= 0: 0 when d >= 2^15; else start with x = 2^26 and for j = 0..14, if bit j of d is set, "
    "x = floor(x * exp_bits[j] / 2^26).",
    "soft = floor(1000000 * 2^26 / sum over k of E(gap[k])).",
    "confidence_ppm = floor(((1000000 - shared_ppm) * soft + floor(1000000 * shared_ppm / number of labels)) / 1000000), at most 999999.",
    "All products stay below 2^53: plain JavaScript numbers are exact.",
]
GAPS = [0, 1, 2, 3, 512, 709, 1023, 1024, 5000, 10240, 16384, 20000, 32767, 32768, 10**6]


def cases(rng: np.random.Generator):
    """(name, prior, tables, votes, softening): a few by hand, then random ones."""
    plain = np.full((2, 2, 2), -2357)
    plain[:, [0, 1], [0, 1]] = -108
    yield "two workers agree", [-710, -710], plain, [[0, 1], [1, 1]]
    yield "an exact tie goes to the smaller code", [-710, -710], plain, [[0, 1], [1, 0]]
    yield "no votes: the prior alone", [-1000, -479], plain, []
    yield "the same worker twice counts twice", [-710, -710], plain, [[0, 1], [0, 1], [1, 0]]
    yield "one label only", [0], np.array([[[-3]]]), [[0, 0]]
    yield "far apart: confidence is a full million", [-710, -710], plain * 5, [[0, 0], [1, 0]] * 5
    for number in range(24):
        n_workers, n_labels = int(rng.integers(1, 6)), int(rng.integers(2, 7))
        tables = rng.integers(-4000, 1, (n_workers, n_labels, n_labels))
        votes = np.column_stack([rng.integers(0, n_workers, number % 9), rng.integers(0, n_labels, number % 9)])
        soft = Softening(*(int(rng.integers(0, most)) for most in (3000, 1025, 600_000)))
        yield f"random {number}", rng.integers(-3000, 1, n_labels).tolist(), tables, votes.tolist(), soft


PLAIN = Softening(1024, 0, 0)


def solve(name, prior, tables, votes, softening=PLAIN):
    tables = np.asarray(tables)
    workers, answers = [v[0] for v in votes], [v[1] for v in votes]
    codes = [np.array(c, dtype=int) for c in ([0] * len(votes), workers, answers)]
    decided = decide(Votes.from_codes(*codes, 1, len(tables), len(prior)), tables, np.array(prior), softening)
    return {
        "name": name,
        "prior": prior,
        "tables": tables.tolist(),
        "votes": votes,
        "softening": softening.published(),
        "score": decided.scores[0].tolist(),
        "decision": int(decided.labels[0]),
        "confidence_ppm": int(decided.confidence_ppm[0]),
    }


def build() -> dict:
    return {
        "rule": RULE,
        "unit_per_nat": UNIT,
        "exp_shift": EXP_SHIFT,
        "exp_bits": list(EXP_BITS),
        "exp": [{"d": d, "E": int(exp_units(np.array(d)))} for d in GAPS],
        "cases": [solve(*case) for case in cases(np.random.default_rng(1))],
    }


if __name__ == "__main__":
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(json.dumps(build(), indent=1) + "\n")
