"""A server of the tests' own on this machine, while somebody needs it."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def running(
    handler: type[http.server.BaseHTTPRequestHandler], **more: Any
) -> Iterator[http.server.ThreadingHTTPServer]:
    """more: what its handlers find on their server, beside `stopping`, by which one that hangs hears of the end."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    vars(server).update(more, stopping=threading.Event())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
