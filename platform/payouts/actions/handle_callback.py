"""A callback is a hint: see whether it is genuine, keep it as it came, then ask the rail itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial

from django.db import transaction

from kernel.texts import is_keepable, is_text
from payouts.enqueue import enqueue
from payouts.models import Deposit, Payout, ProviderEvent
from payouts.providers import get_provider
from payouts.providers.base import BadCallback

MAX_CALLBACK_BYTES = 16_384
MAX_REFERENCE = 40
_KEPT_HEADERS = ("content-type", "user-agent")


def handle_callback(provider: str, headers: Mapping[str, str], raw: bytes) -> str:
    """Why it is not believed; empty for a genuine one, which is kept. Nothing but a look-up follows from it."""
    try:
        rail = get_provider(provider)
        references = rail.parse_callback(headers, raw)
    except BadCallback as refusal:
        return str(refusal)[:200]
    if not all(is_text(reference, MAX_REFERENCE) for reference in references):
        return "The callback's reference is none."
    _keep(provider, rail.signature_headers, headers, raw, references)
    return ""


@transaction.atomic
def _keep(
    provider: str, signed_in: Sequence[str], headers: Mapping[str, str], raw: bytes, references: list[str]
) -> None:
    names = (*_KEPT_HEADERS, *signed_in)
    kept = {name: headers[name] for name in names if name in headers and is_keepable(headers[name])}
    event = ProviderEvent(provider=provider, sha256=hashlib.sha256(raw).hexdigest(), headers=kept, raw=raw)
    ProviderEvent.objects.bulk_create([event], ignore_conflicts=True)
    for model in (Payout, Deposit):
        for order in model.objects.filter(provider=provider, reference__in=references).only("pk"):
            transaction.on_commit(partial(enqueue, order.kind, order.pk), robust=True)
