"""What labelling does when something happened: see docs/architecture.md, "Events"."""

from __future__ import annotations

from delivery.outbox import on
from labelling import tasks
from labelling.actions.open_batch import refund_batch
from labelling.actions.settle_items import Outcome, settle_answers
from labelling.models import Answer


@on("answer.accepted")
def settle_gold(events: list[dict]) -> None:
    """The truth of a gold item is known: its answer is settled at once."""
    settle_answers(Outcome(event["answer"], None) for event in events if event["gold"])


@on("batch.closed")
def settle_and_refund(events: list[dict]) -> None:
    """What was answered but never decided is paid too; what nobody can claim goes back."""
    for event in events:
        unsettled = Answer.objects.filter(batch=event["batch"], settlement=None).values_list("pk", flat=True)
        settle_answers([Outcome(answer_id, None) for answer_id in unsettled])
        refund_batch(event["batch"])


@on("upload.received")
def import_uploads(events: list[dict]) -> None:
    """An import is long work of its own; when the broker is away the event waits, and comes again."""
    for event in events:
        tasks.import_upload.delay(event["upload"])


@on("release.requested")
def build_releases(events: list[dict]) -> None:
    for event in events:
        tasks.build_release.delay(event["release"])
