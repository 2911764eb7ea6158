"""`./run fire`: 10,000 answers while everything is killed, crashed, stopped and flushed; what was promised is held against the books.

    ./run fire [--tasks 2000] [--each 5] [--kills 50] [--crashes 5] [--stops 8] [--flushes 2]

Generator, nemesis, oracle and checker are apart (Jepsen). The table goes to benchmarks/results/fire.md.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.faults.checker import broken_promises
from tests.faults.nemesis import Fault, Nemesis, plan_of
from tests.supervised import ROOT, Supervised, supervised, wait

RESULTS = ROOT / "benchmarks" / "results"
PLATFORM = {"THROTTLE_PERSON": "1000000/min", "FIRST_DAY_MICRO": str(10**12), "UNSETTLED_PAYOUT_MICRO": str(10**12)}
PORT = 25000


@dataclass
class Size:
    tasks: int = 2000
    each: int = 5
    kills: int = 50
    crashes: int = 5
    stops: int = 8
    flushes: int = 2
    pause_s: float = 1.0
    rest_s: float = 7  # between two faults at most, so that they come as long as there is work

    @property
    def answers(self) -> int:
        return self.tasks * self.each


@dataclass
class Fired:
    history: dict
    facts: dict
    faults: list[Fault]
    seconds: float
    healthy_s: float

    def broken(self, size: Size) -> list[str]:
        return broken_promises(self.history, self.facts, least=int(0.9 * size.answers))


@contextmanager
def under_fire(folder: Path, port: int = PORT) -> Iterator[Supervised]:
    with supervised(folder / "data", port, **PLATFORM) as platform:
        wait(platform.healthy, 120, "the platform's health")
        yield platform


def fire(platform: Supervised, folder: Path, size: Size, kind: str = "", seed: int = 3) -> Fired:
    """The history of the work comes into `folder`."""
    plan = plan_of(size.kills, size.crashes, size.stops, size.flushes, seed)
    history = folder / "history.json"
    generator = _generator(platform, history, size, kind)
    nemesis, began = Nemesis(platform, plan, seed, (0.5, size.rest_s)), time.monotonic()
    _until_said(generator, "PREPARED", nemesis)
    nemesis.start()
    _until_said(generator, "WORKED", nemesis)
    nemesis.join()
    _check_alive(nemesis)
    seconds = time.monotonic() - began
    healthy_s = wait(platform.healthy, 180, "health in the end")
    _, errors = generator.communicate("go\n", timeout=600)
    assert generator.returncode == 0, f"the generator died: {errors[-3000:]}"
    told = json.loads(history.read_text())
    _until_paid(platform, told)
    facts = _module(platform, "tests.faults.oracle", str(told["project"]))
    _manage(platform, "audit_ledger")  # ends with an error where the ledger's law is broken
    return Fired(told, json.loads(facts), nemesis.faults, seconds, healthy_s)


def _generator(platform: Supervised, history: Path, size: Size, kind: str) -> subprocess.Popen:
    arguments = [str(history), str(size.tasks), str(size.each), str(size.pause_s), *([kind] if kind else [])]
    command = [sys.executable, "-m", "tests.faults.generator", *arguments]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen(command, env=_django(platform), cwd=ROOT, text=True, **pipes)


def _until_said(generator: subprocess.Popen, word: str, nemesis: Nemesis) -> None:
    for line in generator.stdout:
        if line.strip() == word:
            return
    _check_alive(nemesis)  # who waits for an answer for ever says less than who broke it
    raise AssertionError(f"the generator died before {word}: {generator.communicate()[1][-3000:]}")


def _check_alive(nemesis: Nemesis) -> None:
    if nemesis.died is not None:
        raise AssertionError(f"the nemesis died: {nemesis.died}") from nemesis.died


def _until_paid(platform: Supervised, told: dict) -> None:
    """Orders that a fault left unknown are looked up again and again, longer apart each time; here at once."""
    code = (
        "from datetime import timedelta; from ledger import clock; from payouts.models import Payout;"
        "from payouts.actions.sweep import send_due, sweep_unknown; later = clock.now() + timedelta(days=1);"
        "send_due(later); sweep_unknown(later);"
        "print(Payout.objects.filter(state__in=['created', 'sent', 'unknown']).count())"
    )
    wait(lambda: _manage(platform, "shell", "-v", "0", "-c", code).strip().endswith("0"), 120, "the last payouts")


def _django(platform: Supervised) -> dict[str, str]:
    return {**platform.environment, "DJANGO_SETTINGS_MODULE": "server.settings"}


def _module(platform: Supervised, name: str, *arguments: str) -> str:
    return _run(platform, [sys.executable, "-m", name, *arguments])


def _manage(platform: Supervised, *arguments: str) -> str:
    return _run(platform, [sys.executable, "manage.py", *arguments])


def _run(platform: Supervised, command: list[str]) -> str:
    done = subprocess.run(
        command, env=_django(platform), cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# --- the table ----------------------------------------------------------------------------------------------------------
def silences(fired: Fired) -> dict[str, list[float]]:
    """For each kind of fault, how long after it no answer was acknowledged to any phone."""
    acknowledged = sorted(one["at"] for one in fired.history["answers"].values() if one["at"])
    found: dict[str, list[float]] = {}
    for fault in fired.faults:
        after = next((at for at in acknowledged if at > fault.at + 0.05), None)
        if after is not None:
            found.setdefault(fault.what, []).append(after - fault.at)
    return found


HEAD = "| fault | times | replaced, median (worst) s | answers again, median (worst) s | next answer taken, worst s |"


def table(fired: Fired, size: Size) -> str:
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    machine = f"{os.cpu_count()} processors shared with other work, load {load}."
    stopped = "A process counts as stopped after three seconds."
    return "\n".join(
        ["# Under fire", "", _done(fired, size), "", _kept(fired), "", *_rows(fired), "", f"{machine} {stopped}", ""]
    )


def _done(fired: Fired, size: Size) -> str:
    return (
        f"`./run fire`: {len(fired.history['answers']):,} answers acknowledged in {fired.seconds:.0f} s while {size.kills} processes "
        f"were killed, PostgreSQL crashed {size.crashes} times, {size.stops} processes were stopped and Redis was flushed "
        f"{size.flushes} times; each POST was sent one to five times."
    )


def _kept(fired: Fired) -> str:
    facts, lost = fired.facts, set(fired.history["answers"]) - set(fired.facts["answers"])
    paid = [one for one in facts["payouts"].values() if one["state"] == "paid"]
    return (
        f"Answers in the database {len(facts['answers']):,}, lost {len(lost)}, doubled {facts['most_of_one_item_and_worker'] - 1}; "
        f"earned once {facts['earned_once']:,}, settled once {facts['settled_once']:,}; sums of the ledger {facts['sums']}; outbox "
        f"{facts['waiting']}; payouts paid, each once on the rail's books, {len(paid):,}. Nothing was started again by hand. Healthy "
        f"{fired.healthy_s:.1f} s after the last fault."
    )


def _rows(fired: Fired) -> list[str]:
    silent, rows = silences(fired), [HEAD, "|---|---|---|---|---|"]
    for kind in sorted({fault.what for fault in fired.faults}):
        replaced = [fault.replaced_s for fault in fired.faults if fault.what == kind]
        answered = [fault.answered_s for fault in fired.faults if fault.what == kind]
        worst = f"{max(silent[kind]):.1f}" if kind in silent else "after the last answer"
        rows.append(f"| {kind} | {len(replaced)} | {_both(replaced)} | {_both(answered)} | {worst} |")
    return rows


def _both(values: list[float]) -> str:
    return f"{statistics.median(values):.1f} ({max(values):.1f})"


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run fire", description=__doc__.splitlines()[0])
    for name, value in asdict(Size()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    size = Size(**vars(parser.parse_args()))
    with tempfile.TemporaryDirectory(prefix="ilima-fire-") as folder, under_fire(Path(folder)) as platform:
        fired = fire(platform, Path(folder), size)
    broken = fired.broken(size)
    result = {
        "size": asdict(size),
        "broken": broken,
        "seconds": fired.seconds,
        "faults": [asdict(f) for f in fired.faults],
    }
    result["silences_s"] = silences(fired)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "fire.json").write_text(json.dumps(result, indent=1) + "\n")
    (RESULTS / "fire.md").write_text(table(fired, size))
    print(table(fired, size))
    print("\n".join(broken) or "All that was promised was kept.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
