"""Decisions a second: accepted answers waiting in the outbox until each is decided, settled, paid and told.

    python -m benchmarks.decisions [--answers 6000]

Answers come in by the product's own verbs (packs of 20 from 12 workers, three an item), then one process drains the outbox as the
Celery worker does, once for every size of backlog. Bar: 1,000 answers a second. Writes results/decisions.json.
"""

from __future__ import annotations

import argparse
import json
import time
import uuid
from pathlib import Path

from benchmarks.labelling_loop import make_world
from benchmarks.platform_for_benchmarks import running_servers

RESULTS = Path(__file__).parent / "results" / "decisions.json"
WORKERS, PACK = 12, 20


def fill(batch, workers: list, wanted: int) -> int:
    """Accept answers until so many wait; returns how many."""
    from labelling.work.accept_answers import accept_answers
    from labelling.work.draw_work import draw_work

    given = 0
    while given < wanted:
        before = given
        for worker in workers:
            lent = draw_work(worker, batch, PACK)
            sent = [
                {
                    "id": str(uuid.uuid4()),
                    "lease": one.lease,
                    "value": {"label": "yes" if one.item_id % 2 else "no"},
                    "active_ms": 900,
                }
                for one in lent
            ]
            given += len(accept_answers(worker, sent)) if sent else 0
            if given >= wanted:
                break
        if given == before:
            break
    return given


def measure(batch, workers: list, backlog: int) -> dict:
    from delivery import outbox

    answers = fill(batch, workers, backlog)
    begun, begun_cpu_s = time.perf_counter(), time.process_time()
    events = 0
    while outbox.waiting():
        events += outbox.drain()
    seconds = time.perf_counter() - begun
    return {
        "backlog": answers,
        "events": events,
        "answers_a_second": round(answers / seconds),
        "processor_ms_an_answer": round(1000 * (time.process_time() - begun_cpu_s) / answers, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=6000)
    options = parser.parse_args()
    with running_servers():
        import labelling.handlers  # noqa: F401  registers what happens to an accepted answer
        from people.models import Worker

        batch, _ = make_world(options.answers, WORKERS)
        workers = list(Worker.objects.order_by("-pk")[:WORKERS])
        measure(batch, workers, 200)  # the first events also import the numerics
        rows = [measure(batch, workers, backlog) for backlog in (100, 1000, options.answers)]
    for row in rows:
        print(row)
    RESULTS.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
