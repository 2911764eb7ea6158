"""Calls of the label API, and what they may change."""

from delivery.models import OutboxEvent
from labelling.models import BatchItem, Dataset, Item, LabelRequest, Suggestion
from ledger.models import Transfer

SURE = "I loved the soup wonderful 7"
UNSURE = "xyzzy 12"


def ask(client, world, text, query="", **more):
    return client.post(
        f"/api/v1/projects/{world.project.pk}/label{query}", {"item": {"text": text}, **more}, "application/json"
    )


def everything() -> dict:
    """What a refused call must leave as it was."""
    rows = (Item, Dataset, LabelRequest, BatchItem, Suggestion, Transfer, OutboxEvent)
    return {model.__name__: model.objects.count() for model in rows}
