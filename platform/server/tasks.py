from celery import shared_task


@shared_task(ignore_result=True)
def forget_old() -> dict[str, int]:
    from server.retention import forget_old as run

    return run()
