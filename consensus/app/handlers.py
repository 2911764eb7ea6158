"""Each accepted answer: its item is decided again. Events come in batches, so a thousand items are one call."""

from __future__ import annotations

from consensus.app.actions.decide_items import decide_items, settle_late
from consensus.app.actions.finish_batch import finish_batch
from delivery.outbox import on


@on("answer.accepted")
def decide(events: list[dict]) -> None:
    counted = {event["item"] for event in events if event["counted"]}
    late = [event["answer"] for event in events if not event["counted"] and not event["gold"]]
    if counted:
        decide_items(counted)
    if late:
        settle_late(late)


@on("batch.closed")
def finish(events: list[dict]) -> None:
    for event in events:
        finish_batch(event["batch"])
