"""An environment of its own for crowd-kit, which needs older pandas and scikit-learn; made once in .bench/crowdkit."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / ".bench" / "crowdkit"
PYTHON = PLACE / "bin" / "python"
PACKAGES = ["crowd-kit==1.4.2", "pandas==2.3.*", "numpy==2.2.*", "scikit-learn==1.5.*"]
WORKER = Path(__file__).with_name("crowdkit_worker.py")


def make() -> Path:
    """Create the environment when it is not there; returns its python."""
    if not PYTHON.exists():
        uv = shutil.which("uv") or Path(sys.executable).with_name("uv")
        if Path(uv).exists():
            subprocess.run([uv, "venv", "-q", "--python", sys.executable, PLACE], check=True)
            subprocess.run([uv, "pip", "install", "-q", "--python", PYTHON, *PACKAGES], check=True)
        else:
            subprocess.run([sys.executable, "-m", "venv", PLACE], check=True)
            subprocess.run([PYTHON, "-m", "pip", "install", "-q", *PACKAGES], check=True)
    return PYTHON


def ask(method: str, source: str, out: Path, limit_s: float, **options) -> dict | None:
    """Run one crowd-kit method in a process of its own. source: a labels.csv, or "synthetic:<npz>". Posteriors go to out
    (npz); returns {"wall_s", "cpu_s", "peak_mb", "n_iter"}, or None when it takes longer than limit_s or fails."""
    return _run({method: str(out)}, source, limit_s, options).get(method)


def ask_once(methods: list[str], source: str, prefix: str, limit_s: float) -> dict[str, tuple[dict, Path]]:
    """{method: (report, posteriors)} of several methods in one process; what lies in .bench already is read again."""
    places = {method: PLACE.parent / f"{prefix}-{method}.npz" for method in methods}
    missing = {m: str(out) for m, out in places.items() if not out.with_suffix(".json").exists()}
    if missing:
        for method, report in _run(missing, source, limit_s, {}).items():
            places[method].with_suffix(".json").write_text(json.dumps(report))
    kept = {method: out.with_suffix(".json") for method, out in places.items()}
    return {m: (json.loads(path.read_text()), places[m]) for m, path in kept.items() if path.exists()}


def is_kept(method: str, prefix: str) -> bool:
    """Has `ask_once` an answer already?"""
    return (PLACE.parent / f"{prefix}-{method}.json").exists()


def _run(methods: dict[str, str], source: str, limit_s: float, options: dict) -> dict[str, dict]:
    job = json.dumps({"methods": methods, "source": source, "options": options})
    try:
        done = subprocess.run([make(), WORKER, job], capture_output=True, text=True, timeout=limit_s)
        output, trouble = done.stdout, done.stderr.strip().splitlines()[-1:] if done.returncode else []
    except subprocess.TimeoutExpired as late:
        output, trouble = (late.stdout or b"").decode(), [f"stopped after {limit_s} s"]
    if trouble:
        print(f"crowd-kit on {source}: {trouble[0]}", file=sys.stderr)
    return {report["method"]: report for report in map(json.loads, output.strip().splitlines())}


def forget() -> None:
    for kept in PLACE.parent.glob("*-*.json"):
        kept.unlink()
