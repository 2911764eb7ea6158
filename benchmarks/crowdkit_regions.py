"""crowd-kit's methods on one set, run by an interpreter that has it: python crowdkit_regions.py SET FOLDER, one JSON line a method."""

import csv
import gzip
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd


def read_lines(path):
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def decode(rle):
    height, width = rle["size"]
    inside = np.zeros(len(rle["counts"]), dtype=bool)
    inside[1::2] = True
    return np.repeat(inside, rle["counts"]).reshape(width, height).T


def encode(mask):
    flat = np.asarray(mask, dtype=bool).T.ravel()
    counts = np.diff(np.concatenate([[0], np.flatnonzero(np.diff(flat)) + 1, [len(flat)]])).tolist()
    return {"size": list(mask.shape), "counts": [0, *counts] if flat[0] else counts}


def masks(folder):
    from crowdkit.aggregation import SegmentationEM, SegmentationMajorityVote

    rows = [
        {"task": r["task"], "worker": r["worker"], "segmentation": decode(r)}
        for r in read_lines(folder / "labels.jsonl")
    ]
    order = [row["task"] for row in read_lines(folder / "truth.jsonl")]
    data = pd.DataFrame(rows)
    for name, method in (
        ("SegmentationMajorityVote", SegmentationMajorityVote()),
        ("SegmentationEM", SegmentationEM()),
    ):
        yield name, lambda method=method: {"found": [encode(m) for m in method.fit_predict(data).loc[order]]}


def texts(folder):
    from crowdkit.aggregation import ROVER

    def words(text):
        return "".join(c if c.isalpha() or c == "'" else " " for c in text.lower().replace("\u2019", "'")).split()

    labels = folder / "labels.csv.gz"
    with (
        gzip.open(labels, "rt", encoding="utf-8")
        if labels.exists()
        else (folder / "labels.csv").open(encoding="utf-8") as rows
    ):
        data = pd.DataFrame(csv.DictReader(rows))
    with (folder / "truth.csv").open(encoding="utf-8") as rows:
        order = [row["task"] for row in csv.DictReader(rows)]
    rover = ROVER(tokenizer=words, detokenizer=" ".join)
    yield "ROVER", lambda: {"found": rover.fit_predict(data).loc[order].tolist()}


def spans(folder):
    from crowdkit.aggregation import DawidSkene

    order = [row["task"] for row in read_lines(folder / "truth.jsonl")]
    tokens = {row["task"]: np.array(row["tokens"]) for row in read_lines(folder / "tokens.jsonl")}
    rows = []
    for row in read_lines(folder / "labels.jsonl"):
        mine, own = tokens[row["task"]], np.array(row["spans"]).reshape(-1, 2)
        inside = ((mine[:, :1] < own[:, 1]) & (mine[:, 1:] > own[:, 0])).any(axis=1)
        rows += [(f"{row['task']}/{k}", row["worker"], int(x)) for k, x in enumerate(inside)]
    data = pd.DataFrame(rows, columns=["task", "worker", "label"])

    def run():
        found = DawidSkene(n_iter=100).fit_predict(data)
        return {"tokens": [[bool(found[f"{task}/{k}"]) for k in range(len(tokens[task]))] for task in order]}

    yield "DawidSkene on tokens", run


SETS = {"bubil_masks": masks, "crowdspeech_test_clean": texts, "crowdwsa_j1": texts, "pico_spans": spans}


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


for name, run in SETS[sys.argv[1]](Path(sys.argv[2])):
    memory, started = peak_mb(), time.process_time()
    answer = run()
    spent = time.process_time() - started
    print(json.dumps({"method": name, **answer, "cpu_s": spent, "peak_mb": peak_mb() - memory}))
