"""Recorded crowds through the whole platform over HTTP: accuracy next to plain methods, money, books, time.

    python -m benchmarks.replays CROWDS_DIR [bluebirds rte dog d_possent crowd_boxes crowdspeech_test_clean]

Each set is one `manage.py replay SET --pay-out` against a platform of its own: every recorded answer is drawn, sent, decided,
settled and paid out. Writes results/replays.json and .md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.platform_for_benchmarks import ROOT, running_platform

SETS = ("bluebirds", "rte", "dog", "d_possent", "crowd_boxes", "crowdspeech_test_clean")
RESULTS = Path(__file__).parent / "results"
MEASURES = ("accuracy", "f1_at_50", "wer")


def replay(platform, folder: Path) -> dict:
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "figures.json"
        command = [sys.executable, "manage.py", "replay", str(folder), "--pay-out", "--json", str(out)]
        subprocess.run(command, cwd=ROOT, env=platform.environment, check=True)
        return json.loads(out.read_text())


def as_table(rows: list[dict]) -> str:
    lines = [
        "| set | measure | Ilima | majority vote or medoid | Dawid-Skene | answers | earned = paid out | trial balance | answers/s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        measure = next(name for name in MEASURES if f"ours_{name}" in row)
        plain = row.get(f"majority_{measure}", row.get(f"medoid_{measure}"))
        skene = f"{row['dawid_skene_accuracy']:.4f}" if measure == "accuracy" else ""
        books = f"{row['earned_micro'] / 1e6:.2f} = {row['paid_out_micro'] / 1e6:.2f}"
        figures = (measure, f"{row[f'ours_{measure}']:.4f}", f"{plain:.4f}", skene, row["answers_used"], books)
        balance = " ".join(f"{sum_micro} {currency}" for currency, sum_micro in row["trial_balance_micro"].items())
        lines.append("| " + " | ".join(map(str, (row["crowd"], *figures, balance, row["answers_a_second"]))) + " |")
    return "\n".join([*lines, "", _means(rows), ""])


def _means(rows: list[dict]) -> str:
    choice = [row for row in rows if "ours_accuracy" in row]
    names = {"ours": "Ilima", "majority": "majority vote", "dawid_skene": "Dawid-Skene"}
    means = [
        f"{name} {sum(r[f'{key}_accuracy'] for r in choice) / max(len(choice), 1):.4f}" for key, name in names.items()
    ]
    return f"Mean accuracy over the {len(choice)} sets of one label: {', '.join(means)}. WER: less is better."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("crowds", type=Path)
    parser.add_argument("sets", nargs="*", default=SETS)
    options = parser.parse_args()
    with running_platform() as platform:
        rows = [replay(platform, options.crowds / name) for name in options.sets]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "replays.json").write_text(json.dumps(rows, indent=1))
    (RESULTS / "replays.md").write_text(as_table(rows))
    print(as_table(rows))


if __name__ == "__main__":
    main()
