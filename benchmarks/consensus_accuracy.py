"""Every recorded crowd x every categorical method of ours and of crowd-kit, in one run.

    python benchmarks/consensus_accuracy.py [--sets rte dog] [--without-crowdkit] [--slow]

Accuracy counts ties by their expectation; log-loss in nats with probabilities floored at 1e-10; calibration error over ten
bins. A fair bar for log-loss is majority vote with one vote spread over the labels: shares of 0 cost it nothing. AUROC: how often a
right decision is surer than a wrong one. The integer rule's probabilities are those that it publishes, softened as the project has
learned. crowd-kit's SLOW methods run with --slow only (up to minutes a set), or when they ran before. What crowd-kit gave is kept in
.bench, next to its environment, and in the results, and not asked for again (--afresh). Writes benchmarks/results/.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
from scipy.stats import rankdata

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import crowdkit_environment  # noqa: E402
from crowd_sets import DATA, MORE, NEWER, TWELVE, labels_file, read_set  # noqa: E402

from consensus.core import Votes, decide, learn_skills, publish_prior, publish_tables  # noqa: E402
from consensus.core.labels.em import tables_by_answer  # noqa: E402
from consensus.core.labels.methods import CATEGORICAL  # noqa: E402
from consensus.core.metrics.measures import calibration_error, expected_accuracy, log_loss  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results"
CROWDKIT = ["MajorityVote", "Wawa", "DawidSkene", "OneCoinDawidSkene", "ZeroBasedSkill", "MACE", "GLAD", "MMSR", "KOS"]
# slow, or not for every set: KOS knows two labels, MMSR makes a table of workers x workers
SLOW = {"ZeroBasedSkill", "MACE", "GLAD", "MMSR", "KOS"}
RESULT = RESULTS / "consensus_accuracy.json"
EARLIER = json.loads(RESULT.read_text())["sets"] if RESULT.exists() else {}
FAIL = dict.fromkeys(["accuracy", "log_loss", "calibration_error", "auroc", "cpu_s"], float("nan"))


def score(posteriors: np.ndarray, truth: np.ndarray, cpu_s: float) -> dict:
    return {
        "accuracy": 100 * expected_accuracy(posteriors, truth),
        "log_loss": log_loss(posteriors, truth),
        "calibration_error": calibration_error(posteriors, truth),
        "auroc": auroc(posteriors, truth),
        "cpu_s": cpu_s,
    }


def auroc(posteriors: np.ndarray, truth: np.ndarray) -> float:
    """Of the confidence, for "is it right": Mann and Whitney's, ties count half; NaN where all are right."""
    known = truth >= 0
    right = posteriors[known].argmax(axis=1) == truth[known]
    n_right, n_wrong = int(right.sum()), int((~right).sum())
    if not n_right or not n_wrong:
        return float("nan")
    ranks = rankdata(np.round(posteriors[known].max(axis=1), 9))
    return float((ranks[right].sum() - n_right * (n_right + 1) / 2) / (n_right * n_wrong))


def smoothed_majority(votes: Votes) -> np.ndarray:
    """(I, K) shares of the votes with one more that is spread over the labels."""
    counts = np.zeros((votes.n_items, votes.n_labels))
    np.add.at(counts, (votes.item_codes, votes.answer_codes), 1)
    return (counts + 1 / votes.n_labels) / (counts.sum(axis=1, keepdims=True) + 1)


def ours(votes: Votes, truth: np.ndarray) -> dict[str, dict]:
    found = {}
    for name, method in CATEGORICAL.items():
        began = time.process_time()
        result = method(votes)
        found[name] = score(result.posteriors, truth, time.process_time() - began)
    found["majority_vote"]["smoothed_log_loss"] = log_loss(smoothed_majority(votes), truth)
    return found | {"integer rule": integer_rule(votes, truth)}


def integer_rule(votes: Votes, truth: np.ndarray) -> dict:
    """Tables learned by learn_skills, decided in integers; how often that differs from the same sum in floats and from
    the default."""
    began = time.process_time()
    skills = learn_skills(votes)
    decided = decide(votes, publish_tables(skills.confusion), publish_prior(skills.prior))
    scores = votes.by_item @ tables_by_answer(np.log(skills.confusion)) + np.log(skills.prior)
    posteriors = skills.softening.posteriors(decided.scores / 1024, votes.votes_per_item)
    return score(posteriors, truth, time.process_time() - began) | {
        "differs_from_floats": float((decided.labels != scores.argmax(axis=1)).mean()),
        "differs_from_default": float((decided.labels != skills.posteriors.argmax(axis=1)).mean()),
    }


def crowdkit(name: str, votes: Votes, truth: np.ndarray, slow: bool, data: Path) -> dict[str, dict]:
    wanted = [m for m in CROWDKIT if slow or m not in SLOW or crowdkit_environment.is_kept(m, name)]
    answers = crowdkit_environment.ask_once(wanted, str(labels_file(name, data)), name, limit_s=3600)
    found = {f"crowd-kit {method}": FAIL | EARLIER.get(name, {}).get(f"crowd-kit {method}", {}) for method in CROWDKIT}
    for method, (report, path) in answers.items():
        found[f"crowd-kit {method}"] = score(aligned(path, votes), truth, report["cpu_s"])
    return found


def aligned(path: Path, votes: Votes) -> np.ndarray:
    """crowd-kit's posteriors in the order of our codes; labels that nobody used get probability 0."""
    saved = np.load(path)
    rows = {item: row for row, item in enumerate(saved["items"].tolist())}
    posteriors = np.zeros((votes.n_items, votes.n_labels))
    columns = [votes.labels.tolist().index(label) for label in saved["labels"].tolist()]
    order = [rows[item] for item in votes.item_ids.tolist()]
    posteriors[:, columns] = saved["posteriors"][order]
    return posteriors


def summary(found: dict[str, dict[str, dict]], sets: list[str]) -> dict[str, dict]:
    """Per method over the sets: mean accuracy, mean rank, worst distance to majority, log-loss, calibration."""
    methods = list(found[sets[0]])
    table = np.array([[found[s][m]["accuracy"] for m in methods] for s in sets])
    losses = np.array([[found[s][m]["log_loss"] for m in methods] for s in sets])
    errors = np.array([[found[s][m]["calibration_error"] for m in methods] for s in sets])
    # round before ranking: equal to 1e-6 of a point is a tie
    ranks = np.array([rankdata(-np.round(np.nan_to_num(row, nan=-1), 6)) for row in table])
    aurocs = np.array([[found[s][m].get("auroc", np.nan) for m in methods] for s in sets])
    smoothed = np.array([found[s]["majority_vote"]["smoothed_log_loss"] for s in sets])
    base = methods.index("majority_vote")
    whole = ~np.isnan(table).any(axis=0)
    return {
        method: {
            "mean_accuracy": float(table[:, i].mean()) if whole[i] else None,
            "mean_rank": float(ranks[:, i].mean()) if whole[i] else None,
            "worst_against_majority": float((table[:, i] - table[:, base]).min()) if whole[i] else None,
            "mean_log_loss": float(losses[:, i].mean()) if whole[i] else None,
            "log_loss_worse_than_majority": int((losses[:, i] > losses[:, base] + 1e-9).sum()) if whole[i] else None,
            "log_loss_above_smoothed": int((losses[:, i] > smoothed + 1e-9).sum()) if whole[i] else None,
            "median_calibration_error": float(np.median(errors[:, i])) if whole[i] else None,
            "mean_auroc": float(np.nanmean(aurocs[:, i])) if whole[i] and not np.isnan(aurocs[:, i]).all() else None,
        }
        for i, method in enumerate(methods)
    }


def over(sets: list[str], totals: dict) -> list[str]:
    heads = [
        "mean accuracy",
        "mean rank",
        "worst against majority",
        "mean log-loss",
        "sets with log-loss above majority",
    ]
    heads += ["above smoothed majority", "median calibration error", "mean AUROC"]
    lines = ["", f"## Over {len(sets)} sets: {', '.join(sets)}", ""]
    lines += ["| method | " + " | ".join(heads) + " |", "| --- |" + " --- |" * len(heads)]
    formats = ["{:.2f}", "{:.2f}", "{:+.1f}", "{:.3f}", "{}", "{}", "{:.3f}", "{:.3f}"]
    for method, row in totals.items():
        cells = ["–" if v is None else f.format(v) for f, v in zip(formats, row.values(), strict=True)]
        lines.append(f"| {method} | " + " | ".join(cells) + " |")
    return lines


def markdown(found: dict, parts: list[tuple[list[str], dict]]) -> str:
    methods = list(next(iter(found.values())))
    lines = [
        "# Categorical methods on recorded crowds",
        "",
        "Accuracy in %, ties by expectation; – : not run or failed.",
        "",
    ]
    lines += ["| method | " + " | ".join(found) + " |", "| --- |" + " --- |" * len(found)]
    for method in methods:
        cells = [found[s].get(method, FAIL)["accuracy"] for s in found]
        lines.append(f"| {method} | " + " | ".join("–" if np.isnan(c) else f"{c:.1f}" for c in cells) + " |")
    for sets, totals in parts:
        lines += over(sets, totals)
    lines += [
        "",
        "## The integer rule",
        "",
        "| set | differs from floats % | differs from the default % |",
        "| --- | --- | --- |",
    ]
    for name, rows in found.items():
        rule = rows["integer rule"]
        lines.append(f"| {name} | {100 * rule['differs_from_floats']:.2f} | {100 * rule['differs_from_default']:.2f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--sets", nargs="+", default=[*TWELVE, *NEWER, *MORE])
    parser.add_argument("--without-crowdkit", action="store_true")
    parser.add_argument("--slow", action="store_true", help="crowd-kit's slow methods as well (minutes)")
    parser.add_argument("--afresh", action="store_true", help="forget what crowd-kit gave before")
    chosen = parser.parse_args()
    if chosen.afresh:
        crowdkit_environment.forget()
        EARLIER.clear()
    found = {}
    for name in chosen.sets:
        votes, truth = read_set(name, chosen.data)
        found[name] = ours(votes, truth)
        if not chosen.without_crowdkit:
            found[name] |= crowdkit(name, votes, truth, chosen.slow, chosen.data)
        print(name, {m: round(r["accuracy"], 1) for m, r in found[name].items()}, flush=True)
    groups = ([n for n in found if n in kind] for kind in (TWELVE, NEWER, [*TWELVE, *NEWER]))
    parts = [(sets, summary(found, sets)) for sets in groups if sets] or [(list(found), summary(found, list(found)))]
    text = markdown(found, parts)
    print(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "consensus_accuracy.md").write_text(text)
    RESULT.write_text(json.dumps({"sets": found, "summary": parts}, indent=1) + "\n")


if __name__ == "__main__":
    main()
