"""No address leads to our own doors: a server of ours counts who knocks, under every spelling of its address."""

import gzip
import http.server
import socket
import threading
import time
from contextlib import contextmanager
from urllib.parse import quote, unquote

import pytest

from intake import limits, remote
from intake.errors import Unsafe
from tests.local_server import running

INNER = b"CANARY: inner secret"


class Canary(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.knocks.append(self.path)
        behaviour = getattr(self, f"_{self.path.strip('/').split('?')[0]}", self._plain)
        behaviour()

    def _plain(self):
        self._answer(200, {"Content-Type": "image/png"}, INNER)

    def _redirect(self):
        self._answer(302, {"Location": f"http://127.0.0.1:{self.server.server_port}/inner"}, b"")

    def _missing(self):
        self._answer(404, {}, b"no")

    def _packed(self):
        self._answer(200, {"Content-Encoding": "br"}, b"\x1f\x8b")

    def _gz(self):
        self._answer(200, {"Content-Encoding": "gzip", "Content-Type": "text/html"}, gzip.compress(INNER))

    def _gz_cut(self):
        self._answer(200, {"Content-Encoding": "gzip"}, gzip.compress(INNER)[:-9])

    def _gz_bomb(self):
        self._answer(200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(50_000_000)))

    def _to(self):
        self._answer(302, {"Location": unquote(self.path.split("?", 1)[1])}, b"")

    def _round(self):
        self._answer(301, {"Location": "/round"}, b"")

    def _steps(self):
        left = int(self.path.split("?")[1])
        self._answer(307, {"Location": f"steps?{left - 1}" if left > 1 else "/inner"}, b"")

    def _page(self):
        self._answer(200, {"Content-Type": "image/jpeg"}, b"\n<!DOCTYPE html><html>sign in first</html>")

    def _busy(self):
        after, times = self.path.split("?")[1].split(",")
        if len(self.server.knocks) <= int(times):
            return self._answer(429, {"Retry-After": after}, b"")
        return self._plain()

    def _longer(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(INNER)))
        self.end_headers()
        self.wfile.write(INNER + b"and more")

    def _large(self):
        self._answer(200, {}, b"x" * 5000)

    def _half(self):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"x" * 50)

    def _drip(self):
        self.send_response(200)
        self.end_headers()
        while not self.server.stopping.is_set():
            try:
                self.wfile.write(b"x")
            except OSError:
                return
            self.server.stopping.wait(0.05)

    def _answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Silence: what was asked for is in `knocks`."""


@pytest.fixture
def canary(monkeypatch):
    with running(Canary, knocks=[]) as server:
        monkeypatch.setattr(remote, "PORTS_TAKEN", remote.PORTS_TAKEN | {server.server_port})
        yield server


@pytest.fixture
def endless_handshake(monkeypatch):
    """Says that a long TLS record comes, then a byte now and then for ever."""
    stopping, listener = threading.Event(), socket.create_server(("127.0.0.1", 0))

    def drip():
        with listener.accept()[0] as line:
            line.sendall(b"\x16\x03\x03\x40\x00")
            while not stopping.wait(0.05):
                try:
                    line.sendall(b"\x00")
                except OSError:
                    return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    port = listener.getsockname()[1]
    monkeypatch.setattr(remote, "PORTS_TAKEN", remote.PORTS_TAKEN | {port})
    yield port
    stopping.set()
    listener.close()
    thread.join()


@contextmanager
def without_the_guard(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(remote, "is_public", lambda address: True)
        yield


# Everything that leads, or could be read to lead, to this machine or into a private network.
HOSTS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "017700000001",
    "0177.0.0.1",
    "127.000.000.001",
    "0",
    "0.0.0.0",
    "localhost",
    "LOCALHOST.",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fc00::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "169.254.169.254",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "198.18.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "①②⑦.⓪.⓪.①",
    "１２７.０.０.１",
    "127。0。0。1",
]


@pytest.mark.parametrize("host", HOSTS)
def test_no_spelling_of_a_private_address_is_fetched(host, canary, tmp_path):
    with pytest.raises(Unsafe) as unsafe:
        remote.fetch(f"http://{host}:{canary.server_port}/inner", tmp_path / "x")
    assert unsafe.value.field == "url"
    assert canary.knocks == []
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "localhost", "１２７.０.０.１"])
def test_control_without_the_guard_these_spellings_reach_the_server(host, canary, tmp_path, monkeypatch):
    with without_the_guard(monkeypatch):
        fetched = remote.fetch(f"http://{host}:{canary.server_port}/inner", tmp_path / "x", resolve=_first_ipv4)
    assert (tmp_path / "x").read_bytes() == INNER
    assert (fetched.file_name, fetched.size_bytes, canary.knocks) == ("inner", len(INNER), ["/inner"])


def _first_ipv4(host: str, port: int) -> list[str]:
    return [found[4][0] for found in socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_STREAM)]


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/a",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "data:image/png;base64,AAAA",
        "//example.org/a",
        "example.org/a",
        "http://",
        "http:///a",
        "http://user@example.org/a",
        "http://example.org:pw@127.0.0.1/a",
        "http://example.org\\@127.0.0.1/a",
        "http://127.0.0.1 .example.org/a",
        "http://example.org/\r\nHost: inner",
        "http://example.org:6379/a",
        "http://example.org:99999/a",
        "http://[::1/a",
        "http://example.org/" + "a" * 3000,
    ],
)
def test_what_is_no_plain_address_is_refused_before_any_name_is_looked_up(url, tmp_path):
    asked = []
    with pytest.raises(Unsafe):
        remote.fetch(url, tmp_path / "x", resolve=lambda *name: asked.append(name) or ["93.184.216.34"])
    assert asked == []


def test_one_private_address_among_public_ones_is_enough_to_refuse(tmp_path):
    with pytest.raises(Unsafe, match="private"):
        remote.fetch("http://both.example/a", tmp_path / "x", resolve=lambda *_: ["93.184.216.34", "10.0.0.1"])


def test_a_name_that_resolves_to_nothing_is_refused(tmp_path):
    def nowhere(host, port):
        raise socket.gaierror

    with pytest.raises(Unsafe, match="no host"):
        remote.fetch("http://nowhere.example/a", tmp_path / "x", resolve=nowhere)


def test_the_connection_goes_to_the_address_that_was_checked(canary, tmp_path, monkeypatch):
    """Rebinding: the name is looked up once, and what it would say the second time does not matter."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    dialled = []

    def connect(address, timeout):
        dialled.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(remote.socket, "create_connection", connect)
    with pytest.raises(Unsafe):
        remote.fetch(
            f"http://rebind.example:{canary.server_port}/inner", tmp_path / "x", resolve=lambda *_: next(answers)
        )
    assert dialled == [("93.184.216.34", canary.server_port)]
    assert canary.knocks == []


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("missing", "status 404"),
        ("packed", "packed"),
        ("large", "larger"),
        ("gz_cut", "breaks off"),
        ("gz_bomb", "larger"),
        ("page", "a web page, not a file"),
        ("busy?3600,9", "status 429: it wants to be asked later"),
    ],
)
def test_answers_that_are_not_taken(path, part, canary, tmp_path, monkeypatch):
    with without_the_guard(monkeypatch), pytest.raises(Unsafe, match=part):
        remote.fetch(f"http://127.0.0.1:{canary.server_port}/{path}", tmp_path / "x", most_bytes=4096)
    assert canary.knocks == [f"/{path}"]


# --- redirects --------------------------------------------------------------------------------------------------------
@contextmanager
def only_public(monkeypatch, *addresses):
    with monkeypatch.context() as patch:
        patch.setattr(remote, "is_public", lambda address: address in addresses)
        yield


@pytest.mark.parametrize(
    "host", ["127.0.0.2", "2130706434", "0x7f000002", "[::1]", "[::ffff:127.0.0.2]", "localhost.inner.example"]
)
def test_a_redirect_to_an_inner_address_is_refused_before_it_is_knocked_at(host, canary, tmp_path, monkeypatch):
    """The first address is allowed; what it leads on to is checked as if the requester had given it."""
    target = f"http://{host}:{canary.server_port}/inner"
    start = f"http://127.0.0.1:{canary.server_port}/to?{quote(target, safe='')}"
    with only_public(monkeypatch, "127.0.0.1"), pytest.raises(Unsafe, match=r"private network|no host"):
        remote.fetch(start, tmp_path / "x")
    assert len(canary.knocks) == 1
    with without_the_guard(monkeypatch):  # the control: without the guard it is followed
        target = f"http://127.0.0.1:{canary.server_port}/inner"
        remote.fetch(f"http://127.0.0.1:{canary.server_port}/to?{quote(target, safe='')}", tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == INNER


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "gopher://127.0.0.1/_x", "http://u:p@127.0.0.1/", "http://127.0.0.1:6379/", "http://["],
)
def test_a_redirect_to_what_is_no_plain_address_is_refused(target, canary, tmp_path, monkeypatch):
    with without_the_guard(monkeypatch), pytest.raises(Unsafe):
        remote.fetch(f"http://127.0.0.1:{canary.server_port}/to?{quote(target, safe='')}", tmp_path / "x")
    assert len(canary.knocks) == 1


def test_five_redirects_are_followed_and_no_more(canary, tmp_path, monkeypatch):
    with without_the_guard(monkeypatch):
        fetched = remote.fetch(f"http://127.0.0.1:{canary.server_port}/steps?5", tmp_path / "x")
        assert ((tmp_path / "x").read_bytes(), fetched.file_name) == (INNER, "steps")  # the name that she gave
        assert len(canary.knocks) == 6
        for endless in ("steps?6", "round"):
            with pytest.raises(Unsafe, match="more than 5 times"):
                remote.fetch(f"http://127.0.0.1:{canary.server_port}/{endless}", tmp_path / "y")


# --- servers as they are ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["gz", "longer", "my photo (1).png?size=big one", "Größe.png"])
def test_what_a_browser_would_show_is_taken(path, canary, tmp_path, monkeypatch):
    """Packed though nobody asked, of a wrong type, more than was said, blanks and letters in the address."""
    with without_the_guard(monkeypatch):
        remote.fetch(f"http://127.0.0.1:{canary.server_port}/{path}", tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == INNER
    assert " " not in canary.knocks[0]


def test_a_server_that_says_when_to_come_back_is_asked_again(canary, tmp_path, monkeypatch):
    with without_the_guard(monkeypatch):
        remote.fetch(f"http://127.0.0.1:{canary.server_port}/busy?0,2", tmp_path / "x")
        assert len(canary.knocks) == 3
        with pytest.raises(Unsafe, match="asked 3 times") as unsafe:
            remote.fetch(f"http://127.0.0.1:{canary.server_port}/busy?0,99", tmp_path / "y")
    assert unsafe.value.message in remote.patience_costs()


def test_a_server_that_drips_is_hung_up_on(canary, tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "REMOTE_S", 0.5)
    began = time.monotonic()
    with without_the_guard(monkeypatch), pytest.raises(Unsafe, match="takes longer"):
        remote.fetch(f"http://127.0.0.1:{canary.server_port}/drip", tmp_path / "x")
    assert time.monotonic() - began < 5


def test_half_a_file_is_not_taken_for_a_whole_one(canary, tmp_path, monkeypatch):
    with without_the_guard(monkeypatch), pytest.raises(Unsafe, match="breaks off"):
        remote.fetch(f"http://127.0.0.1:{canary.server_port}/half", tmp_path / "x")


@pytest.mark.parametrize("what", ["fetch", "post"])
def test_a_handshake_that_drips_is_ended(what, endless_handshake, tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "REMOTE_S", 0.4)
    monkeypatch.setattr(limits, "POST_S", 0.4)
    url = f"https://127.0.0.1:{endless_handshake}/x"
    with without_the_guard(monkeypatch), pytest.raises((Unsafe, TimeoutError)):
        remote.fetch(url, tmp_path / "x") if what == "fetch" else remote.post(url, {}, b"{}")
