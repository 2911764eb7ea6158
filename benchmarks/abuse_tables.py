"""The tables of abuse.py, as Markdown."""

from __future__ import annotations

import numpy as np

MIN_ANSWERS = 20  # of a clicker, for the AUC: who gave fewer can hide
FLAGGED_OUT = "cost_auto_without_flagged"
FINDABLE_AUC = 0.95  # with every truth known: where even that fails, a copied right answer is all there is to see


def with_gold(share: float) -> str:
    return f"cost_auto_with_gold_{share}"


def mean_of(values: list[float]) -> float:
    real = [value for value in values if not np.isnan(value)]
    return float(np.mean(real)) if real else float("nan")


def markdown(found: dict[str, dict]) -> str:
    one = next(iter(found.values()))
    lines = ["# Clickers and rings planted in recorded crowds", "", *_untouched_table(found)]
    for share in one["clickers"]:
        lines += _clicker_table(found, share)
    lines += _added_table(found, float(max(one["clickers"])))
    lines += _findable_table(found)
    for gold in one["ring_by_gold_share"]:
        lines += _ring_table(found, gold)
    return "\n".join(lines)


def _methods(found: dict[str, dict]) -> list[str]:
    return list(next(iter(found.values()))["clean"])


def _table(title: str, heads: list[str], rows: list[list[str]]) -> list[str]:
    return (
        [f"## {title}", "", "| " + " | ".join(heads) + " |", "| --- " * len(heads) + "|"]
        + ["| " + " | ".join(row) + " |" for row in rows]
        + [""]
    )


def _untouched_table(found: dict[str, dict]) -> list[str]:
    rows = []
    for name, one in found.items():
        real = one["untouched"]["their_accuracy"]
        told = "" if real is None else f"{100 * real:.0f} %"
        shown = [str(one["untouched"][key]) for key in ("workers", "clickers", "pairs", "pairs_flagged")]
        rows.append([name, shown[0], shown[1], told, shown[2], shown[3]])
    heads = ["set", "workers", "clickers flagged", "their true accuracy", "pairs compared", "pairs flagged"]
    return _table("As recorded, nothing planted", heads, rows)


def _clicker_table(found: dict[str, dict], share: str) -> list[str]:
    keys = [f"cost_{m}" for m in _methods(found)] + [
        "cost_without_them_auto",
        "auc",
        "found",
        "others_flagged",
        "pairs_flagged",
    ]
    heads = ["set", *(f"cost {m}" for m in _methods(found)), "cost if they were not there (auto)", "AUC", "found"]
    heads += ["others flagged", "pairs called rings"]
    rows = {name: one["clickers"][share] for name, one in found.items()}
    title = f"{100 * float(share):.0f} % of the workers are random clickers (points of accuracy; AUC: {MIN_ANSWERS}+ answers)"
    return _table(title, heads, _rows(rows, keys))


def _added_table(found: dict[str, dict], share: float) -> list[str]:
    rows = {name: one["added"] for name, one in found.items()}
    gold = [key for key in next(iter(rows.values())) if key.startswith(with_gold(0)[:-1])]
    heads = ["set", *(f"cost {m}" for m in _methods(found))]
    heads += [f"cost auto with {100 * float(key.rpartition('_')[2]):.0f} % gold" for key in gold]
    title = f"Random clickers come in addition: {100 * share:.0f} % of all workers (points of accuracy)"
    keys = [*(f"cost_{m}" for m in _methods(found)), *gold, FLAGGED_OUT]
    return _table(title, [*heads, "cost auto when the flagged are left out"], _rows(rows, keys))


def _findable_table(found: dict[str, dict]) -> list[str]:
    heads = ["set", "answers by the ring", "its pairs compared", "items that a pair shares", "both wrong on"]
    rows = []
    for name, one in found.items():
        what = one["findable"]
        counts = [f"{what[key]:.1f}" for key in ("pairs", "shared", "both_wrong")]
        rows.append([name, f"{100 * what['answers']:.0f} %", *counts, f"{what['auc_pairs']:.3f}"])
    return _table("What there is to find of a ring of 20 % of the workers", [*heads, "AUC, all truths known"], rows)


def _ring_table(found: dict[str, dict], gold: str) -> list[str]:
    keys = ["auc_pairs", "auc_workers", "pairs_found", "honest_pairs_flagged", "clickers_flagged", "cost_auto"]
    heads = [
        "set",
        "AUC of pairs",
        "AUC of workers",
        "pairs found",
        "honest pairs flagged",
        "called clickers",
        "cost auto",
    ]
    rows = {name: one["ring_by_gold_share"][gold] for name, one in found.items()}
    told = {name: row for name, row in rows.items() if found[name]["findable"]["auc_pairs"] >= FINDABLE_AUC}
    cells = _rows(rows, keys)
    cells.append([f"**mean of {len(told)}**", *_rows(told, keys)[-1][1:]])
    lines = _table(f"A ring of 20 % of the workers, gold on {100 * float(gold):.0f} % of the items", heads, cells)
    names = ", ".join(name for name in rows if name not in told) or "none"
    note = f"Mean of {len(told)}: without the sets where the AUC is below {FINDABLE_AUC} even with all truths known"
    return [*lines, f"{note} ({names}).", ""]


def _rows(rows: dict[str, dict], keys: list[str]) -> list[list[str]]:
    means = {key: mean_of([row[key] for row in rows.values()]) for key in keys}
    return [[name, *(_cell(key, row[key]) for key in keys)] for name, row in {**rows, "**mean**": means}.items()]


def _cell(key: str, value: float) -> str:
    if np.isnan(value):
        return ""
    if key.startswith("cost"):
        return f"{100 * value:+.1f}"
    return f"{value:.3f}" if key.startswith("auc") else f"{100 * value:.1f} %"
