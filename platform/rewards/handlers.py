from delivery.outbox import on
from rewards.actions.forgive_days import forgive_days
from rewards.actions.grant_points import grant_points, grant_what_was_missed


@on("answer.settled")
def on_answers_settled(events: list[dict]) -> None:
    grant_points(events)


@on("miss.righted")
def on_misses_put_right(events: list[dict]) -> None:
    grant_what_was_missed(events)


@on("ban.lifted")
def on_bans_lifted(events: list[dict]) -> None:
    forgive_days(events)
