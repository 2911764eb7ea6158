"""Our methods and crowd-kit's, side by side in one run, on planted crowds of growing size.

    python benchmarks/consensus_speed.py [--sizes 100000 1000000] [--methods dawid_skene mace glad] [--repeats 3]

Labels: ten classes, five votes an item, workers 1 % of the items, accuracies Beta(6, 3). Dawid-Skene runs 20 iterations
without early stop, and its posteriors are compared; the other methods run with their own defaults. Transcripts and
comparisons: speed_data.py. Every call is a process of its own with one thread for BLAS; ours and crowd-kit's take
turns, and of each side the call with the least processor time counts (all are in the .json). A crowd-kit call of over a
minute is not repeated. Our times include encoding the ids, crowd-kit's start from a loaded table. Peak memory is the
process's, data and libraries included on both sides.

Sizes where crowd-kit takes long: GLAD, MACE and pairs at 10^5 (a minute or more), Dawid-Skene at 10^7 (seven). Adds its
rows to benchmarks/results/consensus_speed.{json,md}; a row measured anew replaces the old one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein
from scipy.stats import kendalltau

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import crowdkit_environment  # noqa: E402
import speed_data  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results"
BENCH = ROOT / ".bench"
THEIRS = {
    "majority_vote": "MajorityVote",
    "weighted_majority": "Wawa",
    "dawid_skene": "DawidSkene",
    "dawid_skene_text_ids": "DawidSkene",
    "glad": "GLAD",
    "mace": "MACE",
    "alpha": "alpha_krippendorff",
    "rover": "ROVER",
    "pairwise": "NoisyBradleyTerry",
}
OURS_ALONE = ["alpha_with_interval", "one_coin", "hierarchical_dawid_skene", "item_types", "auto"]
KINDS = {"rover": "texts", "pairwise": "pairs"}
LONG_S = 60


def call(python: Path | str, script: str, method: str, source: Path, out: Path, limit_s: float) -> dict | None:
    """The report of one child process, or None when it takes longer than limit_s."""
    command = [python, ROOT / "benchmarks" / script, method, source, out]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=limit_s)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        raise RuntimeError(f"{script} {method}: {done.stderr.strip().splitlines()[-1]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def compare(method: str, size: int, repeats: int, limit_s: float) -> dict:
    """One row of the table."""
    source = speed_data.make(KINDS.get(method, "labels"), size, BENCH)
    mine, theirs = (BENCH / f"speed-{side}-{method}-{size}.npz" for side in ("ours", "crowdkit"))
    ours: list[dict] = []
    other: list[dict] = []
    for turn in range(repeats):
        ours += filter(None, [call(sys.executable, "speed_ours.py", method, source, mine, limit_s)])
        if method in THEIRS and (not turn or (other and other[-1]["cpu_s"] < LONG_S)):
            python = crowdkit_environment.make()
            other += filter(None, [call(python, "speed_crowdkit.py", method, source, theirs, limit_s)])
    row = {"size": size, "method": method, "ours": fastest(ours)}
    if other:
        row |= {"crowd-kit": fastest(other), "agreement": agreement(method, mine, theirs, source)}
    elif method in THEIRS:
        row["agreement"] = f"crowd-kit stopped after {limit_s:.0f} s"
    return row


def fastest(reports: list[dict]) -> dict:
    return min(reports, key=lambda report: report["cpu_s"]) | {"cpu_s_of_runs": [each["cpu_s"] for each in reports]}


def agreement(method: str, mine: Path, theirs: Path, source: Path) -> str:
    """What both sides found, in words."""
    a, b = np.load(mine), np.load(theirs)
    if method == "alpha":
        return f"alpha {float(a['alpha']):.6f}, apart {abs(float(a['alpha'] - b['alpha'])):.0e}"
    truth = np.load(source)["truth"]
    if method == "rover":
        return f"WER {wer(a['texts'], truth):.2f} and {wer(b['texts'], truth):.2f} %"
    if method == "pairwise":
        tau = [kendalltau(x["scores"], truth[x["items"]]).statistic for x in (a, b)]
        return f"Kendall's tau with the truth {tau[0]:.4f} and {tau[1]:.4f}"
    p, q = (x["posteriors"][np.argsort(x["items"])] for x in (a, b))
    if method.startswith("dawid_skene") or method == "majority_vote":
        return f"posteriors apart at most {np.abs(p - q).max():.1e}"
    return f"{100 * (p.argmax(axis=1) == q.argmax(axis=1)).mean():.2f} % of the labels equal"


def wer(found: np.ndarray, truth: np.ndarray) -> float:
    pairs = [(a.split(), b.split()) for a, b in zip(found.tolist(), truth.tolist(), strict=True)]
    return 100 * sum(Levenshtein.distance(a, b) for a, b in pairs) / sum(len(b) for _, b in pairs)


def markdown(rows: list[dict]) -> str:
    heads = ["answers", "method", "crowd-kit's", "CPU s, ours", "of it encoding", "CPU s, theirs", "CPU ratio"]
    heads += ["wall s, ours", "theirs", "peak MB, ours", "theirs", "share", "results"]
    lines = ["# Speed and memory against crowd-kit, side by side", ""]
    lines += ["| " + " | ".join(heads) + " |", "| --- |" + " --- |" * (len(heads) - 1)]
    for row in rows:
        a, b = row["ours"], row.get("crowd-kit")
        encode = "" if a["encode_s"] is None else f"{a['encode_s']:.3f}"
        cells = [f"{row['size']:,}", row["method"], THEIRS.get(row["method"], "none"), f"{a['cpu_s']:.3f}", encode]
        cells += [f"{b['cpu_s']:.2f}", f"**{b['cpu_s'] / a['cpu_s']:.0f}x**"] if b else ["", ""]
        cells += [f"{a['wall_s']:.3f}", f"{b['wall_s']:.2f}" if b else "", f"{a['peak_mb']:.0f}"]
        cells += [f"{b['peak_mb']:.0f}", f"{a['peak_mb'] / b['peak_mb']:.2f}"] if b else ["", ""]
        lines.append("| " + " | ".join([*cells, row.get("agreement", "")]) + " |")
    return "\n".join(lines) + "\n\n" + " ".join(__doc__.split("\n\n")[2].split()) + "\n"


def keep(row: dict) -> str:
    """Put the row in its place in the results; returns the table."""
    path, order = RESULTS / "consensus_speed.json", [*THEIRS, *OURS_ALONE]
    rows = json.loads(path.read_text()) if path.exists() else []
    rows = [old for old in rows if (old["size"], old["method"]) != (row["size"], row["method"])] + [row]
    rows.sort(key=lambda each: (order.index(each["method"]), each["size"]))
    text = markdown(rows)
    path.write_text(json.dumps(rows, indent=1) + "\n")
    path.with_suffix(".md").write_text(text)
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument(
        "--methods", nargs="+", choices=[*THEIRS, *OURS_ALONE], default=["majority_vote", "dawid_skene", "auto"]
    )
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--limit-s", type=float, default=3600)
    chosen = parser.parse_args()
    for size in chosen.sizes:
        for method in chosen.methods:
            row = compare(method, size, chosen.repeats, chosen.limit_s)
            print(json.dumps(row), flush=True)
            text = keep(row)
    print(text)


if __name__ == "__main__":
    main()
