"""What strangers can do to the API by asking for public pages: the median of GET /api/v1/me alone, and with 48 connections on each.

    python -m benchmarks.health_load [--seconds 5] [--paths /health /live /accounts/login/ /app/]

The two are measured in turns, in one run on one platform; clients and servers share the machine, and the strangers her address.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import requests

from benchmarks.platform_for_benchmarks import running_platform

RESULTS = Path(__file__).parent / "results" / "health_load.json"
CONNECTIONS, ROUNDS = 48, 3
# A process of its own: its work is not that of the clock that measures.
STRANGERS = """
import http.client, sys, threading
host, port, connections, path = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
def ask():
    line = http.client.HTTPConnection(host, port, timeout=60)
    while True:
        line.request("GET", path)
        line.getresponse().read()
for _ in range(connections):
    threading.Thread(target=ask, daemon=True).start()
threading.Event().wait()
"""


def me_ms(session: requests.Session, url: str, seconds: float) -> list[float]:
    took, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.perf_counter()
        assert session.get(f"{url}/api/v1/me", timeout=60).status_code == 200
        took.append(1000 * (time.perf_counter() - began))
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--paths", nargs="+", default=["/health", "/live", "/accounts/login/", "/app/"])
    options = parser.parse_args()
    seconds = options.seconds
    with running_platform() as platform:
        from people.actions.make_token import make_token
        from people.models import Person, Worker

        worker = Worker.objects.create(person=Person.objects.create_user(email="health@bench.example"))
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {make_token(worker.person, 'bench', ['work'])[1]}"
        url = f"http://127.0.0.1:{platform.port}"
        me_ms(session, url, 2)
        found = [beside(path, session, url, seconds) for path in options.paths]
    RESULTS.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))


def beside(path: str, session: requests.Session, url: str, seconds: float) -> dict:
    alone, crowded = [], []
    for _ in range(ROUNDS):
        alone += me_ms(session, url, seconds)
        command = [sys.executable, "-c", STRANGERS, "127.0.0.1", url.rpartition(":")[2], str(CONNECTIONS), path]
        strangers = subprocess.Popen(command)
        try:
            time.sleep(1)
            crowded += me_ms(session, url, seconds)
        finally:
            strangers.kill()
            strangers.wait()
    return {
        "strangers_ask_for": path,
        "connections": CONNECTIONS,
        "cores": os.cpu_count(),
        "load_average": os.getloadavg(),
        "me_alone_median_ms": round(statistics.median(alone), 1),
        "me_beside_median_ms": round(statistics.median(crowded), 1),
        "ratio": round(statistics.median(crowded) / statistics.median(alone), 2),
    }


if __name__ == "__main__":
    main()
