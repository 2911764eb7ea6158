"""One HTTP exchange with a hard end.

Timeouts of HTTP libraries are per read, so a rail that drips a byte a second would hold us for hours.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from people.strict_json import read_json

MAX_REPLY_BYTES = 4_000_000


class NoAnswer(Exception):
    """No complete answer came in time. The other side may or may not have acted."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any  # parsed JSON; None when it is not JSON


def exchange(method: str, url: str, headers: dict[str, str], body: Any = None, deadline_s: float = 10) -> Reply:
    """Send JSON, read JSON, within `deadline_s` to connect and as much again for all the rest. No redirects. Raises NoAnswer."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=deadline_s)
    too_late = threading.Event()
    guard = threading.Timer(deadline_s, lambda: _hang_up(line, too_late))
    guard.daemon = True
    try:
        connection.connect()
        line = connection.sock  # the connection forgets its socket once the headers are read
        guard.start()
        raw = None if body is None else json.dumps(body).encode()
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, target, raw, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        reply = Reply(answer.status, _parsed(answer.read(MAX_REPLY_BYTES)))
        if answer.length or too_late.is_set():
            raise NoAnswer("the answer broke off")
        return reply
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(f"{type(error).__name__}: {error}"[:200]) from error
    finally:
        guard.cancel()
        connection.close()


def _hang_up(line: socket.socket, too_late: threading.Event) -> None:
    too_late.set()
    with contextlib.suppress(OSError):  # it was closed in the same moment, which is what was wanted
        line.shutdown(socket.SHUT_RDWR)


def _parsed(raw: bytes) -> Any:
    try:
        return read_json(raw.decode())
    except ValueError:
        return None
