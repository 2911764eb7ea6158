"""A callback is a hint: keep it as it came, see whether it is genuine, then ask the rail itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import partial

from django.db import transaction

from payouts.models import Deposit, Payout, ProviderEvent
from payouts.providers import get_provider
from payouts.providers.base import BadCallback
from payouts.waking import wake

MAX_CALLBACK_BYTES = 16_384
_KEPT_HEADERS = ("content-type", "x-rail-signature", "user-agent")


@transaction.atomic
def handle_callback(provider: str, headers: Mapping[str, str], raw: bytes) -> bool:
    """True when it is genuine. It is kept in both cases; nothing but a look-up follows from it."""
    references, refusal = _read(provider, headers, raw)
    kept = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
    ProviderEvent.objects.bulk_create(
        [
            ProviderEvent(
                provider=provider, sha256=hashlib.sha256(raw).hexdigest(), headers=kept, raw=raw, refusal=refusal
            )
        ],
        ignore_conflicts=True,
    )
    for model in (Payout, Deposit):
        for order in model.objects.filter(provider=provider, reference__in=references).only("pk"):
            transaction.on_commit(partial(wake, order.kind, order.pk), robust=True)
    return not refusal


def _read(provider: str, headers: Mapping[str, str], raw: bytes) -> tuple[list[str], str]:
    try:
        return get_provider(provider).parse_callback(headers, raw), ""
    except BadCallback as refusal:
        return [], str(refusal)[:200]
