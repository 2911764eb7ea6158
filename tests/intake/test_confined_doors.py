"""What a parser that a hostile file has taken over can reach: nothing. Each beside the control that it could before it was confined."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from intake import confinement

PLATFORM = Path(__file__).resolve().parents[2] / "platform"
needs_landlock = pytest.mark.skipif(not confinement.landlock_version(), reason="this kernel has no Landlock")
needs_seccomp = pytest.mark.skipif(
    not confinement.seccomp_known(), reason="this machine's system calls are not known here"
)

BEFORE = """
import os, signal, socket, sys, threading, ctypes
from intake import zygote
def attempt(act):
    try:
        return "did " + str(act())
    except (OSError, RuntimeError) as refused:
        return "refused " + type(refused).__name__
order = {"wall_s": 20, "cpu_s": 10, "memory_bytes": 256 * 2**20, "file_bytes": 2**20, "path": sys.argv[1], "out": sys.argv[2]}
"""
CONFINED = (
    BEFORE + "keep = os.dup(1); said = os.fdopen(500, 'w') if os.dup2(keep, 500) else None; zygote.confine(order)\n"
)


@pytest.fixture
def says(tmp_path):
    """What the code prints, free or confined; `mine` is its file and `out` its folder, `others` is another's."""
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "others").write_text("another's")
    (tmp_path / "out").mkdir()

    def run(expression: str, *, confined: bool) -> str:
        to = "said" if confined else "sys.stdout"
        code = f"{CONFINED if confined else BEFORE}print(attempt(lambda: {expression}), file={to}, flush=True)"
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "mine"), str(tmp_path / "out"), str(tmp_path)],
            env={"PYTHONPATH": str(PLATFORM), "OPENBLAS_NUM_THREADS": "1"},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return done.stdout.strip() or f"nothing ({done.returncode}): {done.stderr[-500:]}"

    return run


def sockets_of_ours() -> list[str]:
    """Where PostgreSQL and Valkey listen, if it is on sockets in the file system."""
    database, cache = (urlsplit(os.environ[name]) for name in ("DATABASE_URL", "REDIS_URL"))
    folder = parse_qs(database.query).get("host", [""])[0]
    return [path for path in (f"{folder}/.s.PGSQL.5432", cache.path) if Path(path).is_socket()]


@needs_seccomp
def test_the_database_and_the_cache_are_out_of_reach(says):
    for path in sockets_of_ours():
        knock = f"socket.socket(socket.AF_UNIX).connect({path!r})"
        assert says(knock, confined=False) == "did None"
        assert says(knock, confined=True) == "refused PermissionError"


@needs_seccomp
@pytest.mark.parametrize("family", ["AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG"])
def test_no_socket_of_any_family_is_made(says, family):
    make = (
        f"socket.socket(socket.{family}, socket.SOCK_SEQPACKET if {family == 'AF_ALG'} else socket.SOCK_DGRAM).family"
    )
    assert says(make, confined=True) == "refused PermissionError"


@needs_seccomp
def test_no_pair_of_sockets_and_none_behind_the_filters_back(says):
    assert says("socket.socketpair() and 'a pair'", confined=False) == "did a pair"
    assert says("socket.socketpair() and 'a pair'", confined=True) == "refused PermissionError"
    ring = "ctypes.CDLL(None, use_errno=True).syscall(425, 1, ctypes.create_string_buffer(120)) >= 0"  # io_uring
    assert says(ring, confined=True) == "did False"


@needs_landlock
@pytest.mark.parametrize(
    "act",
    [
        "open(sys.argv[3] + '/others').read()",
        "open('/etc/passwd').read(4)",
        "os.listdir(sys.argv[3])[:0]",
        "open(sys.argv[3] + '/planted', 'w').write('x')",
        "open(sys.argv[1], 'r+').write('x')",
        "os.truncate(sys.argv[1], 1)",
        "os.mkdir(sys.argv[2] + '/folder')",
        "os.symlink('/etc/passwd', sys.argv[2] + '/link')",
        "os.link(sys.argv[1], sys.argv[2] + '/hard')",
        "os.mkfifo(sys.argv[2] + '/pipe')",
        "os.unlink(sys.argv[3] + '/others')",
        "os.rename(sys.argv[1], sys.argv[2] + '/moved')",
    ],
)
def test_no_file_but_its_own_is_read_written_or_made(says, act):
    assert says(act, confined=True) in ("refused PermissionError", "refused OSError")  # EXDEV, of a rename
    assert says(act, confined=False).startswith("did ")


@needs_seccomp
@pytest.mark.parametrize(
    "act",
    [
        "os.fork()",
        "os.kill(os.getppid(), 0)",
        "os.execv('/bin/true', ['true'])",
        "os.posix_spawn('/bin/true', ['true'], {})",
    ],
)
def test_no_other_process_is_made_or_met(says, act):
    assert says(act, confined=True) == "refused PermissionError"


def test_what_a_parser_needs_it_has(says):
    assert says("open(sys.argv[1]).read()", confined=True) == "did mine"
    assert says("open(sys.argv[2] + '/variant', 'w').write('xyz')", confined=True) == "did 3"
    assert says("(t := threading.Thread(target=int)).start() or t.join()", confined=True) == "did None"
    assert (
        says("__import__('PIL.GifImagePlugin') and __import__('statistics') and 'loaded'", confined=True)
        == "did loaded"
    )


def test_a_kernel_without_either_is_said(monkeypatch):
    from intake.checks import weak_sandbox

    assert weak_sandbox() == []
    monkeypatch.setattr(confinement, "landlock_version", lambda: 0)
    monkeypatch.setattr(confinement, "seccomp_known", lambda: False)
    assert [said.id for said in weak_sandbox()] == ["intake.I001", "intake.I002"]
