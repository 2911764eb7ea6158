"""/health: does everything run that the platform needs. One word for everybody; what is missing, by name, for those who run it.

For people and their monitoring. A load balancer asks /ready (server/probes.py): all answers are taken while Celery or a chain is away.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import urllib.request
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, JsonResponse
from redis.exceptions import RedisError

from intake.away import StorageAway
from server import hearts
from server.metrics import is_operator

log = logging.getLogger(__name__)
KEPT_S = 5  # however many ask, everything is looked at once in so many seconds by all processes together
KEPT = "health:found"


class Missing(Exception):
    """A sentence for whoever runs this. No host, port or secret is in it: those are in the log."""


def health(request: HttpRequest) -> JsonResponse:
    """200 or 503 and one word; with METRICS_TOKEN or an admin's session also what is missing."""
    found = looked.found()
    body = found if is_operator(request) else {"ok": found["ok"]}
    return JsonResponse(body, status=200 if found["ok"] else 503, headers={"Cache-Control": "no-store"})


class Looked:
    """What was found a moment ago. While one looks again, the others are told that."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict | None = None
        self._until_s = 0.0

    def found(self) -> dict:
        if self._is_old():
            self._renew()
        return self._known or {"ok": False}

    def at_hand(self) -> dict | None:
        """What is known, unless it is time that somebody looks and nobody does."""
        return None if self._is_old() and not self._lock.locked() else self._known

    def _is_old(self) -> bool:
        return self._known is None or time.monotonic() > self._until_s

    def _renew(self) -> None:
        if not self._lock.acquire(blocking=self._known is None):
            return
        try:
            if self._is_old():
                self._known = _kept() or _look()
                self._until_s = time.monotonic() + KEPT_S
        finally:
            self._lock.release()


looked = Looked()


def _kept() -> dict | None:
    """What another process has found."""
    try:
        return cache.get(KEPT)
    except (RedisError, OSError):
        return None


def _look() -> dict:
    missing = {name: sentence for name, check in checks().items() if (sentence := _failure(name, check))}
    found = {"ok": not missing, "missing": missing, "checked": sorted(checks())}
    try:
        cache.set(KEPT, found, KEPT_S)
    except (RedisError, OSError):
        log.warning("what was found is kept in this process only: Redis is away")
    return found


def checks() -> dict[str, Callable[[], None]]:
    found = {"database": _database, "redis": _redis, "storage": _storage, "beat": _beat}
    found |= {f"queue {queue}": partial(_queue, queue) for queue in hearts.queues()}
    return found | ({"chain": _chain} if settings.CHAIN_RPC_URL else {})


def _failure(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except (Missing, StorageAway) as missing:
        return str(missing)
    except Exception as failure:  # the page's whole purpose is to say what fails
        log.warning("health: %s: %s: %s", name, type(failure).__name__, failure)
        return f"{name} does not answer: the log says why."
    return ""


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _redis() -> None:
    cache.set("health", 1, KEPT_S)


def _storage() -> None:
    if hasattr(default_storage, "check"):
        default_storage.check()


def _queue(queue: str) -> None:
    if not hearts.beats(f"queue:{queue}"):
        raise Missing(f"No worker of the queue {queue} has been heard of for {hearts.SEEN_S} s: start one.")


def _beat() -> None:
    if not hearts.beats("beat"):
        raise Missing(f"Celery beat has not been heard of for {hearts.SEEN_S} s: start it.")


def _chain() -> None:
    call = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}).encode()
    request = urllib.request.Request(settings.CHAIN_RPC_URL, call, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=2) as reply:  # noqa: S310  the operator's own address
        json.load(reply)
