from delivery.outbox import on
from rewards.actions.grant_points import grant_points


@on("answer.settled")
def on_answers_settled(events: list[dict]) -> None:
    grant_points(events)
