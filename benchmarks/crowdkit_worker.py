"""crowd-kit methods on one table of labels; runs inside the environment of crowdkit_environment.py."""

import json
import resource
import sys
import time
import warnings

import numpy as np
import pandas as pd
from crowdkit import aggregation

warnings.simplefilter("ignore")


def table_of(source):
    if source.startswith("synthetic:"):
        columns = np.load(source.removeprefix("synthetic:"))
        return pd.DataFrame({"task": columns["items"], "worker": columns["workers"], "label": columns["answers"]})
    table = pd.read_csv(source, dtype=str)
    table.columns = ["task", "worker", "label"]
    return table


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(method, options, table, out):
    before, wall, cpu = peak_mb(), time.perf_counter(), time.process_time()
    model = getattr(aggregation, method)(**options)
    probabilities = model.fit_predict_proba(table) if hasattr(model, "fit_predict_proba") else decisions(model, table)
    report = {"method": method, "wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
    report |= {"peak_mb": peak_mb(), "loaded_mb": before, "n_iter": len(getattr(model, "loss_history_", []) or [])}
    probabilities = probabilities.fillna(0).sort_index()
    items, labels = probabilities.index.to_numpy(), probabilities.columns.to_numpy()
    np.savez(out, posteriors=probabilities.to_numpy(float), items=items.astype(str), labels=labels.astype(str))
    print(json.dumps(report), flush=True)


def decisions(model, table):
    """KOS and MMSR decide without a confidence: the decided label has all of it."""
    names, coded = sorted(table["label"].unique()), table
    if type(model).__name__ == "KOS":  # knows the labels 0 and 1 only
        coded = table.assign(label=table["label"].map({name: code for code, name in enumerate(names)}))
    chosen = model.fit_predict(coded)
    chosen = chosen.map(dict(enumerate(names))) if coded is not table else chosen
    return pd.get_dummies(chosen).reindex(columns=names, fill_value=0).astype(float)


def main(job):
    table = table_of(job["source"])
    for method, out in job["methods"].items():
        run(method, job["options"], table, out)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
