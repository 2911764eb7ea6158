"""One method of ours on one planted crowd, in a process of its own: python speed_ours.py METHOD DATA.npz OUT.npz.

Prints one JSON line. The clock runs from loaded columns of ids to the result, so it includes the encoding of ids.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from consensus.core import Votes
from consensus.core.labels.methods import CATEGORICAL
from consensus.core.metrics.alpha import krippendorff_alpha
from consensus.core.text.rover import merge_transcripts
from consensus.core.text.texts import Texts

OPTIONS = {"dawid_skene": {"n_iter": 20, "tol": -1e9}}
Run = Callable[[], dict]


def peak_mb() -> float:
    """VmHWM; getrusage's maximum would count the parent that started this process."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def categorical(method: str, data) -> tuple[Run, Callable[[dict], dict]]:
    name = method.removesuffix("_text_ids")
    columns = [data[key] for key in ("items", "workers", "answers")]
    if name != method:
        columns = [np.char.add("id-", column.astype(str)).tolist() for column in columns]

    def run() -> dict:
        started = time.process_time()
        votes = Votes.from_rows(*columns)
        encode_s = time.process_time() - started
        return {"votes": votes, "encode_s": encode_s, "result": CATEGORICAL[name](votes, **OPTIONS.get(name, {}))}

    def answer(found: dict) -> dict:
        votes, result = found["votes"], found["result"]
        ids, labels = (votes.item_ids.astype(str), votes.labels.astype(str)) if name != method else (votes.item_ids, [])
        return {"posteriors": result.posteriors, "items": ids, "labels": labels, "n_iter": result.n_iter}

    return run, answer


def alpha(method: str, data) -> tuple[Run, Callable[[dict], dict]]:
    items, answers = data["items"], data["answers"]
    resamples = 0 if method == "alpha" else 1000  # crowd-kit's has no interval
    return (
        lambda: {"alpha": krippendorff_alpha(items, answers, n_resamples=resamples)},
        lambda found: {"alpha": found["alpha"].alpha},
    )


def rover(method: str, data) -> tuple[Run, Callable[[dict], dict]]:
    items, workers, texts = data["items"], data["workers"], data["texts"].tolist()

    def run() -> dict:
        return {"merged": merge_transcripts(Texts(items, workers, texts, items.max() + 1, workers.max() + 1))}

    return run, lambda found: {"texts": np.array([merged.text for merged in found["merged"]])}


def pairwise(method: str, data) -> tuple[Run, Callable[[dict], dict]]:
    from consensus.core.pairs.bradley_terry import crowd_bradley_terry
    from consensus.core.pairs.pairwise import Comparisons

    left, right, workers, wins = (data[key] for key in ("left", "right", "workers", "left_wins"))
    outcomes = np.where(wins, "left", "right").tolist()

    def run() -> dict:
        table = Comparisons.from_rows(left, right, workers, outcomes)
        return {"table": table, "ranking": crowd_bradley_terry(table)}

    return run, lambda found: {"scores": found["ranking"].scores, "items": found["table"].item_ids.astype(int)}


def main(method: str, source: str, out: str) -> None:
    kinds = {"alpha": alpha, "alpha_with_interval": alpha, "rover": rover, "pairwise": pairwise}
    run, answer = kinds.get(method, categorical)(method, np.load(source))
    loaded, wall, cpu = peak_mb(), time.perf_counter(), time.process_time()
    found = run()
    report = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
    report |= {"peak_mb": peak_mb(), "loaded_mb": loaded, "encode_s": found.get("encode_s")}
    answers = answer(found)
    report["n_iter"] = int(answers.pop("n_iter", 0))
    np.savez(out, **answers)
    print(json.dumps(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
