"""Registers for events of the outbox."""

from anchoring.models import Statement
from delivery.outbox import on


@on("person.erased")
def destroy_salts(events: list[dict]) -> None:
    """Without its salt and pseudonym a leaf on the chain is a number that says nothing of anybody. Safe to repeat."""
    workers = [event["worker"] for event in events if event["worker"]]
    Statement.objects.filter(worker__in=workers).update(salt="", pseudonym="")
