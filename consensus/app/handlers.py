"""Each accepted answer: its item is decided again. Events come in batches, so a thousand items are one call.

So is what a worker's answers decided when a flag is raised, and what waited for a look.
"""

from __future__ import annotations

from collections import defaultdict

from consensus.app.actions.decide_items import decide_items
from consensus.app.actions.decide_without import decide_without
from consensus.app.actions.finish_batch import finish_batch
from consensus.app.actions.follow_question import follow_question
from delivery.outbox import on


@on("answer.accepted")
def decide(events: list[dict]) -> None:
    counted = {event["item"] for event in events if event["counted"]}
    decide_items(counted, [event["answer"] for event in events if not event["counted"]])


@on("items.waiting")
@on("items.judged")
def decide_what_waited(events: list[dict]) -> None:
    decide_items({item for event in events for item in event["items"]})


@on("hold.made")
def decide_without_the_flagged(events: list[dict]) -> None:
    workers: dict[int, set[int]] = defaultdict(set)
    for event in events:
        workers[event["project"]].add(event["worker"])
    for project, flagged in sorted(workers.items()):
        decide_without(project, flagged)


@on("question.changed")
def follow(events: list[dict]) -> None:
    for event in events:
        follow_question(event["project"], event["merged"])


@on("batch.closed")
def finish(events: list[dict]) -> None:
    for event in events:
        finish_batch(event["batch"])
