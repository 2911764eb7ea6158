"""The rail's HTTP door: POST /payouts, POST /charges, GET /orders/<reference>, GET /statement?after=<id>.

By hand (tests) also POST /control/tick and POST /control/take-back.
"""

from __future__ import annotations

import hmac
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from payouts.simulated_rail import faults
from payouts.simulated_rail.books import Books
from payouts.simulated_rail.callbacks import deliver

TICK_S = 0.5
MAX_BODY_BYTES = 16_384
DRIP_S = 0.2
_FIELDS = ("reference", "amount_micro", "currency", "destination")


class Rail:
    def __init__(self, port: int, books: Path, callback: str, secret: str, fee_micro: int = 0, by_hand: bool = False):
        self.books, self.callback, self.secret, self.by_hand = Books(books, fee_micro), callback, secret, by_hand
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.rail = self
        self.port = self._server.server_address[1]

    def serve(self) -> None:
        if not self.by_hand:
            threading.Thread(target=self._tick_forever, daemon=True).start()
        self._server.serve_forever()

    def tick(self, advance_s: float = 0) -> int:
        """Let time pass: do what has become due and tell of it. Returns the callbacks sent."""
        with self.books as books:
            books.advance_clock(advance_s)
            books.do_what_is_due()
        return deliver(self.books, self.callback, self.secret)

    def _tick_forever(self) -> None:
        while True:
            time.sleep(TICK_S)
            self.tick()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    rail: Rail


class _Cut(Exception):
    """Drop the line without an answer."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def log_message(self, *_: object) -> None:
        """Silent: the books are the log."""

    def _answer(self, work: Any) -> None:
        try:
            status, body, slowly = work() if self._authorised() else (401, {"code": "unauthorised"}, False)
        except _Cut:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        if status == 429:
            self.send_header("Retry-After", "1")
        self.end_headers()
        self._write(raw, slowly)

    def _write(self, raw: bytes, slowly: bool) -> None:
        for piece in [raw[i : i + 1] for i in range(len(raw))] if slowly else [raw]:
            try:
                self.wfile.write(piece)
                self.wfile.flush()
            except OSError:  # the client has gone: nobody is left to answer
                return
            if slowly:
                time.sleep(DRIP_S)

    def _authorised(self) -> bool:
        given = self.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {self.server.rail.secret}".encode())

    def _get(self) -> tuple[int, Any, bool]:
        url, books = urlsplit(self.path), self.server.rail.books
        with books:
            if url.path == "/statement":
                return 200, {"entries": books.statement(int(parse_qs(url.query).get("after", ["0"])[0]))}, False
            order = books.order(url.path.removeprefix("/orders/"))
        return (200, order, False) if order else (404, {"code": "unknown_reference"}, False)

    def _post(self) -> tuple[int, Any, bool]:
        body = self._body()
        if self.path == "/control/tick" and self.server.rail.by_hand:
            return 200, {"sent": self.server.rail.tick(float(body.get("advance_s", 0)))}, False
        if self.path == "/control/take-back" and self.server.rail.by_hand:
            with self.server.rail.books as books:
                books.take_back(body["reference"], body.get("amount_micro"))
                return 200, books.order(body["reference"]), False
        kind = {"/payouts": "payout", "/charges": "charge"}.get(self.path)
        if kind is None:
            return 404, {"code": "no_such_door"}, False
        if wrong := _wrong_field(body):
            return 422, {"code": "invalid", "field": wrong}, False
        return self._submit(kind, *(body[name] for name in _FIELDS))

    def _submit(
        self, kind: str, reference: str, amount_micro: int, currency: str, destination: str
    ) -> tuple[int, Any, bool]:
        fault, books = faults.fault_of(destination), self.server.rail.books
        with books:
            if stored := books.order(reference):
                same = (stored["kind"], stored["amount_micro"], stored["currency"], stored["destination"])
                repeated = same == (kind, amount_micro, currency, destination)
                return (200, stored, False) if repeated else (409, {"code": "reference_taken"}, False)
            if refusal := _refusal(fault, books.count_try(reference)):
                return refusal
            books.add_order(kind, reference, amount_micro, currency, destination)
            _carry_out(books, fault, reference, amount_micro)
            order = books.order(reference)
        if fault == faults.EARLY_CALLBACK:
            self.server.rail.tick()
        if fault == faults.CUT:
            raise _Cut
        return (500, {"code": "internal"}, False) if fault == faults.ERROR_AFTER else (202, order, fault == faults.DRIP)

    def _body(self) -> dict[str, Any]:
        length = min(int(self.headers.get("Content-Length", 0)), MAX_BODY_BYTES)
        try:
            body = json.loads(self.rfile.read(length) or b"{}")
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}


def _wrong_field(body: dict[str, Any]) -> str:
    """The name of the first field that is missing or of the wrong type; empty when all is well."""
    for name in _FIELDS:
        kind = int if name == "amount_micro" else str
        if type(body.get(name)) is not kind or not body[name]:
            return name
    return "amount_micro" if body["amount_micro"] < 0 else ""


def _refusal(fault: str, tries: int) -> tuple[int, Any, bool] | None:
    """What is answered before anything is written down."""
    if fault == faults.REFUSED:
        return 400, {"code": "no_such_account"}, False
    if fault == faults.STORM and tries <= faults.STORM_TRIES:
        return 429, {"code": "slow_down"}, False
    if fault == faults.ERROR_BEFORE and tries == 1:
        return 500, {"code": "internal"}, False
    return None


def _carry_out(books: Books, fault: str, reference: str, amount_micro: int) -> None:
    if fault == faults.NEVER:
        return
    if fault == faults.FORGED:
        books.owe_callback(reference, forged_status="failed")
    if fault in (faults.FAILS, faults.FAILED_THEN_PAID):
        books.fail(reference, "account_blocked")
    else:
        books.pay(reference, {faults.SHORT: amount_micro // 2, faults.OVER: amount_micro * 2}.get(fault))
    if fault == faults.FAILED_THEN_PAID:
        books.schedule(reference, "paid", faults.LATE_PAYMENT_S)
    if fault == faults.REVERSED:
        books.schedule(reference, "reversed", faults.REVERSAL_S)
