"""Streaming against batch on recorded crowds: the share of decisions on which they agree after the same answers.

    python -m benchmarks.streaming [--data ../shared/data/crowd] [--orders 4]

The answers come one by one in random order; skills are refreshed whenever a tenth more answers are there. "while streaming":
no refresh after
the last answer, so up to a tenth of the answers has not taught the skills yet. "after the last refresh": as when the stream
falls silent. Both
against `learn_skills` and `decide` on all answers at once; "default" is the share on which these two agree with `auto`.
s_adult is left out:
its 93,000 answers take minutes an order and would show nothing else.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.crowd_sets import DATA, TWELVE, read_set
from consensus.core import Stream, Votes, auto, decide, learn_skills, publish_prior, publish_tables

RESULTS = Path(__file__).parent / "results" / "streaming.md"


class Row(NamedTuple):
    name: str
    answers: int
    live: float
    silent: float
    default: float
    refreshes: float
    cpu_s: float


def play(votes: Votes, seed: int) -> tuple[Stream, int]:
    """(the stream after all answers, refreshes)"""
    rows = np.column_stack([votes.item_codes, votes.worker_codes, votes.answer_codes])
    stream, refreshes = Stream(range(votes.n_labels)), 0
    for row in np.random.default_rng(seed).permutation(rows).tolist():
        stream.add(*row)
        if stream.is_stale:
            stream.refresh()
            refreshes += 1
    return stream, refreshes


def decisions(stream: Stream, votes: Votes) -> np.ndarray:
    order = [stream.items[item] for item in np.flatnonzero(votes.votes_per_item).tolist()]
    return stream.decisions()[order]


def measure(name: str, orders: int, data: Path) -> Row:
    votes, _ = read_set(name, data)
    skills, there = learn_skills(votes), votes.votes_per_item > 0
    batch = decide(votes, publish_tables(skills.confusion), publish_prior(skills.prior)).labels[there]
    found, began = [], time.process_time()
    for seed in range(orders):
        stream, refreshes = play(votes, seed)
        live = float((decisions(stream, votes) == batch).mean())
        stream.refresh()
        found.append((live, float((decisions(stream, votes) == batch).mean()), refreshes))
    live, silent, refreshes = np.mean(found, axis=0).tolist()
    default = float((auto(votes).labels[there] == batch).mean())
    return Row(name, votes.n_votes, live, silent, default, refreshes, (time.process_time() - began) / orders)


def write(rows: list[Row], orders: int) -> str:
    lines = [f"# Streaming against batch, mean of {orders} orders of arrival\n"]
    lines.append(
        "| set | answers | while streaming % | after the last refresh % | default % | refreshes | processor s |"
    )
    lines.append("| --- " * 7 + "|")
    for row in rows:
        shares = " | ".join(f"{100 * share:.2f}" for share in (row.live, row.silent, row.default))
        lines.append(f"| {row.name} | {row.answers} | {shares} | {row.refreshes:.0f} | {row.cpu_s:.1f} |")
    shares = " | ".join(
        f"{100 * np.mean([getattr(row, key) for row in rows]):.2f}" for key in ("live", "silent", "default")
    )
    lines.append(f"| mean | | {shares} | | |")
    return "\n".join(lines) + "\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--orders", type=int, default=4)
    asked = options.parse_args()
    rows = [measure(name, asked.orders, asked.data) for name in TWELVE if name != "s_adult"]
    RESULTS.write_text(write(rows, asked.orders))
    print(RESULTS.read_text())


if __name__ == "__main__":
    main()
