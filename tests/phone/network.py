"""The way from the phone to the server, and its end: nothing gets through while it is off, from no part of the browser.

Chromium's own `set_offline` reaches pages; a service worker that wakes up between two pages has been seen to get past it.
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext


class Network(socketserver.ThreadingTCPServer):
    """Hands every connection on to the server; `url` is where the phone finds it."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, server: str) -> None:
        super().__init__(("localhost", 0), _Connection)
        self.upstream = (urlsplit(server).hostname, urlsplit(server).port)
        self.url = f"http://localhost:{self.server_address[1]}"
        self.there = True
        self.open: set[socket.socket] = set()
        self.asked: list[bytes] = []  # what the phone has sent, and
        self.came = 0  # how many bytes have come to it

    def off(self, context: BrowserContext) -> None:
        self.there = False
        for one in list(self.open):
            with contextlib.suppress(OSError):  # closed by its own end a moment ago
                one.shutdown(socket.SHUT_RDWR)
        context.set_offline(True)

    def on(self, context: BrowserContext) -> None:
        self.there = True
        context.set_offline(False)


class _Connection(socketserver.BaseRequestHandler):
    server: Network

    def handle(self) -> None:
        if not self.server.there:
            return
        with socket.create_connection(self.server.upstream) as far:
            ends = {self.request, far}
            self.server.open |= ends
            back = threading.Thread(target=_pass_on, args=(far, self.request, self._comes), daemon=True)
            back.start()
            _pass_on(self.request, far, self.server.asked.append)
            back.join()
            self.server.open -= ends

    def _comes(self, sent: bytes) -> None:
        self.server.came += len(sent)


def _pass_on(one: socket.socket, other: socket.socket, seen: Callable[[bytes], None]) -> None:
    """Until either end closes."""
    with contextlib.suppress(OSError):
        while sent := one.recv(65536):
            seen(sent)
            other.sendall(sent)
    for end in (one, other):
        with contextlib.suppress(OSError):  # both directions end here, the second finds it closed
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def network_to(server: str) -> Iterator[Network]:
    with Network(server) as network:
        threading.Thread(target=network.serve_forever, daemon=True).start()
        try:
            yield network
        finally:
            network.shutdown()
