"""crowd-kit's rankings of one table of comparisons; runs inside the environment of crowdkit_environment.py.

python crowdkit_pairs.py CSV with the columns worker, left, right, label (the winner; it knows no ties): for each method
one JSON line {"method", "cpu_s", "scores": {item: score}}.
"""

import json
import sys
import time
import warnings

import pandas as pd
from crowdkit.aggregation import BradleyTerry, NoisyBradleyTerry

warnings.simplefilter("ignore")


def main(path):
    table = pd.read_csv(path, dtype=str)
    for method in (BradleyTerry(n_iter=100), NoisyBradleyTerry()):
        began = time.process_time()
        scores = method.fit_predict(table)
        report = {"method": type(method).__name__, "cpu_s": time.process_time() - began}
        print(json.dumps({**report, "scores": dict(scores)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
