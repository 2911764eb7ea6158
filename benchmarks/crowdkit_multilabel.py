"""crowd-kit's BinaryRelevance on one table of label sets; runs inside the environment of crowdkit_environment.py.

python crowdkit_multilabel.py LABELS_CSV: for each base method one JSON line {"method", "cpu_s", "peak_mb", "sets": {task: [labels]}}.
"""

import json
import resource
import sys
import time
import warnings

import pandas as pd
from crowdkit.aggregation import BinaryRelevance, DawidSkene, MajorityVote

warnings.simplefilter("ignore")
BASES = {"BinaryRelevance(MajorityVote)": MajorityVote(), "BinaryRelevance(DawidSkene)": DawidSkene(n_iter=100)}


def main(path):
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.columns = ["task", "worker", "label"]
    table["label"] = [[label for label in text.split("|") if label] for text in table["label"]]
    for method, base in BASES.items():
        before = time.process_time()
        found = BinaryRelevance(base).fit_predict(table)
        report = {"method": method, "cpu_s": time.process_time() - before}
        report["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({**report, "sets": dict(found)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
