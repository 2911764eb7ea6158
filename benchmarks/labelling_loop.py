"""Draw + submit over HTTP: loops a second, latency, SQL statements, over-issue; clients and servers on the same machine.

    python -m benchmarks.labelling_loop [--items 10000 100000] [--clients 1 8 32] [--seconds 10]

A loop is one draw of one item and one POST of its answer. Then packs of 20 (draw 20, POST 20). Decisions are made by the
Celery worker meanwhile, as in production. Clients are processes of their own (threads would measure this process's GIL).
client_ms is the clients' own processor time a loop: the same work each time, so it tells how fast the machine was just then.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import statistics
import time
import uuid
from pathlib import Path

from benchmarks.platform_for_benchmarks import running_platform

RESULTS = Path(__file__).parent / "results" / "labelling_loop.json"
CLIENT_PROCESSES = 2


def make_world(n_items: int, n_workers: int):
    """A funded open batch with n items, and tokens of n workers."""
    from labelling.actions.add_items import text_hash
    from labelling.actions.create_project import create_dataset, create_project
    from labelling.actions.open_batch import create_batch, open_batch
    from labelling.models import Item
    from ledger import verbs
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
    post_many([verbs.deposit(tag, organisation.pk, 10**12, "USD", "simulated")])
    batch = open_batch(requester, create_batch(requester, project, name="bench", base_micro=10_000, bonus_micro=2_000))
    tokens = []
    for number in range(n_workers):
        person = Person.objects.create_user(email=f"{tag}-{number}@bench.example")
        Worker.objects.create(person=person)
        tokens.append(make_token(person, "bench", ["work"])[1])
    return batch, tokens


def client(url: str, batch: int, tokens: list[str], pack: int, seconds: float, threads: int, out) -> None:
    """Loops of `threads` phones in this process until the time is up; puts the latencies (s) of each request."""
    from threading import Thread

    from server.replay.phone import Phone

    latencies: list[tuple[float, float, int]] = []
    deadline = time.monotonic() + seconds

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
    out.put(latencies)


def measure(url: str, batch, tokens: list[str], clients: int, pack: int, seconds: float) -> dict:
    context = multiprocessing.get_context("spawn")
    out, processes = context.Queue(), []
    shares = [clients // CLIENT_PROCESSES + (i < clients % CLIENT_PROCESSES) for i in range(CLIENT_PROCESSES)]
    begun, begun_cpu_s = time.monotonic(), clients_cpu_s()
    for number, share in enumerate(shares):
        if share:
            mine = tokens[number::CLIENT_PROCESSES]
            processes.append(context.Process(target=client, args=(url, batch.pk, mine, pack, seconds, share, out)))
    for process in processes:
        process.start()
    loops = [loop for _ in processes for loop in out.get()]
    for process in processes:
        process.join()
    requests = sorted([draw for draw, _, _ in loops] + [submit for _, submit, _ in loops])
    return {
        "items": batch.items_total,
        "clients": clients,
        "pack": pack,
        "loops_a_second": round(len(loops) / seconds, 1),
        "answers_a_second": round(sum(n for _, _, n in loops) / seconds, 1),
        "p50_ms": round(1000 * statistics.median(requests), 1),
        "p95_ms": round(1000 * requests[int(0.95 * len(requests))], 1),
        "worst_ms": round(1000 * requests[-1], 1),
        "client_ms": round(1000 * (clients_cpu_s() - begun_cpu_s) / len(loops), 2),
        "wall_s": round(time.monotonic() - begun, 1),
    }


def clients_cpu_s() -> float:
    """Processor time of the processes that have ended: the clients, while the platform runs on."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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
    options = parser.parse_args()
    rows = []
    with running_platform() as platform:
        for n_items in options.items:
            batch, tokens = make_world(n_items, max(options.clients))
            measure(platform.url, batch, tokens, 2, 1, 3)  # warm the processes up
            runs = [(clients, 1) for clients in options.clients] + [(8, 20)]
            for clients, pack in runs:
                row = measure(platform.url, batch, tokens, clients, pack, options.seconds)
                rows.append({**row, "over_issued": over_issued(batch)})
                print(rows[-1], flush=True)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
