"""Writes vectors/crowdkit_dawid_skene.json from crowd-kit 1.4.2 (pandas 2.3): run it in the environment of
benchmarks/crowdkit_environment.py, not in the project's own."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from crowdkit.aggregation import DawidSkene

PATH = Path(__file__).parent / "vectors" / "crowdkit_dawid_skene.json"


def rows():
    rng = np.random.default_rng(4)
    truth, skill = rng.integers(0, 3, 40), rng.uniform(0.4, 0.95, 8)
    for item in range(40):
        for worker in rng.choice(8, 4, replace=False):
            answer = truth[item] if rng.random() < skill[worker] else rng.integers(0, 3)
            yield item, int(worker), int(answer)


if __name__ == "__main__":
    table = list(rows())
    fit = DawidSkene().fit(pd.DataFrame(table, columns=["task", "worker", "label"]))
    posteriors = fit.probas_.sort_index()[[0, 1, 2]].values.tolist()
    saved = {"source": "crowd-kit 1.4.2 DawidSkene()", "rows": table, "n_iter": len(fit.loss_history_)}
    PATH.write_text(json.dumps(saved | {"posteriors": posteriors}) + "\n")
