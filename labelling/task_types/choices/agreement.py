"""choices: MASI, Jaccard times how the sets lie to each other (R. Passonneau, LREC 2006: consensus.core.sets.sets)."""

import numpy as np

from consensus.core.sets.sets import masi


def agreement(a: dict, b: dict, question: dict) -> float:
    named = sorted({*a["labels"], *b["labels"]})
    ours, theirs = (np.array([[label in one["labels"] for label in named]], dtype=bool) for one in (a, b))
    return float(masi(ours, theirs)[0])
