from celery import shared_task


@shared_task(ignore_result=True)
def forget_old() -> dict[str, int]:
    from django.core.files.storage import default_storage

    from server.retention import forget_old as run

    if hasattr(default_storage, "sweep"):  # a bucket has no half-written files
        default_storage.sweep()
    return run()
