"""The process that decodes: it has the parsers loaded and forks a child for every file, which dies with the file.

A child has no environment, no open pipe to us, no socket, no file but its own (intake.confinement), and hard limits on memory,
processor time, wall time and what it may write. It reads one file and leaves `result.json` and the variants in one folder. Started by
intake.sandbox.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
from pathlib import Path

from intake import confinement
from intake.decoders import audio, compressed, docbin, image, pages, parquet, segments, table, video
from intake.errors import Unsafe
from intake.full import is_full
from intake.zygote_result import NO_ROOM, RESULT

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
ROOT = str(Path(__file__).resolve().parents[2])
DECODE = {
    "wav": audio.decode,
    "xlsx": table.decode,
    "parquet": parquet.decode,
    "docbin": docbin.decode,
    "segment-map": segments.decode,
    "pdf": pages.decode,
    **{f"{pages.PICTURES}{name}": pages.decode for name in ("TIFF", "GIF", "WEBP")},
    **dict.fromkeys(video.DEMUXERS, video.decode),
    **dict.fromkeys(compressed.DEMUXERS, compressed.decode),
}


def main() -> None:
    confinement.prepare()
    print("ready", flush=True)  # loading the parsers is not the first file's time
    for line in sys.stdin:
        status, max_rss_kb = run(json.loads(line))
        print(json.dumps({"status": status, "max_rss_kb": max_rss_kb}), flush=True)


def run(order: dict) -> tuple[int, int]:
    """Decode in a child; its wait status, 0 when there is a result, and the most memory that it held."""
    if "maker" in order:
        load(order["maker"])
    child = os.fork()
    if child == 0:
        try:
            confine(order)
            work(order)
        finally:
            os._exit(1)
    _, status, used = os.wait4(child, 0)
    return status, used.ru_maxrss


def load(maker: str) -> None:
    """Code of ours, by our own name for it. Here, before the fork: no child may read what else lies there (confinement.libraries)."""
    if ROOT not in sys.path:
        sys.path.append(ROOT)
    importlib.import_module(maker)


def confine(order: dict) -> None:
    leave_the_network()
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.closerange(3, 256)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(order["wall_s"])
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_NOFILE", 64)
    _limit("RLIMIT_FSIZE", order["file_bytes"])
    _limit("RLIMIT_CPU", order["cpu_s"])
    _limit("RLIMIT_DATA", order["memory_bytes"])
    confinement.keep_to_files([*confinement.libraries(), order["path"]], [order["out"]])
    confinement.refuse_calls()


def leave_the_network() -> bool:
    """No address can be reached from here on, where the kernel lets us (Linux, unprivileged namespaces)."""
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    return unshare is not None and unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0


def _limit(name: str, most: int) -> None:
    resource.setrlimit(getattr(resource, name), (most, most))


def work(order: dict) -> None:
    out = Path(order["out"])
    result = decode(order, out)
    try:
        (out / RESULT).write_text(json.dumps(result))
    except OSError as failure:
        os._exit(NO_ROOM if is_full(failure) else 1)
    os._exit(0)


def decode(order: dict, out: Path) -> dict:
    """What the decoder made of the file, or {"error": a sentence}: whatever a parser raises, the file is refused."""
    path, decoder = Path(order["path"]), order["decoder"]
    try:
        if "maker" in order:
            return image.aided(path, decoder, out, sys.modules[order["maker"]].make)
        return DECODE.get(decoder, image.decode)(path, decoder, out)
    except Unsafe as refused:
        return {"error": refused.message}
    except OSError as failure:
        if is_full(failure):  # not the file's fault
            os._exit(NO_ROOM)
        return _broken()
    except MemoryError:
        return {"error": "The file needs too much memory to open."}
    except Exception:
        return _broken()


def _broken() -> dict:
    return {"error": "The file cannot be read: it is damaged, too big, or not what it says."}


if __name__ == "__main__":
    main()
