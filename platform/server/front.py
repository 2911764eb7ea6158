"""What stands before Django in a web process: probes are answered at once, everybody else has her turn (server/lines.py).

Who shows a token or a session that this process has seen to be somebody's is a person; so, together, is who asks for media by addresses
that were signed for somebody. Everybody else is a stranger, whose network has its pace while people work (server/pace.py).
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from urllib.parse import parse_qs

from django.conf import settings
from django.http import HttpRequest, parse_cookie

from intake.signing import is_signed
from people.network import network_in
from server.asker import person_in
from server.at_work import AtWork
from server.health import looked
from server.lines import Crowded, Lines, Who
from server.pace import LONGEST_S, PROBE_BURST_S, PROBE_LONGEST_S, Pace
from server.serve import ROOM

REMEMBERED = 10_000
SMALL_BODY = 256_000  # of every request that a process has taken up
PERSON = "ilima.person"  # in the environ: who it was, once Django knows
SOMEBODY = -1  # for whom an address of media was signed
MEDIA = "/media/"
JSON = ("Content-Type", "application/json")
NO_STORE = ("Cache-Control", "no-store")
WELL, UNWELL = b'{"ok": true}', b'{"ok": false}'


class Front:
    def __init__(self, application: Callable, slots: int) -> None:
        self._application = application
        self._lines, self._pace = Lines(slots, ROOM), Pace(ROOM // 2, at_work=AtWork(settings.DATA_DIR / "at_work"))
        self._persons: dict[int, int] = {}  # by what they show; who is forgotten first is a stranger for one request
        self._lock = threading.Lock()

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        if probe := _probe(environ):
            status, body, longest_s = probe
            self._pace.pause(network_in(environ), longest_s, PROBE_BURST_S)
            return _say(start_response, status, body)
        _take_body(environ)
        shown = _shown(environ)
        who = Who(network_in(environ), self._persons.get(shown, 0) or _signed(environ))
        try:
            with self.turn(who, environ):
                response = self._application(environ, start_response)
                self._remember(shown, environ.get(PERSON, 0))
                if getattr(response, "streaming", True):
                    return _Stream(response, self, who, environ)
                return _whole(response)
        except Crowded:
            refusal = json.dumps(_refusal(environ)).encode()
            return _say(start_response, "429 Too Many Requests", refusal, ("Retry-After", "1"))

    @contextmanager
    def turn(self, who: Who, environ: dict, *, begun: bool = False) -> Iterator[None]:
        if who.person:
            self._pace.somebody_works()
        elif not begun:
            self._pace.pause(who.network)
        with self._lines.turn(who, begun=begun):
            began = time.thread_time()
            yield
            if not (who.person or environ.get(PERSON)):
                self._pace.spent(who.network, time.thread_time() - began)

    def _remember(self, shown: int, person: int) -> None:
        if not shown or not person or self._persons.get(shown) == person:
            return
        with self._lock:
            self._persons[shown] = person
            if len(self._persons) > REMEMBERED:
                del self._persons[next(iter(self._persons))]


class _Stream:
    """A turn for each piece: who reads slowly holds a thread of the room, and nobody's turn."""

    def __init__(self, response: Iterable[bytes], front: Front, who: Who, environ: dict) -> None:
        self._pieces, self._response = iter(response), response
        self._front, self._whose = front, (who, environ)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        with self._front.turn(*self._whose, begun=True):
            return next(self._pieces)

    def close(self) -> None:
        with self._front.turn(*self._whose, begun=True):
            getattr(self._response, "close", lambda: None)()


def note_person(request: HttpRequest) -> None:
    """For the next request: who this was, if anybody asked. It costs no statement."""
    if person := person_in(request):
        request.META[PERSON] = person


def _whole(response: Iterable[bytes]) -> list[bytes]:
    try:
        return list(response)
    finally:
        getattr(response, "close", lambda: None)()


def _probe(environ: dict) -> tuple[str, bytes, float] | None:
    """/live, and the one word of /health while it is known: no line, no Django. With the longest pause: who decides by an answer
    whether to end us waits a second for it, or less; nobody decides that by /health."""
    if environ["PATH_INFO"] == "/live":
        return "200 OK", WELL, PROBE_LONGEST_S
    if environ["PATH_INFO"] != "/health" or environ.get("HTTP_AUTHORIZATION") or environ.get("HTTP_COOKIE"):
        return None
    known = looked.at_hand()
    if known is None:
        return None
    return ("200 OK", WELL, LONGEST_S) if known["ok"] else ("503 Service Unavailable", UNWELL, LONGEST_S)


def _take_body(environ: dict) -> None:
    """Before the turn: who sends slowly keeps nobody waiting. What is larger is read by its view, as it comes."""
    length = environ.get("CONTENT_LENGTH", "")
    if length.isdecimal() and len(length) < 10 and 0 < int(length) <= SMALL_BODY:
        environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))


def _shown(environ: dict) -> int:
    token = environ.get("HTTP_AUTHORIZATION") or parse_cookie(environ.get("HTTP_COOKIE", "")).get(
        settings.SESSION_COOKIE_NAME
    )
    return hash(token) if token else 0


def _signed(environ: dict) -> int:
    path = environ["PATH_INFO"]
    if not path.startswith(MEDIA):
        return 0
    asked = parse_qs(environ.get("QUERY_STRING", ""))
    return SOMEBODY if is_signed(path.removeprefix(MEDIA), *(asked.get(key, [""])[0] for key in "es")) else 0


def _refusal(environ: dict) -> dict:
    message = "Too many requests come from your network just now: this one was not taken up. Try again in a second."
    error = {"code": "too_many_requests", "field": "", "message": message}
    if environ["PATH_INFO"].startswith("/_allauth/"):
        return {"status": 429, "errors": [error]}
    return {"error": error}


def _say(start_response: Callable, status: str, body: bytes, *headers: tuple[str, str]) -> list[bytes]:
    start_response(status, [JSON, NO_STORE, ("Content-Length", str(len(body))), *headers])
    return [body]
