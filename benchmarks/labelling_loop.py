"""Draw + submit over HTTP: loops a second, latency, SQL statements, over-issue; clients and servers on the same machine.

    python -m benchmarks.labelling_loop [--items 10000 100000] [--clients 1 8 32] [--seconds 10] [--beside CHECKOUT]

A loop is one draw of one item and one POST of its answer. Then packs of 20 (draw 20, POST 20). Decisions are made by the
Celery worker meanwhile, as in production. Clients are processes of their own (threads would measure this process's GIL).
Batches of all sizes stand in one platform and take turns, so that their ratio is one of the same minutes.

Two columns tell how fast the machine was just then: client_ms, the clients' own processor time a loop (the same work each time),
and stolen, the share of the processors' time that the host of a virtual machine kept for others.

--beside: instead, the processor time of a loop and of a pack here and in another checkout of ours, in turns, with the ratio of speed
(benchmarks/labelling_beside.py).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import labelling_beside
from benchmarks.platform_for_benchmarks import running_platform

RESULTS = Path(__file__).parent / "results" / "labelling_loop.json"
CLIENT_PROCESSES = 2
ROUNDS = 5


def make_world(n_items: int, n_workers: int):
    """A funded open batch with n items, and tokens of n workers."""
    from labelling.batches.create_batch import create_batch
    from labelling.batches.open_batch import open_batch
    from labelling.data.add_items import text_hash
    from labelling.data.create_dataset import create_dataset
    from labelling.models import Item
    from labelling.projects.create_project import create_project
    from labelling.work.mark_recorded import mark_recorded
    from ledger import factories
    from ledger.posting import post_many
    from people.actions.create_organisation import create_organisation
    from people.actions.make_token import make_token
    from people.models import Person, Worker

    tag = uuid.uuid4().hex[:8]
    requester = Person.objects.create_user(email=f"{tag}@bench.example")
    organisation = create_organisation(requester, f"Bench {tag}")
    labels = [{"id": "no", "name": {"en": "No"}}, {"id": "yes", "name": {"en": "Yes"}}]
    project = create_project(
        requester, organisation, title=f"Bench {n_items}", task_type="choice", medium="text", config={"labels": labels},
        min_answers=3, max_answers=5, target_ppm=950_000, gold_share_bps=500, estimated_task_s=5,
    )  # fmt: skip
    dataset = create_dataset(requester, project, "bench")
    texts = [f"{tag} text {number}" for number in range(n_items)]
    rows = (
        Item(project=project, dataset=dataset, payload={"text": text}, content_hash=text_hash(text)) for text in texts
    )
    Item.objects.bulk_create(rows, batch_size=5000)
    post_many([factories.deposit(tag, organisation.pk, 10**12, "USD", "simulated")])
    batch = open_batch(requester, create_batch(requester, project, name="bench", base_micro=10_000, bonus_micro=2_000))
    tokens = []
    for number in range(n_workers):
        person = Person.objects.create_user(email=f"{tag}-{number}@bench.example")
        mark_recorded([Worker.objects.create(person=person)])
        tokens.append(make_token(person, "bench", ["work"])[1])
    return batch, tokens


def client(url: str, batch: int, tokens: list[str], pack: int, seconds: float, threads: int, out) -> None:
    """Loops of `threads` phones in this process until the time is up; puts the latencies (s) of each request, and the processor
    time (s) that they took here."""
    from threading import Thread

    from server.replay.phone import Phone

    latencies: list[tuple[float, float, int]] = []
    begun_cpu_s, deadline = time.process_time(), time.monotonic() + seconds

    def phone(token: str) -> None:
        line = Phone(url)
        while time.monotonic() < deadline:
            begun = time.perf_counter()
            leases = line.post("/work/draw", {"batch": batch, "n": pack}, token).get("leases", [])
            drawn = time.perf_counter()
            if not leases:
                return
            answers = [
                {
                    "id": str(uuid.uuid4()),
                    "lease": one["lease"],
                    "value": {"label": "yes" if one["item"]["id"] % 2 else "no"},
                    "active_ms": 900,
                }
                for one in leases
            ]
            reply = line.post("/work/answers", {"answers": answers}, token)
            assert all(result["status"] == "accepted" for result in reply["results"]), reply
            latencies.append((drawn - begun, time.perf_counter() - drawn, len(leases)))

    crew = [Thread(target=phone, args=(token,)) for token in tokens[:threads]]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    out.put((latencies, time.process_time() - begun_cpu_s))


@dataclass
class Measured:
    """What some seconds of a number of clients gave; several can be added up."""

    loops: list[tuple[float, float, int]] = field(default_factory=list)
    seconds: float = 0
    clients_cpu_s: float = 0
    stolen_s: float = 0

    def __add__(self, other: Measured) -> Measured:
        mine, theirs = vars(self), vars(other)
        return Measured(**{name: mine[name] + theirs[name] for name in mine})

    def row(self) -> dict:
        requests = sorted([draw for draw, _, _ in self.loops] + [submit for _, submit, _ in self.loops])
        return {
            "loops_a_second": round(len(self.loops) / self.seconds, 1),
            "answers_a_second": round(sum(n for _, _, n in self.loops) / self.seconds, 1),
            "p50_ms": round(1000 * statistics.median(requests), 1),
            "p95_ms": round(1000 * requests[int(0.95 * len(requests))], 1),
            "worst_ms": round(1000 * requests[-1], 1),
            "client_ms": round(1000 * self.clients_cpu_s / len(self.loops), 2),
            "stolen": round(self.stolen_s / self.seconds / (os.cpu_count() or 1), 2),
        }


def measure(url: str, batch, tokens: list[str], clients: int, pack: int, seconds: float) -> Measured:
    context = multiprocessing.get_context("spawn")
    out, processes = context.Queue(), []
    shares = [clients // CLIENT_PROCESSES + (i < clients % CLIENT_PROCESSES) for i in range(CLIENT_PROCESSES)]
    begun_stolen_s = stolen_s()
    for number, share in enumerate(shares):
        if share:
            mine = tokens[number::CLIENT_PROCESSES]
            processes.append(context.Process(target=client, args=(url, batch.pk, mine, pack, seconds, share, out)))
    for process in processes:
        process.start()
    found = [out.get() for _ in processes]
    for process in processes:
        process.join()
    loops = [loop for latencies, _ in found for loop in latencies]
    return Measured(loops, seconds, sum(cpu_s for _, cpu_s in found), stolen_s() - begun_stolen_s)


def stolen_s() -> float:
    """Processor time that the host kept for others since the start; 0 where that cannot be known."""
    try:
        first = Path("/proc/stat").read_text().splitlines()[0].split()
    except OSError:
        return 0.0
    return int(first[8]) / os.sysconf("SC_CLK_TCK")


def wait_for_statistics(least_s: float = 5, most_s: float = 150) -> None:
    """Until PostgreSQL has looked at the new rows by itself, as it has on any platform older than a minute or two."""
    from kernel.sql import fetch

    waiting = "SELECT count(*) FROM pg_stat_user_tables WHERE n_mod_since_analyze > 5000"
    time.sleep(least_s)
    until = time.monotonic() + most_s
    while fetch(waiting)[0][0] and time.monotonic() < until:
        time.sleep(1)


def over_issued(batch) -> int:
    """Items on which more is lent out or answered than is wanted."""
    from django.db.models import F

    from labelling.models import BatchItem

    return BatchItem.objects.filter(batch=batch, taken__gt=F("wanted")).count()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--beside", type=Path)
    options = parser.parse_args()
    if options.beside:
        labelling_beside.keep(Path.cwd(), options.beside.resolve(), options.items[0])
        return
    rows = []
    with running_platform() as platform:
        worlds = [make_world(n_items, max(options.clients)) for n_items in options.items]
        for batch, tokens in worlds:
            measure(platform.url, batch, tokens, 2, 1, 3)  # warm the processes up
        wait_for_statistics()
        for clients, pack in [(clients, 1) for clients in options.clients] + [(8, 20)]:
            measured = [Measured() for _ in worlds]
            for _ in range(ROUNDS):
                for place, (batch, tokens) in enumerate(worlds):
                    seconds = options.seconds / ROUNDS
                    measured[place] += measure(platform.url, batch, tokens, clients, pack, seconds)
            for (batch, _), one in zip(worlds, measured, strict=True):
                case = {"items": batch.items_total, "clients": clients, "pack": pack}
                rows.append({**case, **one.row(), "over_issued": over_issued(batch)})
                print(rows[-1], flush=True)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
