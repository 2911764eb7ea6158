"""Celery asks the judges. Of a queue whose workers wait for strangers: server/queues.py."""

import random

from celery import shared_task

from delivery.enqueue import enqueue
from ml_assist.judges import work as judging

AT_ONCE_S = 10


@shared_task
def ask_judges() -> int:
    """Wake each that may have something to do; a lost message is made good by the next look."""
    due = judging.due_judges()
    random.shuffle(due)  # in a lane each has its turn
    for judge_id in due:
        enqueue("ml_assist.judge_tasks.ask_judge", judge_id, expires_s=AT_ONCE_S)
    return len(due)


@shared_task
def ask_judge(judge_id: int) -> int:
    return judging.work(judge_id, AT_ONCE_S)
