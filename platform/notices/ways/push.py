"""A push to each phone of hers, through the server that its browser names: a stranger's address, guarded as all of these are."""

from __future__ import annotations

import http.client
import json
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import override

from intake import limits
from intake.errors import Unsafe
from intake.remote import Reply, ask
from kernel.say import say
from ledger import clock
from notices import web_push
from notices.models import PushSubscription
from notices.ways.base import NotNow, NoWay, Told

LASTS = timedelta(hours=12)  # a phone that is off so long is not told of it any more
GONE = (404, 410)  # she has taken the permission back, or the app is gone
KEYS_WRONG = (401, 403)  # subscribed by another key of ours: the phone asks anew when the screen is opened
BODY_BYTES = 10_000


def send(told: Told) -> None:
    """Told when one phone has it. A phone that is gone is forgotten; one that asks for patience is asked again when it said."""
    phones = list(told.choice.person.push_subscriptions.order_by("-pk"))
    late: list[NotNow] = []
    taken = 0
    for phone in phones:
        try:
            taken += _push(phone, told)
        except NotNow as later:
            late.append(later)
    if taken:
        return
    if late:
        raise max(late, key=lambda one: one.after_s or 0)
    raise NoWay


def _push(phone: PushSubscription, told: Told) -> bool:
    try:
        reply = _ask(phone, told)
    except (Unsafe, OSError, http.client.HTTPException) as failed:
        raise NotNow(f"{type(failed).__name__} at {urlsplit(phone.endpoint).hostname}") from failed
    if reply.status in (*GONE, *KEYS_WRONG):
        phone.delete()
        return False
    if not 200 <= reply.status < 300:
        raise NotNow(f"status {reply.status} of {urlsplit(phone.endpoint).hostname}", reply.retry_after)
    return True


def _ask(phone: PushSubscription, told: Told) -> Reply:
    body = web_push.sealed(_message(told), phone.p256dh, phone.auth)
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(_lasts_s(told)),
        "Urgency": "normal",
        "Topic": "notice",  # a newer one takes the place of one that still waits
        "Authorization": web_push.word_of_ours(phone.endpoint, clock.now().timestamp()),
    }
    within = {"within_s": limits.POST_S, "most_bytes": BODY_BYTES, "trusted": settings.PUSH_HOSTS}
    return ask(phone.endpoint, headers, body, **within)


def _lasts_s(told: Told) -> int:
    """No longer than until her quiet hours begin: a phone that comes on by night stays quiet."""
    now = clock.now()
    begins = told.choice.quiet_begins(now)
    return int((min(now + LASTS, begins) if begins else now + LASTS).timestamp() - now.timestamp())


def _message(told: Told) -> bytes:
    with override(told.choice.person.language):
        stop = {"label": say("Stop these notices"), "url": told.stop}
    return json.dumps({"text": told.words, "open": told.opens, "stop": stop}, ensure_ascii=False).encode()
