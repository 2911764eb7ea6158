"""The rail to practise on (payouts.simulated_rail), over HTTP like any other."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings

from kernel.money import MICRO
from ledger import clock
from payouts.providers.base import (
    Accepted,
    Ack,
    BadCallback,
    Entry,
    Failed,
    Limits,
    NotFound,
    Order,
    Outcome,
    Paid,
    Pending,
    Provider,
    Refused,
    Reversed,
    Unknown,
)
from payouts.providers.http import NoAnswer, Reply, exchange
from people.strict_json import read_json

CALLBACK_SKEW_S = 300
_CONCLUSIVE = (400, 422)  # not 409: a reference that is taken is one to look up


class SimulatedProvider(Provider):
    repeat_safe = True
    practice = True
    signature_headers = ("x-rail-signature",)

    def limits(self, currency: str) -> Limits:
        return Limits(unit_micro=10_000, min_micro=settings.PAYOUT_MIN_MICRO, max_micro=10_000 * MICRO)

    def submit(self, order: Order) -> Ack:
        body = {
            "reference": order.reference,
            "amount_micro": order.amount_micro,
            "currency": order.currency,
            "destination": order.destination,
        }
        try:
            reply = self._ask("POST", f"/{order.kind}s", body)
        except NoAnswer as error:
            return Unknown(str(error))
        if reply.status in (200, 202) and isinstance(reply.body, dict):
            return Accepted()
        return Refused(_code(reply)) if reply.status in _CONCLUSIVE else Unknown(f"HTTP {reply.status}")

    def look_up(self, reference: str) -> Outcome:
        try:
            reply = self._ask("GET", f"/orders/{reference}")
        except NoAnswer as error:
            return Unknown(str(error))
        if reply.status == 404 and _code(reply) == "unknown_reference":
            return NotFound()
        if reply.status != 200 or not isinstance(reply.body, dict):
            return Unknown(f"HTTP {reply.status}")
        return _outcome(reply.body)

    def parse_callback(self, headers: Mapping[str, str], raw: bytes) -> list[str]:
        check_signature(settings.RAIL_SECRET, headers.get("X-Rail-Signature", ""), raw, clock.now().timestamp())
        try:
            return [read_json(raw.decode())["reference"]]
        except (ValueError, KeyError, TypeError) as error:
            raise BadCallback("The callback names no reference.") from error

    def statement(self) -> Iterator[Entry]:
        after = 0
        while True:
            reply = self._ask("GET", f"/statement?after={after}")
            if reply.status != 200:
                raise NoAnswer(f"the statement answered HTTP {reply.status}")
            if not reply.body["entries"]:
                return
            for row in reply.body["entries"]:
                after = row["id"]
                yield Entry(row["reference"], row["kind"], row["currency"], row["wallet_micro"])

    def _ask(self, method: str, path: str, body: Any = None) -> Reply:
        headers = {"Authorization": f"Bearer {settings.RAIL_SECRET}"}
        return exchange(method, settings.RAIL_URL + path, headers, body, deadline_s=settings.RAIL_DEADLINE_S)


def check_signature(secret: str, header: str, raw: bytes, now: float) -> None:
    """`t=<seconds>,v1=<hex HMAC-SHA256 of "t.body">`, at most five minutes old. Raises BadCallback."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    at_s, given = parts.get("t", ""), parts.get("v1", "")
    expected = hmac.new(secret.encode(), f"{at_s}.".encode(errors="replace") + raw, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(given.encode(errors="replace"), expected.encode()):
        raise BadCallback("The signature is not the rail's.")
    if not (at_s.isascii() and at_s.isdigit() and len(at_s) <= 12):
        raise BadCallback("The callback says no time.")
    if abs(now - int(at_s)) > CALLBACK_SKEW_S:
        raise BadCallback("The callback is older than five minutes, or from the future.")


def _code(reply: Reply) -> str:
    return str(reply.body.get("code", "")) if isinstance(reply.body, dict) else ""


def _outcome(order: dict[str, Any]) -> Outcome:
    match order["status"]:
        case "pending":
            return Pending()
        case "paid":
            return Paid(order["receipt"], order["moved_micro"], order["fee_micro"])
        case "reversed":
            return Reversed(order["receipt"], order["moved_micro"], order["fee_micro"], order["back_micro"])
        case "failed":
            return Failed(order["code"])
        case other:
            return Unknown(f"the rail said {other!r}")
