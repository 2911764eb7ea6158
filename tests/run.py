"""`./run test`: every check of the project; what fails stops it with its name.

`./run test fast` leaves out what is marked slow (browser, faults, whole processes) and the rooms named PATIENT_ROOMS.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.lanes import FOLDER, left_out
from tests.outside import around, changes
from tests.prepared import FOLDER as PREPARED
from tests.prepared import prepare

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
TYPED = (
    "consensus",
    "labelling",
    "ml_assist",
    *(
        f"platform/{room}"
        for room in ("kernel", "ledger", "proofs", "delivery", "intake", "payouts", "anchoring", "people")
    ),
    *(f"platform/{room}" for room in ("rewards", "wording", "notices", "api", "console", "server")),
)
TEMPLATES = sorted((ROOT / "platform").rglob("*.html"))
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def checks() -> list[tuple[str, list[str], dict[str, str]]]:
    """(name, command, extra environment), the longest first: they run side by side."""
    testing = {"ILIMA_TESTING": "1"}
    production = {
        "DEBUG": "0",
        "SECRET_KEY": "k" * 30 + "0123456789abcdefghijklmnopqrstuvwxyz",
        "RECEIPT_SIGNING_KEY": "ab" * 32,
        "RAIL_SECRET": "of-our-own-" * 3,
        "DESTINATION_KEYS": "of-our-own-for-numbers" * 2,
        "ALLOW_PRACTICE_RAIL": "1",
        "ANCHOR_PRIVATE_KEY": "0x" + "33" * 32,
        "PUBLIC_URL": "https://ilima.example",
        "MEDIA_ORIGIN": "https://media.ilima.example",
        "EMAIL_URL": "smtp+tls://ilima:secret@mail.ilima.example:587",
        "SMS_BACKEND": "people.sms.http.HttpBackend",
        "HSTS_SUBDOMAINS": "1",
        "HSTS_PRELOAD": "1",
    }
    manage = [PYTHON, "manage.py"]
    return [
        ("types", [PYTHON, "-m", "mypy", *TYPED], testing),
        ("lint", [PYTHON, "-m", "ruff", "check", "."], {}),
        ("format", [PYTHON, "-m", "ruff", "format", "--check", "."], {}),
        ("import contracts", [str(Path(PYTHON).parent / "lint-imports")], testing),
        ("templates", [PYTHON, "-m", "djlint", "--lint", "--quiet", "platform"], {}),
        ("format of templates", [str(Path(PYTHON).parent / "djade"), "--check", *map(str, TEMPLATES)], {}),
        *([("phone", ["npm", "run", "-s", "lint", "--prefix", "worker_app"], {})] if shutil.which("npm") else []),
        ("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], production),
    ]


# Chains, decoding children, rails, every door tried with hostile bodies: left out of the fast part.
PATIENT_ROOMS = ("chain", "formats", "intake", "payouts", "security")
CORES = min(8, max(2, os.cpu_count() or 1))
# A lane has a PostgreSQL of its own. What is slow waits for processes and browsers: one lane more keeps the processors busy.
FAST_LANES, SLOW_LANES = CORES, CORES + 1
FAST = ["-m", "not slow and not browser"]
# Of tests/sizes.py, for the part that runs all day.
FAST_SIZES = {
    "ILIMA_BODIES": "25",
    "ILIMA_QUERY_VALUES": "6",
    "ILIMA_MONEY_HISTORIES_FAST": "10",
}
# A browser that ran out of time on a busy machine has one more try, and pytest says that it had it; nothing else has.
SLOW = ["-m", "slow or browser", "--reruns", "1", "--only-rerun", "TimeoutError", "--only-rerun", r"with timeout \d+"]


def run_tests(fast: bool) -> int:
    """The fast part, then what is slow. The first exit code that is not 0."""
    rooms = sorted(
        f"tests/{path.name}" for path in (ROOT / "tests").iterdir() if path.is_dir() and list(path.glob("test_*.py"))
    )
    if fast:
        rooms = [room for room in rooms if room.removeprefix("tests/") not in PATIENT_ROOMS]
    with tempfile.TemporaryDirectory(prefix="ilima-left-out-") as folder:
        code = run_in_lanes(rooms, [*FAST, f"--left-out={folder}"], FAST_LANES)
        return code or (0 if fast else run_in_lanes(left_out(Path(folder)), SLOW, SLOW_LANES))


def run_in_lanes(where: list[str], chosen: list[str], lanes: int) -> int:
    """Side by side: who has done one file takes the next (tests/lanes.py). 1 also for tests that wrote where they have no business."""
    with tempfile.TemporaryDirectory(prefix="ilima-lanes-") as folder:
        home, taken = Path(folder, "home"), Path(folder, "taken")
        home.mkdir()
        taken.mkdir()
        before = around(home)
        given = {**os.environ, FOLDER: str(taken), "HOME": str(home)}
        given.pop("PYTHONDONTWRITEBYTECODE", None)  # a hundred processes start, and each would compile everything
        code = run_together([pytest("-p", "tests.lanes", *chosen, *where)] * lanes, given)
        written = changes(before, around(home))
    if written:
        print(f"The tests wrote outside of the clone and of temporary folders: {', '.join(written[:20])}", flush=True)
    return code or int(bool(written))


def pytest(*arguments: str) -> list[str]:
    return [PYTHON, "-m", "pytest", "-q", "--tb=short", *arguments]


def run_together(commands: list[list[str]], environment: dict[str, str]) -> int:
    """Run the commands at once, show what each printed when it ends."""
    running = []
    for command in commands:
        out = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115  read after the process ended
        running.append(
            (subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT), out)
        )
    codes = []
    for process, out in running:
        codes.append(process.wait())
        out.seek(0)
        print(out.read(), flush=True)
        out.close()
    return next((code for code in codes if code), 0)


def ensure_programs() -> None:
    """System Chromium and pgbouncer, installed where that can be done without asking; otherwise a sentence, and those tests skip."""
    wanted = [
        ("Chromium", CHROMIUM, ["chromium", "fonts-dejavu-core"], "browser tests"),
        ("pgbouncer", ("pgbouncer",), ["pgbouncer"], "tests behind a connection pooler"),
    ]
    missing = [one for one in wanted if not any(map(shutil.which, one[1]))]
    if missing and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {' and '.join(name for name, *_ in missing)} for the tests ...", flush=True)
        packages = [package for *_, packages, _ in missing for package in packages]
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", *packages]):
            subprocess.run(["apt-get", *command], env=quiet, check=False, stdout=subprocess.DEVNULL)
    for name, programs, packages, tests in missing:
        if not any(map(shutil.which, programs)):
            print(f"The {tests} are left out: install {name} (package {packages[0]}) to run them.", flush=True)


def ensure_phone_packages() -> None:
    """The packages that build and test the phone app, where Node is; without it those tests skip and say so."""
    if not shutil.which("npm"):
        print(
            "The phone app is not rebuilt here: install Node 20 or newer to check that its built files are fresh.",
            flush=True,
        )
        return
    app = ROOT / "worker_app"
    lock, installed = app / "package-lock.json", app / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        print("Installing the phone app's packages ...", flush=True)
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=app, check=True)


def main() -> int:
    fast = sys.argv[1:] == ["fast"]
    if sys.argv[1:] and not fast:
        return subprocess.run([PYTHON, "-m", "pytest", *sys.argv[1:]], cwd=ROOT, check=False).returncode
    ensure_phone_packages()
    if fast:
        os.environ.update({name: os.environ.get(name, small) for name, small in FAST_SIZES.items()})
    else:
        ensure_programs()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ilima-prepared-") as folder:
        code = run_checks(Path(folder))
        if not code:
            print("== tests", flush=True)
            code = run_tests(fast)
    took_s = time.monotonic() - started
    print(f"Failed after {took_s:.0f} s." if code else f"All checks passed in {took_s:.0f} s.", flush=True)
    return code


def run_checks(folder: Path) -> int:
    """All of them, and what they leave of the processors makes the database that the tests begin with."""
    with ThreadPoolExecutor(CORES) as pool:
        began = [pool.submit(run_check, *check) for check in checks()]
        if "DATABASE_URL" not in os.environ:
            pool.submit(prepare, folder).result()
            os.environ[PREPARED] = str(folder)
        return next((code for code in (one.result() for one in began) if code), 0)


def run_check(name: str, command: list[str], environment: dict[str, str]) -> int:
    begun, given = time.monotonic(), {**os.environ, **environment}
    out = subprocess.run(
        command, cwd=ROOT, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    print(f"== {name}: {time.monotonic() - begun:.0f} s\n{out.stdout}", end="", flush=True)
    if out.returncode:
        print(f"{name} failed: {' '.join(command)}", flush=True)
    return out.returncode


if __name__ == "__main__":
    sys.exit(main())
