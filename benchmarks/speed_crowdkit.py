"""One method of crowd-kit on one planted crowd, in its own environment: python speed_crowdkit.py METHOD DATA.npz OUT.npz.

Prints one JSON line. The clock runs from a loaded table, as crowd-kit encodes ids itself.
"""

import json
import sys
import time
import warnings

import numpy as np
import pandas as pd
from crowdkit import aggregation
from crowdkit.metrics.data import alpha_krippendorff

warnings.simplefilter("ignore")
CATEGORICAL = {
    "majority_vote": lambda: aggregation.MajorityVote(),
    "weighted_majority": lambda: aggregation.Wawa(),
    "dawid_skene": lambda: aggregation.DawidSkene(n_iter=20, tol=-1e9),
    "dawid_skene_text_ids": lambda: aggregation.DawidSkene(n_iter=20, tol=-1e9),
    "glad": lambda: aggregation.GLAD(),
    "mace": lambda: aggregation.MACE(),
}


def peak_mb():
    """VmHWM; getrusage's maximum would count the parent that started this process."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def table_of(method, data):
    if method == "rover":
        return pd.DataFrame({"task": data["items"], "worker": data["workers"], "text": data["texts"]})
    if method == "pairwise":
        left, right = data["left"], data["right"]
        winner = np.where(data["left_wins"], left, right)
        return pd.DataFrame({"left": left, "right": right, "worker": data["workers"], "label": winner})
    columns = [data[key] for key in ("items", "workers", "answers")]
    if method.endswith("_text_ids"):
        columns = [np.char.add("id-", column.astype(str)).tolist() for column in columns]
    return pd.DataFrame(dict(zip(("task", "worker", "label"), columns, strict=True)))


def fit(method, table):
    if method == "alpha":
        return alpha_krippendorff(table)
    if method == "rover":
        return aggregation.ROVER(tokenizer=str.split, detokenizer=" ".join).fit_predict(table)
    if method == "pairwise":
        return aggregation.NoisyBradleyTerry().fit_predict(table)
    return CATEGORICAL[method]().fit_predict_proba(table)


def answer(method, found):
    if method == "alpha":
        return {"alpha": found}
    found = found.sort_index()
    if method == "rover":
        return {"texts": found.to_numpy(str)}
    if method == "pairwise":
        return {"scores": found.to_numpy(float), "items": found.index.to_numpy(int)}
    found = found.fillna(0).sort_index(axis=1)
    items, labels = found.index.to_numpy(), found.columns.to_numpy()
    if method.endswith("_text_ids"):
        items, labels = items.astype(str), labels.astype(str)
    return {"posteriors": found.to_numpy(float), "items": items, "labels": labels}


def main(method, source, out):
    table = table_of(method, np.load(source))
    loaded, wall, cpu = peak_mb(), time.perf_counter(), time.process_time()
    found = fit(method, table)
    report = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
    report |= {"peak_mb": peak_mb(), "loaded_mb": loaded}
    np.savez(out, **answer(method, found))
    print(json.dumps(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
