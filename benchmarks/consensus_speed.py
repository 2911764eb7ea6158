"""Our categorical methods and crowd-kit's, side by side in one run, on synthetic crowds of growing size.

    python benchmarks/consensus_speed.py [--votes 100000 1000000] [--methods dawid_skene mace glad]

Ten classes, five votes an item, workers 1 % of the items, accuracies Beta(6, 3), seed 7. Dawid-Skene runs 20 iterations
without early stop, and its posteriors are compared. Our times include encoding the ids; crowd-kit's start from a loaded
table. Each call runs in a process of its own; wall and processor seconds and peak memory above the loaded data.
At 10^5 votes crowd-kit's GLAD
takes several minutes of an idle core, its MACE half a one. Writes benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import crowdkit_environment  # noqa: E402
from crowd_sets import synthetic  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results"
PAIRS = {
    "majority_vote": ("MajorityVote", {}),
    "dawid_skene": ("DawidSkene", {"n_iter": 20, "tol": -1e9}),
    "mace": ("MACE", {}),
    "glad": ("GLAD", {}),
    "one_coin": (None, {}),
    "auto": (None, {}),
}


def run_ours(method: str, source: Path, out: Path) -> dict:
    """In this process: load, encode, fit. Encoding is part of the time."""
    from consensus.core import Votes
    from consensus.core.methods import CATEGORICAL

    columns = np.load(source)
    items, workers, answers = columns["items"], columns["workers"], columns["answers"]
    loaded, wall, cpu = peak_mb(), time.perf_counter(), time.process_time()
    votes = Votes.from_rows(items, workers, answers)
    encoded = time.perf_counter() - wall
    options = {"n_iter": 20, "tol": -1e9} if method == "dawid_skene" else {}
    result = CATEGORICAL[method](votes, **options)
    report = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu, "encode_s": encoded}
    report |= {"peak_mb": peak_mb(), "loaded_mb": loaded, "n_iter": result.n_iter}
    right = float((result.labels == columns["truth"][votes.item_ids]).mean())
    np.savez(out, posteriors=result.posteriors, items=votes.item_ids.astype(str))
    return report | {"accuracy": right}


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ask_ours(method: str, source: Path, out: Path) -> dict:
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, __file__, "--ours", method, str(source), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return json.loads(done.stdout.strip().splitlines()[-1])


def compare(size: int, methods: list[str], limit_s: float) -> list[dict]:
    bench = ROOT / ".bench"
    bench.mkdir(exist_ok=True)
    source, mine, theirs = bench / f"synthetic-{size}.npz", bench / "ours.npz", bench / "crowdkit.npz"
    items, workers, answers, truth = synthetic(size)
    np.savez(source, items=items, workers=workers, answers=answers, truth=truth)
    rows = []
    for method in methods:
        row = {"votes": size, "method": method, "ours": ask_ours(method, source, mine)}
        other, options = PAIRS[method]
        if other:
            row["crowd-kit"] = crowdkit_environment.ask(other, f"synthetic:{source}", theirs, limit_s, **options)
        if row.get("crowd-kit") and method == "dawid_skene":
            row["largest_difference"] = largest_difference(mine, theirs)
        print(json.dumps(row), flush=True)
        rows.append(row)
    return rows


def largest_difference(mine: Path, theirs: Path) -> float:
    a, b = np.load(mine), np.load(theirs)
    return float(np.abs(a["posteriors"][np.argsort(a["items"])] - b["posteriors"][np.argsort(b["items"])]).max())


def markdown(rows: list[dict]) -> str:
    heads = ["votes", "method", "ours wall s", "ours CPU s", "of it encoding", "ours MB", "crowd-kit wall s"]
    heads += ["crowd-kit CPU s", "crowd-kit MB", "wall ratio", "CPU ratio", "largest difference"]
    lines = ["# Speed against crowd-kit, one run", "", "| " + " | ".join(heads) + " |", "| --- |" + " --- |" * 11]
    for row in rows:
        a, b = row["ours"], row.get("crowd-kit")
        cells = [f"{row['votes']:,}", row["method"], f"{a['wall_s']:.3f}", f"{a['cpu_s']:.3f}", f"{a['encode_s']:.3f}"]
        cells.append(f"{a['peak_mb']:.0f}")
        if b:
            cells += [f"{b['wall_s']:.2f}", f"{b['cpu_s']:.2f}", f"{b['peak_mb']:.0f}"]
            cells += [f"{b['wall_s'] / a['wall_s']:.0f}x", f"{b['cpu_s'] / a['cpu_s']:.0f}x"]
        else:
            cells += ["–"] * 5
        difference = row.get("largest_difference")
        lines.append("| " + " | ".join([*cells, "–" if difference is None else f"{difference:.1e}"]) + " |")
    return "\n".join(lines) + "\n\nMB: peak resident memory of the process, data and libraries included.\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--votes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--methods", nargs="+", choices=list(PAIRS), default=["majority_vote", "dawid_skene", "auto"])
    parser.add_argument("--limit-s", type=float, default=3600)
    parser.add_argument("--ours", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.ours:
        method, source, out = chosen.ours
        print(json.dumps(run_ours(method, Path(source), Path(out))))
        return
    rows = []
    for size in chosen.votes:
        rows += compare(size, chosen.methods, chosen.limit_s)
    text = markdown(rows)
    print(text)
    RESULTS.mkdir(exist_ok=True)
    name = "_".join(["consensus_speed", f"{max(chosen.votes):.0e}".replace("+0", ""), *chosen.methods])
    (RESULTS / f"{name}.md").write_text(text)
    (RESULTS / f"{name}.json").write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
