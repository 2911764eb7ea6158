from django.core.cache import cache

from delivery import webhooks
from kernel.errors import Conflict
from people.access import get_member_organisation_for, get_webhook_for
from people.audit import record
from people.models import Person

EVENT = "webhook.test"
# As `item.decided` looks, with numbers that are nobody's.
SAMPLE = {"item": 0, "project": 0, "batch": 0, "final": True, "decision": {"label": "Example", "label_id": "l00000000"}}
WAIT_S = 15  # one at a time; longer than any receiver is given


def try_webhook(actor: Person, endpoint_id: int) -> webhooks.Tried:
    """Send a signed sample now and tell what the receiver says. Nothing is open in the database meanwhile."""
    endpoint = get_webhook_for(actor, endpoint_id)
    get_member_organisation_for(actor, endpoint.organisation_id)  # a viewer only looks
    if endpoint.disabled_at is not None:
        raise Conflict("This webhook is disabled: add its address again.", field="webhook", code="webhook_disabled")
    if not cache.add(f"webhook-try:{endpoint.pk}", True, WAIT_S):
        raise Conflict(
            "A sample was sent there a moment ago: wait {seconds} seconds.",
            field="webhook",
            code="webhook_tried",
            said={"seconds": WAIT_S},
        )
    try:
        tried = webhooks.try_now(endpoint, EVENT, SAMPLE)
    finally:
        cache.delete(f"webhook-try:{endpoint.pk}")
    record(actor, "people.try_webhook", endpoint, status=tried.status)
    return tried
