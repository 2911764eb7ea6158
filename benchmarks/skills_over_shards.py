"""The default on one machine and over shards read one at a time: the same numbers, and what a shard's process needs.

    python -m benchmarks.skills_over_shards [--votes 2000000] [--shards 20]

Each side runs in a process of its own. Memory is the peak above the loaded libraries; the sharded side holds one shard's votes and
the tables of a pass, as a worker process of the platform does (consensus/app/actions/skill_runs.py); it also adds up and maximises.
Seconds are processor seconds. Synthetic votes: 10 labels, 5 an item, workers 1 % of the items.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.crowd_sets import synthetic
from consensus.core import Votes, learn_skills
from consensus.core.distributed.shard_steps import Steps
from consensus.core.distributed.sharding import Shard, run_job, split_votes

RESULTS = Path(__file__).parent / "results" / "skills_over_shards.json"


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def all_votes(n_votes: int) -> Votes:
    items, workers, answers, _ = synthetic(n_votes)
    return Votes.from_rows(items, workers, answers, labels=list(range(10)))


def write(n_votes: int, n_shards: int, folder: str) -> None:
    for number, shard in enumerate(split_votes(all_votes(n_votes), n_shards)):
        v = shard.votes
        sizes = np.array([v.n_items, v.n_workers, v.n_labels])
        np.savez(
            f"{folder}/{number}.npz", items=v.item_codes, workers=v.worker_codes, answers=v.answer_codes, sizes=sizes
        )


def read(path: Path) -> Shard:
    with np.load(path) as kept:
        return Shard(Votes.from_codes(kept["items"], kept["workers"], kept["answers"], *map(int, kept["sizes"])))


def whole(n_votes: int, out: str) -> dict:
    before, cpu = peak_mb(), time.process_time()
    skills = learn_skills(all_votes(n_votes))
    report = {"peak_mb": peak_mb() - before, "cpu_s": time.process_time() - cpu}
    np.savez(out, confusion=skills.confusion, posteriors=skills.posteriors)
    return report


def sharded(folder: str, out: str) -> dict:
    before, cpu = peak_mb(), time.process_time()
    paths = sorted(Path(folder).glob("*.npz"), key=lambda path: int(path.stem))
    steps, passes = Steps(10), 0
    while (asked := steps.ask()) is not None:
        total: list = []
        for path in paths:
            result = run_job(asked.job, read(path), *asked.arguments)
            total = [x + y for x, y in zip(total, result, strict=True)] if total else list(result)
        steps, passes = steps.take(tuple(total)), passes + 1
    skills = steps.skills()
    report = {"peak_mb": peak_mb() - before, "cpu_s": time.process_time() - cpu, "passes": passes}
    posteriors = np.concatenate([run_job("posteriors", read(path), skills.model) for path in paths])
    np.savez(out, confusion=skills.confusion, posteriors=posteriors)
    return report


def in_a_process(work, *arguments):
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--votes", type=int, default=2_000_000)
    options.add_argument("--shards", type=int, default=20)
    asked = options.parse_args()
    report: dict = {"votes": asked.votes, "shards": asked.shards}
    with tempfile.TemporaryDirectory(prefix="ilima-shards-") as folder, tempfile.TemporaryDirectory() as found:
        in_a_process(write, asked.votes, asked.shards, folder)
        report["one machine"] = in_a_process(whole, asked.votes, f"{found}/whole.npz")
        report["shard by shard"] = in_a_process(sharded, folder, f"{found}/sharded.npz")
        with np.load(f"{found}/whole.npz") as one, np.load(f"{found}/sharded.npz") as many:
            report["largest difference"] = {name: float(np.abs(one[name] - many[name]).max()) for name in one.files}
    RESULTS.write_text(json.dumps(report, indent=1) + "\n")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
