"""Beat wakes these; of a queue whose workers wait for strangers: server/queues.py."""

from celery import shared_task

from notices.actions.look import forget_stale, look_at_due
from notices.actions.send_notices import send_due


@shared_task
def send_notices() -> int:
    forget_stale()
    look_at_due()
    return send_due()
