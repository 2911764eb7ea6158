"""/health: is everything there that the platform needs, and what is missing, by name."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import JsonResponse

from delivery.models import OutboxEvent
from server.celery import app as celery

BEAT_SEEN_S = 30


def health(request) -> JsonResponse:
    """200 when all is well; 503 with the names of what is missing. Nothing secret in it."""
    checks: dict[str, Callable[[], None]] = {
        "database": _database,
        "redis": _redis,
        "worker": _worker,
        "beat": _beat,
        "chain": _chain,
    }
    if request.GET.get("only"):
        checks = {name: check for name, check in checks.items() if name in request.GET["only"].split(",")}
    missing = {name: reason for name, check in checks.items() if (reason := _failure(check))}
    body = {"ok": not missing, "missing": missing, "checked": sorted(checks)}
    return JsonResponse(body, status=503 if missing else 200)


def _failure(check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as failure:  # the page's whole purpose is to say what fails
        return f"{type(failure).__name__}: {failure}"[:200]
    return ""


def _database() -> None:
    connection.ensure_connection()
    OutboxEvent.objects.filter(delivered_at=None).exists()


def _redis() -> None:
    cache.set("health", 1, 5)


def _worker() -> None:
    if not celery.control.ping(timeout=1.0):
        raise RuntimeError("no Celery worker answers: start one")


def _beat() -> None:
    seen = cache.get("beat:seen")
    if seen is None or time.time() - seen > BEAT_SEEN_S:
        raise RuntimeError("Celery beat has not been heard of lately: start it")


def _chain() -> None:
    call = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}).encode()
    request = urllib.request.Request(settings.CHAIN_RPC_URL, call, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=2) as reply:  # noqa: S310  the operator's own address
        json.load(reply)
