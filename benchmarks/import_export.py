"""Rows a second and peak memory of importing a table and of freezing and downloading a release.

    python benchmarks/import_export.py [--rows 100000] [--answers 3] [--beside CHECKOUT]

Runs on embedded servers of its own, in this one process, through the same verbs as the product: receive_upload and
import_upload; build_release and download_release. Decisions and answers are seeded by SQL, on both media. The peak is
what the process held more at its worst moment than before (VmHWM), the files' own disk space left out. --beside: another checkout
of ours runs its own benchmark behind this one, on the same machine in the same minutes, and the ratios to it are kept.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
RESULTS = ROOT / "benchmarks" / "results" / "import_export.json"
AIM_ROWS_PER_S = 20_000
WORKERS = 200

_ITEMS = """
INSERT INTO labelling_item (project_id, dataset_id, content_hash, external_id, media_id, payload, metadata, created_at)
SELECT %(project)s, %(dataset)s, encode(sha256(int8send(i)), 'hex'), 'row ' || i, NULL,
       jsonb_build_object('text', 'The quick brown fox number ' || i || ' jumps over the lazy dog, again and again.'),
       jsonb_build_object('source', 'benchmark', 'page', i::text), now()
  FROM generate_series(1, %(rows)s) AS i
"""
_LEASES = """
INSERT INTO labelling_lease (id, worker_id, batch_id, item_id, state, drawn_at, expires_at, report_reason)
SELECT gen_random_uuid(), %(worker)s + (item.id * 7 + n) %% %(workers)s, %(batch)s, item.id, 'answered', now(), now(), ''
  FROM labelling_item item, generate_series(1, %(answers)s) AS n WHERE item.project_id = %(project)s
"""
_ANSWERS = """
INSERT INTO labelling_answer (id, lease_id, worker_id, item_id, batch_id, project_id, value, body_sha256, counted,
                              base_micro, active_ms, device_class, suggestion_shown, received_at, receipt, receipt_signature)
SELECT gen_random_uuid(), l.id, l.worker_id, l.item_id, l.batch_id, %(project)s, %(value)s::jsonb, repeat('a', 64), true,
       10000, 2000, 'phone', false, now(), '{}', ''
  FROM labelling_lease l WHERE l.batch_id = %(batch)s
"""
_DECISIONS = """
INSERT INTO labelling_decision (item_id, project_id, batch_id, value, confidence_ppm, agreement_ppm, answers_used, final,
                                sure, source, method, inputs_hash, detail, decided_at)
SELECT id, %(project)s, %(batch)s, %(value)s::jsonb, 987654, 1000000, %(answers)s, true, true, 'crowd',
       'choice-pooled/1', repeat('b', 64), '{}', now()
  FROM labelling_item WHERE project_id = %(project)s
"""


@dataclass
class Line:
    what: str
    rows: int
    seconds: float
    cpu_s: float  # of this process and of its PostgreSQL backend: tells a busy machine from slow code
    peak_mb: float
    size_mb: float

    @property
    def rows_per_s(self) -> float:
        return self.rows / self.seconds


@contextmanager
def embedded_servers() -> Iterator[None]:
    from server.embedded import Postgres, Valkey

    folder = Path(tempfile.mkdtemp(prefix="ilima-benchmark-"))
    postgres, valkey = Postgres(folder), Valkey(folder)
    try:
        postgres.start()
        valkey.start()
        os.environ |= {"DATABASE_URL": postgres.url(), "REDIS_URL": valkey.url(), "ILIMA_DATA": str(folder / "data")}
        os.environ |= {"ILIMA_TESTING": "1", "DJANGO_SETTINGS_MODULE": "server.settings", "LOG_LEVEL": "WARNING"}
        yield
    finally:
        valkey.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def measure(what: str, rows: int, run: Callable[[], int]) -> Line:
    """`run` returns the bytes it read or wrote."""
    Path("/proc/self/clear_refs").write_text("5")
    before_kb, start, cpu_start_s = _status_kb("VmRSS"), time.perf_counter(), _cpu_s()
    size_bytes = run()
    seconds, cpu_s = time.perf_counter() - start, _cpu_s() - cpu_start_s
    return Line(what, rows, seconds, cpu_s, (_status_kb("VmHWM") - before_kb) / 1024, size_bytes / 1e6)


def _cpu_s() -> float:
    import psutil
    from django.db import connection

    connection.ensure_connection()
    backend = psutil.Process(connection.connection.info.backend_pid).cpu_times()
    return time.process_time() + backend.user + backend.system


def _status_kb(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])


def imports(rows: int) -> Iterator[Line]:
    from labelling.data.import_upload import import_upload
    from labelling.data.receive_upload import receive_upload
    from labelling.models import Item

    for name, content in (("rows.csv", csv_rows(rows)), ("rows.jsonl", jsonl_rows(rows))):
        requester, dataset = new_dataset()
        file = io.BytesIO(content)
        file.name = name

        def run(file=file, dataset=dataset, requester=requester, content=content) -> int:
            (upload,) = receive_upload(requester, dataset, files=[file])
            import_upload(upload.pk)
            return len(content)

        yield measure(f"import {name.split('.')[1]}", rows, run)
        check(Item.objects.filter(dataset=dataset).count() == rows, f"{name}: not every row arrived")
        yield measure(
            f"import {name.split('.')[1]}, all known", rows, lambda run=run, file=file: (file.seek(0), run())[1]
        )
        check(Item.objects.filter(dataset=dataset).count() == rows, f"{name}: rows were doubled")


def warm_up() -> None:
    """Loading code is no part of importing."""
    for _ in imports(1_000):
        pass


def csv_rows(rows: int) -> bytes:
    line = "{0},The quick brown fox number {0} jumps over the lazy dog again and again.,page {0},web\n"
    return ("id,text,page,source\n" + "".join(line.format(i) for i in range(rows))).encode()


def jsonl_rows(rows: int) -> bytes:
    line = '{{"id": {0}, "text": "The quick brown fox number {0} jumps over the lazy dog again.", "page": {0}}}\n'
    return "".join(line.format(i) for i in range(rows)).encode()


def exports(rows: int, answers: int) -> Iterator[Line]:
    from labelling.models import Release
    from labelling.releases.build_release import build_release
    from labelling.releases.create_release import create_release
    from labelling.releases.download_release import download_release

    requester, dataset = new_dataset()
    seed(requester, dataset, rows, answers)
    release = create_release(requester, dataset.project)

    def build() -> int:
        build_release(release.pk)
        return Release.objects.get(pk=release.pk).size_bytes

    yield measure(f"build a release, {answers} answers an item", rows, build)
    ready = Release.objects.select_related("project").get(pk=release.pk)
    check((ready.state, ready.items) == ("ready", rows), f"the release is {ready.state} with {ready.items} items")
    for name in ("jsonl", "csv"):
        chunks = download_release(requester, ready, name).chunks
        yield measure(f"download {name}", rows, lambda chunks=chunks: sum(map(len, chunks)))


def new_dataset():
    from labelling.data.create_dataset import create_dataset
    from labelling.projects.create_project import create_project
    from people.models import Membership, Organisation, Person

    organisation = Organisation.objects.create(name="Benchmark")
    requester = Person.objects.create_user(email=f"benchmark-{organisation.pk}@example.org")
    Membership.objects.create(organisation=organisation, person=requester, role="owner")
    labels = {"labels": [{"id": name, "name": {"en": name}} for name in ("pos", "neg")]}
    project = create_project(
        requester, organisation, title="Benchmark", task_type="choice", medium="text", config=labels
    )
    return requester, create_dataset(requester, project, "rows")


def seed(requester, dataset, rows: int, answers: int) -> None:
    """Items, leases, answers and decisions as the route would leave them, without taking its time."""
    from django.db import connection

    from labelling.models import Batch
    from people.models import Person, Worker

    people = [Person.objects.create_user(email=f"w{i}@example.org") for i in range(WORKERS)]
    first = Worker.objects.bulk_create([Worker(person=person) for person in people])[0]
    batch = Batch.objects.create(
        project=dataset.project, name="benchmark", base_micro=10_000, min_answers=2, max_answers=5
    )
    values = {
        "project": dataset.project_id,
        "dataset": dataset.pk,
        "batch": batch.pk,
        "worker": first.pk,
        "workers": WORKERS,
        "rows": rows,
        "answers": answers,
        "value": json.dumps({"label": "pos"}),
    }
    with connection.cursor() as cursor:
        for statement in (_ITEMS, _LEASES, _ANSWERS, _DECISIONS):
            cursor.execute(statement, values)
        cursor.execute("ANALYZE")


def check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SystemExit(f"The figures are worth nothing: {otherwise}.")


def show(lines: list[Line]) -> None:
    print(f"{'':38} {'rows/s':>9} {'s':>7} {'CPU s':>7} {'peak MB':>8} {'file MB':>8}")
    for line in lines:
        mark = "" if line.rows_per_s >= AIM_ROWS_PER_S else f"  under {AIM_ROWS_PER_S:,}"
        sizes = f"{line.seconds:7.2f} {line.cpu_s:7.2f} {line.peak_mb:8.1f} {line.size_mb:8.1f}"
        print(f"{line.what:38} {line.rows_per_s:9,.0f} {sizes}{mark}")


def compared(lines: list[Line], checkout: Path, environment: dict[str, str], sizes: list[str]) -> dict:
    """How many times the other checkout's time and CPU time each line took."""
    command = [sys.executable, "benchmarks/import_export.py", *sizes]
    subprocess.run(command, cwd=checkout, env=environment, check=True)
    theirs = json.loads((checkout / "benchmarks" / "results" / RESULTS.name).read_text())["lines"]
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=checkout, capture_output=True, text=True, check=True
    ).stdout.strip()
    ratios = {
        ours.what: {name: round(getattr(ours, name) / their[name], 2) for name in ("seconds", "cpu_s")}
        for ours, their in zip(lines, theirs, strict=True)
    }
    return {"commit": commit, "times": ratios, "lines": theirs}


def keep(lines: list[Line], rows: int, beside: dict | None) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    figures = [{**vars(line), "rows_per_s": round(line.rows_per_s)} for line in lines]
    load = [round(value, 1) for value in os.getloadavg()]
    result = {"rows": rows, "cores": os.cpu_count(), "load_average": load, "lines": figures}
    result |= {"beside": beside} if beside else {}
    RESULTS.write_text(json.dumps(result, indent=1) + "\n")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--answers", type=int, default=3)
    options.add_argument("--beside", type=Path)
    given, environment = options.parse_args(), dict(os.environ)
    with embedded_servers():
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        warm_up()
        lines = [*imports(given.rows), *exports(given.rows, given.answers)]
        from django.db import connection

        connection.close()
    show(lines)
    sizes = ["--rows", str(given.rows), "--answers", str(given.answers)]
    keep(lines, given.rows, compared(lines, given.beside, environment, sizes) if given.beside else None)


if __name__ == "__main__":
    main()
