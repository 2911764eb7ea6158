"""Regions and texts on recorded crowds with the truth: our methods, plain baselines and, if you have it, crowd-kit, in one run.

    python -m benchmarks.regions_accuracy [--data ../shared/data/crowd] [--crowdkit PYTHON] [--only boxes spans masks texts]

Every method runs in a process of its own; seconds are processor seconds of the method (reading the files apart), memory is its peak
above the loaded data. The truth is read after the method has answered. No method is given any parameter here: all run with
their defaults. crowd-kit 1.4 needs pandas < 3 and scikit-learn < 1.6, so PYTHON is an interpreter of an environment that has these.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import subprocess
import time
from pathlib import Path

from benchmarks.regions_sets import (
    best_answer_boxes,
    cluster_boxes,
    load_boxes,
    load_masks,
    load_spans,
    load_texts,
    load_tight_boxes,
    majority_spans,
    masks_by,
    ours_boxes,
    ours_spans,
    plurality,
    score_boxes,
    score_masks,
    score_spans,
    score_texts,
    texts_by,
)
from consensus.core.text.medoid import merge_by_medoid
from consensus.core.text.rover import merge_transcripts

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "regions_accuracy.json"
DATA = HERE.parent.parent / "shared" / "data" / "crowd"
BARS = {
    "crowd_boxes": {"F1@.5": 0.80, "F1@.75": 0.60},
    "pico_spans": {"token F1": 0.82},
    "bubil_masks": {"mean IoU": 0.85},
    "crowdspeech_test_clean": {"WER %": 6.0},
    "crowdwsa_j1": {"WER %": 58.0},
}


JOBS = {
    "crowd_boxes": (
        load_boxes,
        score_boxes,
        {"best answer": best_answer_boxes, "link + median": cluster_boxes, "ours": ours_boxes},
    ),
    "bubil_masks boxes": (load_tight_boxes, score_boxes, {"link + median": cluster_boxes, "ours": ours_boxes}),
    "pico_spans": (load_spans, score_spans, {"majority of tokens": majority_spans, "ours": ours_spans}),
    "bubil_masks": (
        load_masks,
        score_masks,
        {"votes": masks_by("vote"), "STAPLE": masks_by("staple"), "ours (contour)": masks_by("contour")},
    ),
} | {
    name: (
        load_texts,
        score_texts,
        {
            "plurality": plurality,
            "ours: medoid": texts_by(merge_by_medoid),
            "ours: ROVER": texts_by(merge_transcripts),
        },
    )
    for name in ("crowdspeech_test_clean", "crowdwsa_j1")
}


def run_job(name: str, method: str, data: str) -> dict:
    load, score, methods = JOBS[name]
    answers, truth = load(Path(data) / name.split()[0])
    memory, started = peak_mb(), time.process_time()
    answer = methods[method](answers)
    spent = time.process_time() - started
    return {"set": name, "method": method, **score(answer, truth), "cpu_s": spent, "peak_mb": peak_mb() - memory}


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_crowdkit(python: str, name: str, data: Path) -> list[dict]:
    """crowd-kit's methods for this set, by its own interpreter (benchmarks/crowdkit_regions.py)."""
    script = HERE / "crowdkit_regions.py"
    done = subprocess.run([python, script, name, data / name], capture_output=True, text=True, check=True)
    _, score, _ = JOBS[name]
    truth = JOBS[name][0](data / name)[1]
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [
        {
            "set": name,
            "method": f"crowd-kit {r['method']}",
            **score(r, truth),
            "cpu_s": r["cpu_s"],
            "peak_mb": r["peak_mb"],
        }
        for r in rows
    ]


def show(row: dict) -> None:
    bars = BARS.get(row["set"], {})
    figures = [
        f"{k} {v:.4g}" + (f" (bar {bars[k]})" if k in bars else "")
        for k, v in row.items()
        if k not in ("set", "method")
    ]
    print(f"{row['set']:24} {row['method']:22} " + ", ".join(figures), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--crowdkit", help="interpreter of an environment with crowd-kit")
    parser.add_argument("--only", nargs="*", help="parts of names of sets")
    asked = parser.parse_args()
    rows = []
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for name in JOBS:
            if asked.only and not any(part in name for part in asked.only):
                continue
            rows += [pool.apply(run_job, (name, method, str(asked.data))) for method in JOBS[name][2]]
            if asked.crowdkit and " " not in name and name != "crowd_boxes":
                rows += run_crowdkit(asked.crowdkit, name, asked.data)
            for row in rows:
                if row["set"] == name:
                    show(row)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
