"""What the decoding child may not do, each beside a control that shows it could before."""

import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

PLATFORM = Path(__file__).resolve().parents[2] / "platform"
ORDER = {
    "wall_s": 20,
    "cpu_s": 10,
    "memory_bytes": 256 * 2**20,
    "file_bytes": 2**20,
    "path": "/dev/null",
    "out": "/tmp",
}
BEFORE = "import os, resource, socket, sys; from intake import zygote; os.set_blocking(1, True)"
CONFINED = f"{BEFORE}; keep = os.dup2(1, 500); zygote.confine({ORDER}); os.dup2(keep, 1)"


def says(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={"PYTHONPATH": str(PLATFORM), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout.strip() or f"nothing ({done.returncode})"


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        accepting = threading.Thread(target=_accept, args=[server], daemon=True)
        accepting.start()
        yield str(server.getsockname()[1])


def _accept(server: socket.socket) -> None:
    while True:
        try:
            server.accept()[0].close()
        except OSError:
            return


CONNECT = """
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5).close()
    print("reached")
except OSError:
    print("not reached")
"""


def test_no_address_can_be_reached(port):
    assert says(BEFORE + CONNECT, port) == "reached"
    if says(BEFORE + "; print(zygote.leave_the_network())") != "True":
        pytest.skip("this kernel gives unprivileged processes no network namespace")
    assert says(CONFINED + CONNECT, port) == "not reached"


ALLOCATE = """
try:
    held = bytearray(300 * 2**20)
    print(len(held))
except MemoryError:
    print("refused")
"""


def test_no_more_memory_than_the_limit():
    assert says(BEFORE + ALLOCATE) == str(300 * 2**20)
    assert says(CONFINED + ALLOCATE) == "refused"


OPEN_MANY = """
try:
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(200)]
    print(len(held))
except OSError:
    print("refused")
"""


def test_no_more_files_than_a_few():
    assert says(BEFORE + OPEN_MANY) == "200"
    assert says(CONFINED + OPEN_MANY) == "refused"


def test_no_time_on_the_processor_without_end():
    slow = CONFINED.replace("'cpu_s': 10", "'cpu_s': 1") + "\nwhile True: pass"
    assert says(slow) == "nothing (-9)"
