"""Each accepted answer: its item is decided again. Events come in batches, so a thousand items are one call."""

from __future__ import annotations

from consensus.app.actions.decide_items import decide_items
from consensus.app.actions.finish_batch import finish_batch
from delivery.outbox import on


@on("answer.accepted")
def decide(events: list[dict]) -> None:
    counted = {event["item"] for event in events if event["counted"]}
    decide_items(counted, [event["answer"] for event in events if not event["counted"]])


@on("batch.closed")
def finish(events: list[dict]) -> None:
    for event in events:
        finish_batch(event["batch"])
