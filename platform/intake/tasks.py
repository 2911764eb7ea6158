"""Safe to repeat and to lose: beat asks again."""

from celery import shared_task

SLICE_S = 20  # then whoever waits in the importers' line has a turn


@shared_task(ignore_result=True)
def add_tiles() -> None:
    from intake.add_tiles import add_tiles as run

    if run(SLICE_S):
        add_tiles.delay()
