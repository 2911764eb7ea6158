"""Fetch what a stranger's address names, without being made to knock on our own doors (SSRF; OWASP ASVS 5.0, 13.2.4).

Every address a host name resolves to must be public, and the connection goes to the very address that was checked, so a
name that resolves differently the second time gains nothing. A redirect is a new address: checked like the first, five at
most. Proxies are not used, cookies and credentials not sent. All of it together has limits.REMOTE_S.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from intake import limits
from intake.errors import Unsafe
from intake.media import CHUNK_BYTES, clean_name
from intake.networks import is_public

CONNECT_S = 5
PORTS = {"http": 80, "https": 443}
PORTS_TAKEN = {80, 443, 8080, 8443}
URL_CHARS = 2_000
REDIRECTS = 5
_MOVED = (301, 302, 303, 307, 308)
_BUSY = (429, 503)  # with Retry-After they say when
WAIT_S, TRIES = 10, 3
_PAGE = (b"<!doctype html", b"<html")
_SAFE = "/%:@!$&'()*+,;=~-._"

Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Fetched:
    path: Path
    file_name: str
    size_bytes: int


def system_resolver(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class _Busy(Exception):
    """Come back in `after_s` seconds, says the server."""

    def __init__(self, status: int, after_s: float):
        super().__init__(f"status {status}")
        self.status, self.after_s = status, after_s


class _Moved(Exception):
    def __init__(self, location: str):
        super().__init__(location)
        self.location = location


def fetch(url: str, path: Path, most_bytes: int = limits.MEDIA_BYTES, resolve: Resolver = system_resolver) -> Fetched:
    """GET `url` into the file `path`. Raises Unsafe("url", ...) when it is not to be had or not to be trusted."""
    ends = time.monotonic() + limits.REMOTE_S
    for tried in range(1, TRIES + 1):
        try:
            return _follow(url, path, most_bytes, resolve, ends)
        except _Busy as busy:
            left_s = ends - time.monotonic()
            if busy.after_s > min(WAIT_S, left_s):
                raise Unsafe(
                    "url", f"The address answers with status {busy.status}: it wants to be asked later."
                ) from None
            if tried < TRIES:
                time.sleep(busy.after_s)
    raise Unsafe("url", too_busy())


def _follow(url: str, path: Path, most_bytes: int, resolve: Resolver, ends: float) -> Fetched:
    name = ""  # as the requester wrote it, not as a store of files calls it
    for _ in range(REDIRECTS + 1):
        parts = check_url(url)
        name = name or clean_name(unquote(parts.path))
        try:
            size_bytes = _get(parts, path, most_bytes, resolve, ends - time.monotonic())
        except _Moved as moved:
            url = _next_url(url, moved.location)
            continue
        _check_no_page(path)
        return Fetched(path, name or "download", size_bytes)
    raise Unsafe("url", f"The address leads on to another one more than {REDIRECTS} times.")


def _next_url(url: str, location: str) -> str:
    try:
        return urljoin(url, location.encode("latin-1").decode("utf-8", "replace").strip())
    except ValueError:
        raise Unsafe("url", "The address leads on to what is no address.") from None


def _get(parts: SplitResult, path: Path, most_bytes: int, resolve: Resolver, left_s: float) -> int:
    if left_s <= 0:
        raise Unsafe("url", too_slow())
    port = parts.port or PORTS[parts.scheme]
    connection = _connection(parts, port, public_address(parts.hostname or "", port, resolve))
    watchdog = threading.Timer(left_s, _hang_up, [connection])  # against a server that drips
    try:
        watchdog.start()
        connection.connect()
        size_bytes = _download(connection, parts, path, most_bytes)
        if connection.hung_up:
            raise Unsafe("url", too_slow())
        return size_bytes
    except (OSError, http.client.HTTPException) as failed:
        if connection.hung_up:
            raise Unsafe("url", too_slow()) from failed
        raise Unsafe("url", f"The address could not be read ({type(failed).__name__}).") from failed
    finally:
        watchdog.cancel()
        connection.close()


def _check_no_page(path: Path) -> None:
    """A link to share is no link to a file."""
    with path.open("rb") as file:
        start = file.read(200).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith(_PAGE):
        raise Unsafe("url", "The address gives a web page, not a file: give the address of the file itself.")


def too_busy() -> str:
    return f"The address was asked {TRIES} times and always wants to be asked later."


def too_slow() -> str:
    return f"The address takes longer than {limits.REMOTE_S} seconds."


def patience_costs() -> tuple[str, str]:
    """What is said of an address that took its time and gave nothing."""
    return too_slow(), too_busy()


def check_url(url: str, trusted: Collection[str] = ()) -> SplitResult:
    """The parts of an address that is plain http(s) to a named host; pure. trusted: as of `ask`, whose ports are their own."""
    if not url.strip():
        raise Unsafe("url", "The address is empty.")
    if len(url) > URL_CHARS or any(sign < " " or sign in "\\\x7f" or "\ud800" <= sign <= "\udfff" for sign in url):
        raise Unsafe("url", "The address has signs in it that no address has, or is too long.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unsafe("url", "This is not an address.") from None
    if parts.scheme not in PORTS:
        raise Unsafe("url", "Only addresses that start with http:// or https:// are fetched.")
    if any(sign in parts.netloc for sign in ' "<>^`{|}'):
        raise Unsafe("url", "The address has signs in its host that no host has.")
    if "@" in parts.netloc or not parts.hostname:
        raise Unsafe("url", "The address must name a host, and no user or password.")
    if port is not None and port not in PORTS_TAKEN and not is_trusted(parts, trusted):
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
    named = parts.hostname or ""
    host = named if named.isascii() else named.encode("idna").decode("ascii")
    connection = make(host, port, timeout=CONNECT_S)
    connection.address = address
    return connection


def _hang_up(connection: _PinnedHTTP) -> None:
    connection.hung_up = True
    with contextlib.suppress(OSError):  # closed meanwhile
        if connection.wire is not None:
            connection.wire.shutdown(socket.SHUT_RDWR)


def _download(connection: _PinnedHTTP, parts: SplitResult, path: Path, most_bytes: int) -> int:
    headers = {"Accept-Encoding": "identity", "User-Agent": "Ilima", "Connection": "close", "Accept": "*/*"}
    connection.request("GET", _target(parts), headers=headers)
    answer = connection.getresponse()
    if answer.status in _MOVED and answer.headers.get("Location"):
        raise _Moved(answer.headers["Location"])
    after = answer.headers.get("Retry-After", "")
    if answer.status in _BUSY and after.strip().isdecimal():
        raise _Busy(answer.status, float(after[:9]))
    if answer.status != 200:
        raise Unsafe("url", f"The address answers with status {answer.status}.")
    return _save(answer, path, most_bytes)


def _target(parts: SplitResult) -> str:
    """What is asked for, with every sign written as an address has it."""
    return quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE + '?')}" if parts.query else "")


def _save(answer: http.client.HTTPResponse, path: Path, most_bytes: int) -> int:
    size_bytes = 0
    with path.open("wb") as file:
        for chunk in _unpacked(answer):
            size_bytes += len(chunk)
            if size_bytes > most_bytes:
                raise Unsafe("url", f"The file is larger than {most_bytes // limits.MB} MB.")
            file.write(chunk)
    if answer.length:
        raise Unsafe("url", "The address breaks off in the middle of the file.")
    return size_bytes


def _unpacked(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    """The body in pieces; unpacked where it came packed, though that was not asked for, and never more than a piece at once."""
    packing = answer.headers.get("Content-Encoding", "identity").strip().lower()
    chunks = iter(lambda: answer.read(CHUNK_BYTES), b"")
    if packing == "identity":
        yield from chunks
        return
    if packing not in ("gzip", "x-gzip"):
        raise Unsafe("url", "The address sends its file packed, which was not asked for.")
    reader = zlib.decompressobj(wbits=31)
    try:
        for chunk in chunks:
            while chunk:
                yield reader.decompress(chunk, CHUNK_BYTES)
                chunk = reader.unconsumed_tail
    except zlib.error:
        raise Unsafe("url", "The address sends a packed file that cannot be unpacked.") from None
    if not reader.eof:
        raise Unsafe("url", "The address breaks off in the middle of the file.")


@dataclass(frozen=True)
class Reply:
    """`retry_after`: seconds that the server asks for, None where it says none."""

    status: int
    body: bytes
    retry_after: float | None


def post(url: str, headers: dict[str, str], body: bytes, resolve: Resolver = system_resolver) -> int:
    """POST to a stranger's address, guarded as `fetch` is; the answer's status. Raises Unsafe, OSError or HTTPException;
    TimeoutError when the answer takes longer than limits.POST_S, however it drips."""
    return ask(url, headers, body, within_s=limits.POST_S, most_bytes=0, resolve=resolve).status


def ask(
    url: str,
    headers: dict[str, str],
    body: bytes,
    *,
    within_s: float,
    most_bytes: int,
    resolve: Resolver = system_resolver,
    trusted: Collection[str] = (),
) -> Reply:
    """As `post`, with the first `most_bytes` of what is answered; Unsafe where it is longer. trusted: hosts (`name:port`) that the operator
    vouches for, which may lie in a network of its own."""
    parts = check_url(url, trusted)
    port = parts.port or PORTS[parts.scheme]
    host = parts.hostname or ""
    address = resolve(host, port)[0] if is_trusted(parts, trusted) else public_address(host, port, resolve)
    connection = _connection(parts, port, address)
    watchdog = threading.Timer(within_s, _hang_up, [connection])
    try:
        watchdog.start()
        connection.connect()
        if connection.wire:
            connection.wire.settimeout(within_s)
        connection.request("POST", _target(parts), body, {**headers, "User-Agent": "Ilima", "Connection": "close"})
        reply = _reply(connection.getresponse(), most_bytes)
        if connection.hung_up:  # in the middle of its headers, which http.client takes for their end
            raise TimeoutError
        return reply
    except (OSError, http.client.HTTPException) as failed:
        if connection.hung_up or isinstance(failed, TimeoutError):  # ours or the socket's, whichever was first
            raise TimeoutError(f"no answer within {within_s} seconds") from failed
        raise
    finally:
        watchdog.cancel()
        connection.close()


def _reply(answer: http.client.HTTPResponse, most_bytes: int) -> Reply:
    after = answer.headers.get("Retry-After", "").strip()
    body = answer.read(most_bytes + 1) if most_bytes else b""
    if len(body) > most_bytes:
        raise Unsafe("url", f"The address answers with more than {most_bytes // 1024} kB.")
    return Reply(answer.status, body, float(after[:9]) if after.isdecimal() else None)


def is_trusted(parts: SplitResult, trusted: Collection[str]) -> bool:
    return f"{parts.hostname}:{parts.port or PORTS[parts.scheme]}" in trusted
