"""Is "95 % sure" right 95 times of 100? The platform's own rule on recorded and planted crowds.

    python -m benchmarks.honesty recorded [--sets rte dog] [--orders 3] [--targets .80 .90 .95 .99] [--gold 0 .05 .10]
    python -m benchmarks.honesty planted [--seeds 10]

What decides is the product's: `task_types.choice.consensus` learns and decides, `stopping.Rule` stops, with the defaults of
`Project` and the growth at which `refresh_skills` learns anew; here stands only what sends the recorded answers, in blocks of items
as an open batch hands them out (benchmarks/honesty_crowd.py). At the end the batch closes: skills once more, last word on each item. Of
items that are not gold and whose truth is known: the share called sure, what was said of them, how many were right.

Nothing in the rule is fitted to these sets. Writes benchmarks/results/honesty.json and honesty.md (--name for another name).
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np

from benchmarks.crowd_sets import DATA, labels_file, read_set
from benchmarks.honesty_crowd import Crowd, Outcome, defaults, planted, replay
from consensus.core import Votes

RESULTS = Path(__file__).parent / "results"
TARGETS, GOLDS = (0.80, 0.90, 0.95, 0.99), (0.0, 0.05, 0.10)
MIN_SURE = 20  # items called sure, over all orders: a share of fewer says little
PLANTED = [  # labels, workers, answers in a pack
    (2, 5, 1), (2, 20, 1), (2, 200, 20), (4, 20, 20), (4, 200, 1), (10, 20, 1), (10, 200, 20),
]  # fmt: skip


def categorical(data: Path) -> list[str]:
    """The sets of one label an item."""
    kinds = {path.parent.name: path.read_text() for path in sorted(data.glob("*/SOURCE.md"))}
    return [name for name, text in kinds.items() if "- kind: categorical" in text and any(data.glob(f"{name}/labels*"))]


def some_items(votes: Votes, truth: np.ndarray, most: int) -> tuple[Votes, np.ndarray]:
    """At most so many items, drawn once, those with a known truth first: the machine is shared."""
    order = np.random.default_rng(0).permutation(votes.n_items)
    order = order[np.argsort(truth[order] < 0, kind="stable")][:most]
    return votes.select_items(np.sort(order)), truth[np.sort(order)]


def recorded(name: str, options: argparse.Namespace) -> list[dict]:
    votes, truth = some_items(*read_set(name, options.data), options.most_items)
    rows = []
    for gold in options.gold:
        for target in options.targets:
            found = [replay(Crowd(votes, truth, seed, gold), target) for seed in range(options.orders)]
            rows.append({"set": name, "gold": gold, "target": target, **summed(found)})
            print(rows[-1], flush=True)
    return rows


def summed(found: list[Outcome]) -> dict:
    sure = sum(one.sure for one in found)
    judged, answers, items = (sum(getattr(one, name) for one in found) for name in ("judged", "answers", "items"))
    said, right, all_right = (sum(getattr(one, name) for one in found) for name in ("said", "right", "all_right"))
    return {
        "judged": judged,
        "sure": round(sure / max(judged, 1), 4),
        "n_sure": sure,
        "said": round(said / sure, 4) if sure else None,
        "right": round(right / sure, 4) if sure else None,
        "accuracy": round(all_right / max(judged, 1), 4),
        "said_of_all": round(sum(one.all_said for one in found) / max(judged, 1), 4),
        "answers_an_item": round(answers / max(items, 1), 3),
    }


def verdict(rows: list[dict]) -> dict:
    """Over the sets, for each share of gold and target."""
    cells = {}
    for gold in sorted({row["gold"] for row in rows}):
        for target in sorted({row["target"] for row in rows}):
            own = [row for row in rows if row["gold"] == gold and row["target"] == target]
            sure = [row for row in own if row["n_sure"] >= MIN_SURE]
            kept = [row for row in sure if row["right"] >= target - 0.02]
            gaps = [abs(row["said"] - row["right"]) for row in sure]
            cells[f"gold {gold:.0%}, target {target}"] = {
                "sets": len(own),
                "sets_with_sure": len(sure),
                "kept": len(kept),
                "share_kept_or_silent": round((len(kept) + len(own) - len(sure)) / len(own), 3),
                "share_kept": round(len(kept) / max(len(sure), 1), 3),
                "median_right": round(float(np.median([row["right"] for row in sure])), 4) if sure else None,
                "mean_said_less_right": round(float(np.mean(gaps)), 4) if sure else None,
                "mean_said_less_right_of_all": round(
                    float(np.mean([abs(row["said_of_all"] - row["accuracy"]) for row in own])), 4
                ),
                "worst_right": round(min((row["right"] for row in sure), default=1.0), 4),
                "mean_share_sure": round(float(np.mean([row["sure"] for row in own])), 4),
                "mean_accuracy": round(float(np.mean([row["accuracy"] for row in own])), 4),
                "mean_answers_an_item": round(float(np.mean([row["answers_an_item"] for row in own])), 3),
            }
    return cells


def planted_rows(options: argparse.Namespace) -> list[dict]:
    rows = []
    for labels, workers, pack in PLANTED:
        for target in options.targets:
            crowds = [planted(labels, workers, seed) for seed in range(options.seeds)]
            found = [replay(crowd, target, pack=pack, most=len(crowd.votes.worker_ids)) for crowd in crowds]
            oracle = [crowd.oracle_answers(target) for crowd in crowds]
            row = {"labels": labels, "workers": workers, "pack": pack, "target": target, **summed(found)}
            rows.append(row | {"oracle_answers_an_item": round(float(np.mean(oracle)), 3)})
            print(rows[-1], flush=True)
    return rows


def as_markdown(report: dict) -> str:
    lines = ["# Is what is called sure right that often?", "", f"Defaults: {report['defaults']}.", ""]
    for title, rows in (("Over the sets", report["verdict"]),):
        heads = list(next(iter(rows.values()), {}))
        lines += [f"## {title}", "", "| | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
        lines += [f"| {name} | " + " | ".join(str(v) for v in row.values()) + " |" for name, row in rows.items()]
        lines += [""]
    for title in ("recorded", "planted"):
        rows = report[title]
        if rows:
            lines += [f"## {title}", "", "| " + " | ".join(rows[0]) + " |", "|---" * len(rows[0]) + "|"]
            lines += ["| " + " | ".join(str(v) for v in row.values()) + " |" for row in rows] + [""]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["recorded", "planted"])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--sets", nargs="+")
    parser.add_argument("--orders", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--targets", type=float, nargs="+", default=TARGETS)
    parser.add_argument("--gold", type=float, nargs="+", default=GOLDS)
    parser.add_argument("--most-items", type=int, default=2000)
    parser.add_argument("--name", default="honesty")
    options = parser.parse_args()
    path, began = RESULTS / f"{options.name}.json", time.process_time()
    report = json.loads(path.read_text()) if path.exists() else {"recorded": [], "planted": [], "verdict": {}}
    report["defaults"] = defaults()
    if options.what == "planted":
        report["planted"] = planted_rows(options)
    else:
        names = options.sets or categorical(options.data)
        assert all(labels_file(name, options.data) for name in names)
        report["recorded"] = [row for name in names for row in recorded(name, options)]
        report["verdict"] = verdict(report["recorded"])
        print(json.dumps(report["verdict"], indent=1))
    report["cpu_s"] = round(time.process_time() - began)
    path.write_text(json.dumps(report, indent=1) + "\n")
    path.with_suffix(".md").write_text(as_markdown(report))


if __name__ == "__main__":
    main()
