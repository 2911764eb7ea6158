"""Whether the libraries of the field read what we write: each in its own process, with a Python of its own, what it read beside what it
should read.

    python -m benchmarks.outside_readers [--python PYTHON]

Installs benchmarks/outside_readers.txt into a temporary folder (about 1.5 GB) unless --python names one that has them. What cannot be
installed or loaded is told with its reason. Results: benchmarks/results/outside_readers.json and .md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
RESULTS = ROOT / "benchmarks" / "results" / "outside_readers.json"
WANTED = ROOT / "benchmarks" / "outside_readers.txt"
READING = ROOT / "benchmarks" / "outside_reading.py"
READERS = (
    "pycocotools",
    "spacy",
    "datasets",
    "mlcroissant",
    "seqeval",
    "cleanlab",
    "webvtt",
    "srt",
    "textgrid",
    "motmetrics",
    "trl",
    "beir",
    "datumaro",
)
BARE = {"trl", "beir"}  # what reads files there needs none of the gigabytes that they ask for
INSTALL_S, READ_S = 1800, 300


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", help="one that has the libraries")
    given = parser.parse_args().python
    with tempfile.TemporaryDirectory(prefix="outside-") as folder:
        python = given or _installed(Path(folder) / "venv")
        from benchmarks.outside_worlds import write_all

        files = Path(folder) / "files"
        made = [f"{release}/{name}" for release, name in write_all(files)]
        found = {reader: _read(python, files, reader) for reader in READERS}
    RESULTS.write_text(
        json.dumps({"written": made, "readers": found}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    RESULTS.with_suffix(".md").write_text(_table(found), encoding="utf-8")
    print(_table(found))
    return 0 if all(one["ok"] for reader in found.values() for one in reader.get("checks", {}).values()) else 1


def _installed(to: Path) -> str:
    """A Python with as many of the libraries as can be installed here; each by itself, so that one that cannot costs only itself."""
    venv.create(to, with_pip=True)
    python = str(to / "bin" / "python")
    wanted = [line for line in WANTED.read_text().splitlines() if line and not line.startswith("#")]
    for one in wanted:
        bare = ["--no-deps"] if one in BARE else []
        made = subprocess.run(
            [python, "-m", "pip", "install", "-q", *bare, one],
            capture_output=True,
            text=True,
            timeout=INSTALL_S,
            check=False,
        )
        print(one, "installed" if made.returncode == 0 else made.stderr.strip().splitlines()[-1:])
    return python


def _read(python: str, files: Path, reader: str) -> dict:
    """Its version and its checks, or why there are none."""
    env = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TMPDIR")}
    env |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HOME": str(files), "OMP_NUM_THREADS": "1"}
    ran = subprocess.run(
        [python, str(READING), str(files), reader],
        capture_output=True,
        text=True,
        timeout=READ_S,
        env=env,
        cwd=files,
        check=False,
    )
    if ran.returncode:
        return {"not_read": (ran.stderr.strip().splitlines() or ["it ended without a word"])[-1][:300]}
    said = json.loads(ran.stdout.strip().splitlines()[-1])
    checks = {
        name: {"ok": read == right, "read": read, "right": right} for name, (read, right) in said["checks"].items()
    }
    return {"version": said["version"], "checks": checks}


def _table(found: dict) -> str:
    head = "# What outside readers read of our files\n\nMade by `python -m benchmarks.outside_readers`.\n\n"
    head += "| reader | version | release and format | reads what we wrote |\n| --- | --- | --- | --- |\n"
    rows = []
    for reader, said in found.items():
        if "not_read" in said:
            rows.append(f"| {reader} | | | not tried: {said['not_read'].replace('|', ' ')} |\n")
        for name, check in said.get("checks", {}).items():
            rows.append(
                f"| {reader} | {said['version']} | {name} | {'yes' if check['ok'] else 'NO: ' + str(check['read'])[:120]} |\n"
            )
    return head + "".join(rows)


if __name__ == "__main__":
    sys.exit(main())
