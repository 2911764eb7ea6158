"""What labelling does when something happened: see docs/architecture.md, "Events"."""

from __future__ import annotations

from delivery.outbox import on
from labelling import tasks
from labelling.actions.settle_items import Outcome, settle_answers


@on("answer.accepted")
def settle_gold(events: list[dict]) -> None:
    """The truth of a gold item is known: its answer is settled at once."""
    settle_answers(Outcome(event["answer"], None) for event in events if event["gold"])
