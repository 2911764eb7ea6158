from django.db import transaction

from delivery.models import WebhookEndpoint
from ledger import clock
from people.access import get_member_organisation_for, get_webhook_for
from people.audit import record
from people.models import Person


@transaction.atomic
def disable_webhook(actor: Person, endpoint_id: int) -> WebhookEndpoint:
    """Nothing is sent there any more; safe to repeat."""
    endpoint = get_webhook_for(actor, endpoint_id, lock=True)
    get_member_organisation_for(actor, endpoint.organisation_id)  # a viewer only looks
    if endpoint.disabled_at is None:
        endpoint.disabled_at = clock.now()
        endpoint.save(update_fields=["disabled_at"])
        record(actor, "people.disable_webhook", endpoint)
    return endpoint
