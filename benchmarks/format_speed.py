"""Pictures a second and peak memory of the formats of pictures, without the database: a release written, and what was written read again.

    python -m benchmarks.format_speed [--items 100000]

Two boxes a picture. Each line is a process of its own, by processor time, and once more with a quarter of the pictures: what it held more
at its worst moment than before (VmHWM) tells whether memory grows with them. Reading is that of the files alone: what an import does with
their pictures is of the sandbox (docs/operations.md), and what it does with rows is in import_export.py. Results:
benchmarks/results/format_speed.json.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
RESULTS = ROOT / "benchmarks" / "results" / "format_speed.json"
AIM_PER_S = 5_000
LABELS = [{"id": "neg", "name": {"en": "Negative"}}, {"id": "pos", "name": {"en": "Positive"}}]
BOXES = [
    {"label": "Negative", "label_id": "neg", "x": 0, "y": 0, "width": 50, "height": 60},
    {"label": "Positive", "label_id": "pos", "x": 100, "y": 200, "width": 300, "height": 40},
]
NAMES = ("coco", "yolo")


def release(items: int, to: Path) -> None:
    row = {
        "external_id": "", "text": None, "metadata": {}, "decision": {"boxes": BOXES}, "provenance": {}, "answers": [], "answers_used": 3,
    }  # fmt: skip
    with gzip.open(to, "wb", 1) as lines:
        for n in range(1, items + 1):
            media = {"file_name": f"images/{n:07}.jpg", "width_px": 640, "height_px": 480, "duration_ms": None}
            lines.write(json.dumps({"item": n, **row, "media": media}).encode() + b"\n")


def write(name: str, folder: Path) -> Callable[[], int]:
    from labelling.formats import EXPORTS
    from labelling.formats.frozen import Frozen

    lines, writer = folder / "lines.gz", EXPORTS[name].write
    assert writer is not None, name
    frozen = Frozen("Speed", 1, "boxes", "2026-11-22T00:00:00Z", lambda: lines.open("rb"), LABELS)

    def run() -> int:
        with (folder / name).open("wb") as out:
            return sum(map(out.write, writer(frozen)))

    return run


def read(name: str, folder: Path) -> Callable[[], int]:
    from labelling.formats import FORMATS

    kind, path = FORMATS[name], folder / name
    if kind.read:
        return lambda: sum(bool(row.cells) for row in kind.read(path))
    beside = kind.beside
    assert beside is not None, name
    if beside.of_many:
        return lambda: len(beside.of_many(path.read_bytes()))
    return lambda: read_zip(path, beside)


def read_zip(path: Path, beside) -> int:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        names = archive.namelist()
        listed = next((one for one in names if beside.is_list(one)), None)
        classes = beside.classes(archive.read(listed)) if listed else []
        found = (beside.read(archive.read(one), beside.of_name(one, classes)) for one in names if one != listed)
        return sum(bool(said.marks) for _, said in found)


def measured(what: str, name: str, folder: Path) -> dict:
    """In this process, which has done nothing else."""
    import django

    django.setup()
    run = (write if what == "write" else read)(name, folder)
    Path("/proc/self/clear_refs").write_text("5")
    before, began = status_kb("VmRSS"), time.process_time()
    try:
        result: dict = {"result": run()}
    except Exception as refused:  # a reader that bounds its file says so
        result = {"refused": str(refused)}
    return {"cpu_s": time.process_time() - began, "peak_mb": (status_kb("VmHWM") - before) / 1024, **result}


def status_kb(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--items", type=int, default=100_000)
    options.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.one:
        print(json.dumps(measured(given.one[0], given.one[1], Path(given.one[2]))))
        return
    found = []
    for items in (given.items // 4, given.items):
        with tempfile.TemporaryDirectory(prefix="ilima-formats-") as folder:
            release(items, Path(folder) / "lines.gz")
            for name in NAMES:
                for what in ("write", "read"):
                    one = {"format": name, "what": what, "items": items, **in_a_process(what, name, folder)}
                    found.append(one | {"per_s": round(items / one["cpu_s"])})
                    print(found[-1], flush=True)
    load = [round(value, 1) for value in os.getloadavg()]
    RESULTS.write_text(
        json.dumps({"aim_per_s": AIM_PER_S, "load_average": load, "lines": found}, indent=1) + "\n", encoding="utf-8"
    )


def in_a_process(what: str, name: str, folder: str) -> dict:
    command = [sys.executable, "-m", "benchmarks.format_speed", "--one", what, name, folder]
    environment = {**os.environ, "ILIMA_TESTING": "1"}
    out = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    return json.loads(out.strip().splitlines()[-1])


if __name__ == "__main__":
    main()
