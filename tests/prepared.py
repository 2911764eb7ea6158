"""A database with all its tables, made once for a run of all tests: each lane and each platform begins with a copy of its files, where
making them anew costs a quarter of a minute of a processor. Who runs a few tests by herself has none, and each makes its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = "ILIMA_PREPARED"
FILES = "postgres"  # server.embedded.Postgres keeps them there
ROOT = Path(__file__).resolve().parent.parent


def prepare(folder: Path) -> None:
    """As ./run demo does it the first time."""
    from server.embedded import Postgres

    postgres = Postgres(folder)
    postgres.start()
    try:
        given = {**os.environ, "ILIMA_TESTING": "1", "DATABASE_URL": postgres.url(), "ILIMA_DATA": str(folder / "data")}
        subprocess.run([sys.executable, "manage.py", "prepare_database", "ilima_app"], cwd=ROOT, env=given, check=True)
    finally:
        postgres.stop()


def copy_to(folder: Path) -> bool:
    """Whether there was one to copy: what starts in this folder finds its tables then."""
    prepared = os.environ.get(FOLDER)
    if prepared is None:
        return False
    shutil.copytree(Path(prepared, FILES), folder / FILES)
    return True


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
