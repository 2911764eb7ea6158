"""Webhooks out, by the Standard Webhooks specification: what was decided is told to the requester, signed.

`webhook-signature: v1,<base64 of HMAC-SHA256(secret, "id.timestamp.body")>`; two signatures while a secret is being
changed. Ten attempts over about 75 hours; 410 ends it. Redirects are not followed and private networks not reached: the
transport, a function (url, headers, body) -> status, is named in settings.WEBHOOK_TRANSPORT.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from delivery.models import WebhookDelivery, WebhookEndpoint

RETRY_S = (5, 60, 300, 1800, 7200, 18_000, 36_000, 72_000, 130_000)
BATCH = 50
GONE = 410


def queue(event: str, organisation_id: int, data: dict) -> int:
    """One delivery for each endpoint of the organisation that listens to this event; in the caller's transaction."""
    endpoints = WebhookEndpoint.objects.filter(organisation_id=organisation_id, disabled_at=None)
    listening = [endpoint for endpoint in endpoints if not endpoint.events or event in endpoint.events]
    if not listening:
        return 0
    body = json.dumps({"type": event, "timestamp": timezone.now().isoformat(), "data": data}, separators=(",", ":"))
    message_id, now = f"msg_{uuid.uuid4().hex}", timezone.now()
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(endpoint=endpoint, message_id=message_id, body=body, next_attempt_at=now)
        for endpoint in listening
    )
    return len(listening)


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
    due = WebhookDelivery.objects.filter(
        delivered_at=None, next_attempt_at__lte=timezone.now(), endpoint__disabled_at=None
    )
    delivery = due.select_for_update(skip_locked=True, of=("self",)).select_related("endpoint").order_by("id").first()
    if delivery is None:
        return None
    wait_s = RETRY_S[delivery.attempts] if delivery.attempts < len(RETRY_S) else None
    delivery.attempts += 1
    delivery.next_attempt_at = timezone.now() + timedelta(seconds=wait_s) if wait_s else None
    delivery.save(update_fields=["attempts", "next_attempt_at"])
    return delivery


def _attempt(delivery: WebhookDelivery) -> bool:
    endpoint, body = delivery.endpoint, delivery.body.encode()
    secrets = [secret for secret in (endpoint.secret, endpoint.previous_secret) if secret]
    try:
        status = import_string(settings.WEBHOOK_TRANSPORT)(
            endpoint.url, signed_headers(delivery.message_id, body, secrets), body
        )
    except Exception as failure:  # whatever the receiver or the network does, it is a failed attempt with its reason
        delivery.last_error = f"{type(failure).__name__}: {failure}"[:500]
        delivery.save(update_fields=["last_error"])
        return False
    delivery.last_status = status
    if 200 <= status < 300:
        delivery.delivered_at, delivery.next_attempt_at = timezone.now(), None
    if status == GONE:
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(disabled_at=timezone.now())
        delivery.next_attempt_at = None
    delivery.save(update_fields=["last_status", "delivered_at", "next_attempt_at"])
    return delivery.delivered_at is not None


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
