"""Webhooks out, by the Standard Webhooks specification: what was decided is told to the requester, signed.

`webhook-signature: v1,<base64 of HMAC-SHA256(secret, "id.timestamp.body")>`; two signatures while a secret is being
changed. Ten attempts over about 75 hours; 410 ends it. One attempt at a time for each endpoint, and one that failed
rests, longer each time: a receiver that is slow or dead takes its own time, not that of the others. Redirects are not
followed and private networks not reached: the transport, a function (url, headers, body) -> status, is named in
settings.WEBHOOK_TRANSPORT.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from delivery.models import WebhookDelivery, WebhookEndpoint

RETRY_S = (5, 60, 300, 1800, 7200, 18_000, 36_000, 72_000, 130_000)
REST_S, MAX_REST_S = 5, 600
BUSY_S = 60  # longer than any attempt; after a crash the endpoint is free again
BATCH = 50
GONE = 410


def queue(event: str, organisation_id: int, data: dict) -> int:
    """One delivery for each endpoint of the organisation that listens to this event; in the caller's transaction."""
    endpoints = WebhookEndpoint.objects.filter(organisation_id=organisation_id, disabled_at=None)
    listening = [endpoint for endpoint in endpoints if not endpoint.events or event in endpoint.events]
    if not listening:
        return 0
    body = _body(event, data)
    message_id, now = f"msg_{uuid.uuid4().hex}", timezone.now()
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(endpoint=endpoint, message_id=message_id, body=body, next_attempt_at=now)
        for endpoint in listening
    )
    return len(listening)


def _body(event: str, data: dict) -> str:
    return json.dumps({"type": event, "timestamp": timezone.now().isoformat(), "data": data}, separators=(",", ":"))


def send_due(limit: int = BATCH) -> int:
    """Send what is due, oldest first; returns how many were taken by their receivers."""
    sent = 0
    for _ in range(limit):
        delivery = _claim()
        if delivery is None:
            break
        sent += _attempt(delivery)
    return sent


@transaction.atomic
def _claim() -> WebhookDelivery | None:
    """The next due delivery, put off by its next wait before it is tried: a crash costs one wait, never a message."""
    now = timezone.now()
    awake = Q(endpoint__rests_until=None) | Q(endpoint__rests_until__lte=now)
    due = WebhookDelivery.objects.filter(
        awake, delivered_at=None, next_attempt_at__lte=now, endpoint__disabled_at=None
    ).select_related("endpoint")
    delivery = due.select_for_update(skip_locked=True, of=("self", "endpoint")).order_by("id").first()
    if delivery is None:
        return None
    wait_s = RETRY_S[delivery.attempts] if delivery.attempts < len(RETRY_S) else None
    delivery.attempts += 1
    delivery.next_attempt_at = now + timedelta(seconds=wait_s) if wait_s else None
    delivery.save(update_fields=["attempts", "next_attempt_at"])
    _set(delivery.endpoint, rests_until=now + timedelta(seconds=BUSY_S))
    return delivery


def _attempt(delivery: WebhookDelivery) -> bool:
    """No transaction is open while the receiver thinks."""
    endpoint, body, now = delivery.endpoint, delivery.body.encode(), timezone.now
    secrets = [secret for secret in (endpoint.secret, endpoint.previous_secret) if secret]
    headers = signed_headers(delivery.message_id, body, secrets)
    delivery.last_status, delivery.last_error = None, ""
    try:
        delivery.last_status = import_string(settings.WEBHOOK_TRANSPORT)(endpoint.url, headers, body)
    except Exception as failure:  # whatever the receiver or the network does, it is a failed attempt with its reason
        delivery.last_error = f"{type(failure).__name__}: {failure}"[:500]
    taken = 200 <= (delivery.last_status or 0) < 300
    if taken:
        delivery.delivered_at, delivery.next_attempt_at = now(), None
        _set(endpoint, failures=0, rests_until=None)
    elif delivery.last_status == GONE:
        delivery.next_attempt_at = None
        _set(endpoint, disabled_at=now(), rests_until=None)
    else:
        rest_s = min(MAX_REST_S, REST_S * 2**endpoint.failures)
        _set(endpoint, failures=min(endpoint.failures + 1, 10), rests_until=now() + timedelta(seconds=rest_s))
    delivery.save(update_fields=["last_status", "last_error", "delivered_at", "next_attempt_at"])
    return taken


@dataclass(frozen=True)
class Tried:
    """What a receiver said to one message; `status` is None where it said nothing, and `error` why."""

    status: int | None
    error: str
    took_ms: int

    @property
    def taken(self) -> bool:
        return 200 <= (self.status or 0) < 300


def try_now(endpoint: WebhookEndpoint, event: str, data: dict) -> Tried:
    """One message, signed as all are, at once and never again: no delivery, and what the endpoint waits for is not touched."""
    secrets = [secret for secret in (endpoint.secret, endpoint.previous_secret) if secret]
    body = _body(event, data).encode()
    began, status, error = time.monotonic(), None, ""
    try:
        headers = signed_headers(f"msg_{uuid.uuid4().hex}", body, secrets)
        status = import_string(settings.WEBHOOK_TRANSPORT)(endpoint.url, headers, body)
    except Exception as failure:  # as above: whatever happens is what came of it
        error = f"{type(failure).__name__}: {failure}"[:500]
    return Tried(status, error, round((time.monotonic() - began) * 1000))


def _set(endpoint: WebhookEndpoint, **fields) -> None:
    """These fields only: the owner may change or disable the endpoint meanwhile."""
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(**fields)


def signed_headers(message_id: str, body: bytes, secrets: Iterable[str], at_s: int | None = None) -> dict[str, str]:
    """Headers of one message; `secrets` as "whsec_<base64>"."""
    stamp = str(int(time.time()) if at_s is None else at_s)
    signed = b".".join([message_id.encode(), stamp.encode(), body])
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{_sign(secret, signed)}" for secret in secrets),
    }


def _sign(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
