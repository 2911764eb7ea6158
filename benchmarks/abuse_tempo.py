"""Machines among people, and machines alone: who is flagged and held after how many answers, who is paid what, how right the labels are.

    python -m benchmarks.abuse_tempo [--seeds 10] [--items 120] [--only "nobody" "five at random, no pause"]

On a PostgreSQL of its own, or on that of DATABASE_URL, in a test database that is removed again. What is not asked for keeps its figures
of the last time. Every account works over HTTP by token
(tests/tempo/machines.py), the clock is moved and never waited for, and Celery's beat does its look every 15 s of that time. 15 people are
right 75 to 92 % of the time and take 5 s a task, each at her own pace.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results" / "abuse_tempo.json"
NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
PEOPLE = 15
MACHINES = 5


def kinds(rng) -> dict[str, list]:
    """What comes besides the people, by name."""
    from tests.tempo.machines import Phone, machine, skilled

    return {
        "nobody": [],
        "five at random, no pause": [machine(rng, 0.02) for _ in range(MACHINES)],
        "five at random, times forged": [machine(rng, 0.02, 6000) for _ in range(MACHINES)],
        "five at random, 1 s": [machine(rng, 1.0) for _ in range(MACHINES)],
        "five at random, at a person's pace": [machine(rng, 5.0, pack=20) for _ in range(MACHINES)],
        "five that say one label": [Phone(lambda truth: "bad", lambda: 2.0) for _ in range(MACHINES)],
        "five right 95 %, 0.3 s": [Phone(skilled(rng, 0.95), lambda: 0.3) for _ in range(MACHINES)],
        "five right 95 %, 0.3 s, times forged": [
            Phone(skilled(rng, 0.95), lambda: 0.3, claims_ms=6000) for _ in range(MACHINES)
        ],
    }


def money_of(phone) -> tuple[int, int]:
    """What it earned, and what of that it may take out now."""
    from labelling.conduct.holds import hold_of
    from ledger.factories import available_of, pending_of
    from ledger.posting import balance

    available, hold = balance(available_of(phone.worker.pk), "USD"), hold_of(phone.worker)
    earned = available + balance(pending_of(phone.worker.pk), "USD")
    return earned, hold.free_micro(available) if hold else available


def one(name: str, seed: int, items: int, people: int) -> dict:
    """A crowd with its machines, in a database that forgets it."""
    import numpy as np
    import time_machine
    from django.db import transaction

    from labelling.models import Decision, PayHold
    from labelling.work.obfuscated_ids import shown_item_id
    from tests.tempo.machines import crowd_world, flags_of, honest, truth_of, work

    rng = np.random.default_rng(seed)
    with time_machine.travel(NOON, tick=False) as travel, transaction.atomic():
        world = crowd_world(items=items, golds=30, workers=0)
        crowd = [honest(rng, skill) for skill in np.linspace(0.75, 0.92, people)]
        machines = kinds(rng)[name]
        truth = truth_of(world, rng)
        work(world, [*crowd, *machines], truth, lambda moment: travel.move_to(moment, tick=False))
        final = list(Decision.objects.filter(project=world.project, final=True))
        right = sum(row.value["label"] == truth[shown_item_id(row.item_id)] for row in final)
        row = {
            "decided": len(final),
            "accuracy": right / max(len(final), 1),
            "people_flagged": sum(bool(flags_of(phone)) for phone in crowd),
            "people_held": PayHold.objects.filter(worker__in=[phone.worker for phone in crowd]).count(),
            "machines_flagged": sum(bool(flags_of(phone)) for phone in machines),
            "flags": sorted({kind for phone in machines for kind, _ in flags_of(phone)}),
            "answers_when_flagged": [flags_of(phone)[0][1] for phone in machines if flags_of(phone)],
            "machines_answers": [phone.answers for phone in machines],
            "machines_earned_micro": [money_of(phone)[0] for phone in machines],
            "machines_free_micro": [money_of(phone)[1] for phone in machines],
            "people_earned_micro": [money_of(phone)[0] for phone in crowd],
        }
        transaction.set_rollback(True)
    return row


def summary(name: str, rows: list[dict]) -> dict:
    flagged = [n for row in rows for n in row["answers_when_flagged"]]
    machines = sum(len(row["machines_answers"]) for row in rows)
    return {
        "machines": name,
        "seeds": len(rows),
        "accuracy": round(mean(row["accuracy"] for row in rows), 4),
        "accuracies": [round(row["accuracy"], 4) for row in rows],
        "people_flagged": sum(row["people_flagged"] for row in rows),
        "people_held": sum(row["people_held"] for row in rows),
        "machines_flagged": f"{sum(row['machines_flagged'] for row in rows)} of {machines}",
        "flags": sorted({kind for row in rows for kind in row["flags"]}),
        "most_answers_when_flagged": max(flagged, default=0),
        "most_answers": max((n for row in rows for n in row["machines_answers"]), default=0),
        "most_earned_micro": max((n for row in rows for n in row["machines_earned_micro"]), default=0),
        "most_free_micro": max((n for row in rows for n in row["machines_free_micro"]), default=0),
        "most_free_of_all_micro": max((sum(row["machines_free_micro"]) for row in rows), default=0),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--items", type=int, default=120)
    parser.add_argument("--others", type=int, default=2, help="seeds for the kinds that the promise is not about")
    parser.add_argument("--only", nargs="+", help="these kinds alone")
    options = parser.parse_args()
    os.environ["ILIMA_TESTING"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
    importlib.import_module(
        "tests.servers"
    )  # starts a PostgreSQL where none is named, before Django reads the settings
    import django

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from ledger import clock

    logging.disable(logging.WARNING)
    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    import time

    clock.steady_s, clock.offset_s = time.time, lambda: 0.0  # the database runs here; its clock travels with ours
    try:
        measure(options)
    finally:
        teardown_databases(made, verbosity=0)


def measure(options: argparse.Namespace) -> None:
    import numpy as np

    found = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    found = {**found, "items": options.items, "people": PEOPLE}
    names = list(kinds(np.random.default_rng(0)))
    rows = {row["machines"]: row for row in found.get("mixed", [])}
    for number, name in enumerate(names):
        if options.only and name not in options.only:
            continue
        seeds = options.seeds if number < 4 else options.others
        rows[name] = summary(name, [one(name, seed, options.items, PEOPLE) for seed in range(seeds)])
        found["mixed"] = [rows[known] for known in names if known in rows]
        RESULTS.write_text(json.dumps(found, indent=1) + "\n")  # hours of work: each kind is kept as it is done
        print(json.dumps(rows[name]), flush=True)
    if not options.only:
        found["machines_alone"] = [one(name, 0, options.items, 0) for name in names[1:5]]
        RESULTS.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
