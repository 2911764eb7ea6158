"""Where one request ends and the next begins is said once: what two readers could read in two ways is refused (request smuggling)."""

import socket
import subprocess
import time

import pytest

from server.serve import command

APPLICATION = """
def application(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Path", environ["PATH_INFO"]), ("X-Read", str(len(body)))])
    return [b"ok"]
"""
SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = "0\r\n\r\n" + SMUGGLED


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """Granian as production runs it, with an application of one line."""
    folder = tmp_path_factory.mktemp("edge")
    (folder / "edge.py").write_text(APPLICATION)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    line = command("web", {"PORT": str(free), "WEB_PROCESSES": "1"})[:-1]
    server = subprocess.Popen(
        [*line, "edge:application"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 30
    while not _answers(free):
        assert server.poll() is None, "the server died"
        assert time.monotonic() < until, "the server does not start"
        time.sleep(0.05)
    yield free
    server.terminate()
    server.wait(30)


def _answers(port: int) -> bool:
    try:
        return ask(port, "GET /up HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").startswith("HTTP/1.1 200")
    except OSError:
        return False


def ask(port: int, request: str) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=3) as line:
        line.sendall(request.encode("latin-1"))
        said = b""
        try:
            while piece := line.recv(65_536):
                said += piece
        except TimeoutError:
            pass
    return said.decode("latin-1")


def test_the_control_two_whole_requests_are_two_answers(port):
    said = ask(port, "POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" + SMUGGLED)
    assert [path for path in ("/first", "/smuggled") if f"x-path: {path}" in said.lower()] == ["/first", "/smuggled"]


@pytest.mark.parametrize(
    "head",
    [
        f"Content-Length: 3\r\nContent-Length: {3 + len(SMUGGLED)}\r\n\r\nabc{SMUGGLED}",
        f"Content-Length: 3, {3 + len(SMUGGLED)}\r\n\r\nabc{SMUGGLED}",
        f"Content-Length: +3\r\n\r\nabc{SMUGGLED}",
        f"Transfer-Encoding: xchunked\r\nContent-Length: {len(CHUNKED)}\r\n\r\n{CHUNKED}",
        f"Transfer-Encoding: identity, chunked, identity\r\n\r\n{CHUNKED}",
        f"Content-Length : 3\r\n\r\nabc{SMUGGLED}",
        f"Content-Length: 3\n\nabc{SMUGGLED}\x00",
        f"X: a\r\n b\r\nContent-Length: 3\r\n\x0bTransfer-Encoding: chunked\r\n\r\n{CHUNKED}",
    ],
    ids=[
        "two lengths",
        "a list of lengths",
        "a sign",
        "an unknown coding",
        "chunked not last",
        "a space",
        "bare ends",
        "a fold",
    ],
)
def test_what_could_be_read_in_two_ways_is_refused_and_the_line_closed(port, head):
    said = ask(port, f"POST /first HTTP/1.1\r\nHost: a\r\n{head}").lower()
    assert "x-path: /smuggled" not in said or "http/1.1 400" in said or "http/1.1 501" in said


def test_of_a_length_and_chunks_the_chunks_count_and_the_line_ends(port):
    """RFC 9112, 6.3: chunks override a length, and such a line is closed after the answer, or the request is refused."""
    said = ask(
        port,
        f"POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: {len(CHUNKED)}\r\nTransfer-Encoding: chunked\r\n\r\n{CHUNKED}",
    )
    assert "x-path: /smuggled" not in said.lower() or "http/1.1 400" in said.lower()
