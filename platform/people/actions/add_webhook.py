import base64
import secrets
from collections.abc import Sequence

from django.db import transaction

from delivery.models import WebhookEndpoint
from intake.errors import Unsafe
from intake.remote import check_url
from kernel.errors import DomainError
from people.access import get_member_organisation_for
from people.audit import record
from people.models import Person

EVENTS = ("item.decided", "label.answered", "warranty.dear", "labels.dear", "judge.stopped")
MAX_ENDPOINTS = 20


@transaction.atomic
def add_webhook(actor: Person, organisation_id: int, url: str, events: Sequence[str] | None = None) -> WebhookEndpoint:
    """An address of the organisation's that hears of these events, or of all. Its secret is `whsec_` + base64 of 32 bytes
    (Standard Webhooks)."""
    organisation = get_member_organisation_for(actor, organisation_id, lock=True)
    events = list(EVENTS) if events is None else events
    if not isinstance(events, list) or not events or not all(one in EVENTS for one in events):
        raise DomainError(
            "events must be a list of one or more of {choices}.", field="events", said={"choices": ", ".join(EVENTS)}
        )
    try:
        check_url(url)
    except Unsafe as unsafe:
        raise DomainError("url: {message}", field="url", said={"message": unsafe.message}) from unsafe
    active = WebhookEndpoint.objects.filter(organisation_id=organisation.pk, disabled_at=None)
    if active.count() >= MAX_ENDPOINTS:
        raise DomainError(
            "An organisation has at most {most} webhooks: disable one first.",
            field="url",
            said={"most": MAX_ENDPOINTS},
        )
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    endpoint = WebhookEndpoint.objects.create(
        organisation_id=organisation.pk, url=url, secret=secret, events=[one for one in EVENTS if one in events]
    )
    record(actor, "people.add_webhook", endpoint, organisation=organisation.pk)
    return endpoint
