"""No address leads to our own doors: a server of ours counts who knocks, under every spelling of its address."""

import http.server
import socket
import threading
import time
from contextlib import contextmanager

import pytest

from intake import limits, remote
from intake.errors import Unsafe

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
        self._answer(200, {"Content-Encoding": "gzip"}, b"\x1f\x8b")

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
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Canary)
    server.knocks, server.stopping = [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr(remote, "PORTS_TAKEN", remote.PORTS_TAKEN | {server.server_port})
    yield server
    server.stopping.set()
    server.shutdown()
    server.server_close()
    thread.join()


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
    ("path", "part"), [("redirect", "leads on"), ("missing", "status 404"), ("packed", "packed"), ("large", "larger")]
)
def test_answers_that_are_not_taken(path, part, canary, tmp_path, monkeypatch):
    with without_the_guard(monkeypatch), pytest.raises(Unsafe, match=part):
        remote.fetch(f"http://127.0.0.1:{canary.server_port}/{path}", tmp_path / "x", most_bytes=4096)
    assert canary.knocks == [f"/{path}"]  # the redirect was not followed


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
