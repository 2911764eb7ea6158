"""Fetch what a stranger's address names, without being made to knock on our own doors (SSRF; OWASP ASVS 5.0, 13.2.4).

Every address a host name resolves to must be public, and the connection goes to the very address that was checked, so a
name that resolves differently the second time gains nothing. Redirects are not followed, proxies not used, cookies and
credentials not sent.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit

from intake import limits
from intake.errors import Unsafe
from intake.media import CHUNK_BYTES, clean_name
from intake.networks import is_public

CONNECT_S = 5
PORTS = {"http": 80, "https": 443}
PORTS_TAKEN = {80, 443, 8080, 8443}
URL_CHARS = 2_000
_SAFE = "/%:@!$&'()*+,;=~-._"

Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Fetched:
    path: Path
    file_name: str
    size_bytes: int


def system_resolver(host: str, port: int) -> list[str]:
    return [found[4][0] for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def fetch(url: str, path: Path, most_bytes: int = limits.MEDIA_BYTES, resolve: Resolver = system_resolver) -> Fetched:
    """GET `url` into the file `path`. Raises Unsafe("url", ...) when it is not to be had or not to be trusted."""
    parts = check_url(url)
    port = parts.port or PORTS[parts.scheme]
    address = public_address(parts.hostname, port, resolve)
    connection = _connection(parts, port, address)
    watchdog = threading.Timer(limits.REMOTE_S, _hang_up, [connection])  # against a server that drips
    try:
        watchdog.start()
        connection.connect()
        size_bytes = _download(connection, parts, path, most_bytes)
        if connection.hung_up:
            raise Unsafe("url", too_slow())
    except (OSError, http.client.HTTPException) as failed:
        raise Unsafe("url", f"The address could not be read ({type(failed).__name__}).") from failed
    finally:
        watchdog.cancel()
        connection.close()
    return Fetched(path, clean_name(unquote(parts.path)) or "download", size_bytes)


def too_slow() -> str:
    return f"The address takes longer than {limits.REMOTE_S} seconds."


def check_url(url: str) -> SplitResult:
    """The parts of an address that is plain http(s) to a named host; pure."""
    if len(url) > URL_CHARS or any(
        sign <= " " or sign in '\\"<>^`{|}\x7f' or "\ud800" <= sign <= "\udfff" for sign in url
    ):
        raise Unsafe("url", "The address has signs in it that no address has, or is too long.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unsafe("url", "This is not an address.") from None
    if parts.scheme not in PORTS:
        raise Unsafe("url", "Only addresses that start with http:// or https:// are fetched.")
    if "@" in parts.netloc or not parts.hostname:
        raise Unsafe("url", "The address must name a host, and no user or password.")
    if port is not None and port not in PORTS_TAKEN:
        raise Unsafe("url", f"Port {port} is not fetched from: use one of {', '.join(map(str, sorted(PORTS_TAKEN)))}.")
    return parts


def public_address(host: str, port: int, resolve: Resolver) -> str:
    """One checked address of the host. All that it resolves to must be public: one private among them is an attempt."""
    try:
        found = resolve(host.encode("idna").decode("ascii") if not host.isascii() else host, port)
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise Unsafe("url", f"There is no host named {host[:100]}.")
    if not all(is_public(address) for address in found):
        raise Unsafe("url", "The address leads to a private network.")
    return found[0]


class _PinnedHTTP(http.client.HTTPConnection):
    """Connects to the checked address, whatever the name would resolve to now."""

    address: str
    hung_up = False
    wire: socket.socket | None = None  # kept, for http.client lets go of `sock` before the body is read

    def connect(self) -> None:
        self.sock = self.wire = socket.create_connection((self.address, self.port), CONNECT_S)


class _PinnedHTTPS(_PinnedHTTP):
    def connect(self) -> None:
        super().connect()
        self.sock = self.wire = ssl.create_default_context().wrap_socket(
            self.sock, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.wire.do_handshake()  # on `wire`, so that the watchdog can end a handshake that drips


def _connection(parts: SplitResult, port: int, address: str) -> _PinnedHTTP:
    make = _PinnedHTTPS if parts.scheme == "https" else _PinnedHTTP
    host = parts.hostname if parts.hostname.isascii() else parts.hostname.encode("idna").decode("ascii")
    connection = make(host, port, timeout=CONNECT_S)
    connection.address = address
    return connection


def _hang_up(connection: _PinnedHTTP) -> None:
    connection.hung_up = True
    with contextlib.suppress(OSError):  # closed meanwhile
        if connection.wire is not None:
            connection.wire.shutdown(socket.SHUT_RDWR)


def _download(connection: _PinnedHTTP, parts: SplitResult, path: Path, most_bytes: int) -> int:
    target = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE + '?')}" if parts.query else "")
    headers = {"Accept-Encoding": "identity", "User-Agent": "Ilima", "Connection": "close", "Accept": "*/*"}
    connection.request("GET", target, headers=headers)
    answer = connection.getresponse()
    if 300 <= answer.status < 400:
        raise Unsafe("url", "The address leads on to another one: give the last address itself.")
    if answer.status != 200:
        raise Unsafe("url", f"The address answers with status {answer.status}.")
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Unsafe("url", "The address sends its file packed, which was not asked for.")
    return _save(answer, path, most_bytes)


def _save(answer: http.client.HTTPResponse, path: Path, most_bytes: int) -> int:
    size_bytes = 0
    with path.open("wb") as file:
        while chunk := answer.read(CHUNK_BYTES):
            size_bytes += len(chunk)
            if size_bytes > most_bytes:
                raise Unsafe("url", f"The file is larger than {most_bytes // limits.MB} MB.")
            file.write(chunk)
    if answer.length:
        raise Unsafe("url", "The address breaks off in the middle of the file.")
    return size_bytes


def post(url: str, headers: dict[str, str], body: bytes, resolve: Resolver = system_resolver) -> int:
    """POST to a stranger's address, guarded as `fetch` is; the answer's status. Raises Unsafe, OSError or HTTPException;
    TimeoutError when the answer takes longer than limits.POST_S, however it drips."""
    parts = check_url(url)
    port = parts.port or PORTS[parts.scheme]
    connection = _connection(parts, port, public_address(parts.hostname, port, resolve))
    watchdog = threading.Timer(limits.POST_S, _hang_up, [connection])
    target = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE + '?')}" if parts.query else "")
    try:
        watchdog.start()
        connection.connect()
        connection.wire.settimeout(limits.POST_S)
        connection.request("POST", target, body, {**headers, "User-Agent": "Ilima", "Connection": "close"})
        status = connection.getresponse().status
        if connection.hung_up:  # in the middle of its headers, which http.client takes for their end
            raise TimeoutError
        return status
    except (OSError, http.client.HTTPException) as failed:
        if connection.hung_up or isinstance(failed, TimeoutError):  # ours or the socket's, whichever was first
            raise TimeoutError(f"no answer within {limits.POST_S} seconds") from failed
        raise
    finally:
        watchdog.cancel()
        connection.close()
