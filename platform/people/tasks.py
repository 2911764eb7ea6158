from celery import shared_task

from people.budgets import forget_ended


@shared_task
def forget_budgets() -> int:
    return forget_ended()
