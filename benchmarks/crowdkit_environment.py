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
    job = json.dumps({"method": method, "source": source, "out": str(out), "options": options})
    try:
        done = subprocess.run([make(), WORKER, job], capture_output=True, text=True, timeout=limit_s)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        print(f"crowd-kit {method} on {source} failed: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    return json.loads(done.stdout.strip().splitlines()[-1])
