"""Celery tasks of labelling. Each is safe to repeat and to lose: beat or the outbox asks again."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task

from ledger import clock


@shared_task
def expire_leases() -> int:
    from labelling.work.expire_leases import expire_leases as expire

    return expire()


@shared_task
def close_overdue_batches() -> int:
    from labelling.batches.close_overdue import close_overdue

    return close_overdue()


@shared_task
def refund_closed_batches() -> int:
    """Batches closed while something could still be claimed of them: leases that are out, appeals against missed known tasks."""
    from labelling.batches.refund_batch import refund_batch, to_refund

    return sum(refund_batch(batch_id) > 0 for batch_id in to_refund())


@shared_task
def end_bans() -> int:
    from labelling.conduct.end_bans import end_bans as end

    return end()


@shared_task
def release_base() -> int:
    from labelling.batches.release_base import release_base as release

    return release()


@shared_task
def check_wages() -> int:
    from labelling.batches.check_wages import check_wages as check

    return check()


@shared_task
def look_at_due_promises() -> int:
    from labelling.label_api.promise_labels import look_at_due_promises as look

    return look()


@shared_task
def end_holds() -> int:
    from labelling.conduct.hold_pay import end_holds as end

    return end()


@shared_task
def end_gold_appeals() -> int:
    from labelling.gold.end_gold_appeals import end_gold_appeals as end

    return end()


LONG_S = 6 * 3600  # a release may be long; killed, the next sweep takes it up again
IMPORT_SLICE_S = 20  # then the next organisation has its turn


@shared_task(time_limit=LONG_S)
def import_next() -> None:
    from labelling.data.import_next import import_next as run

    if run(IMPORT_SLICE_S):
        import_next.delay()


@shared_task(time_limit=LONG_S)
def build_release(release_id: int) -> None:
    from labelling.releases.build_release import build_release as run

    run(release_id)


@shared_task
def speak_instructions(project_id: int) -> None:
    from labelling.models import Project
    from labelling.projects.speak_instructions import speak_instructions as speak

    speak(Project.objects.get(pk=project_id))


@shared_task
def drop_unfinished_uploads() -> int:
    from labelling.data.upload_session import drop_unfinished

    return drop_unfinished()


@shared_task
def resume_long_jobs() -> int:
    """Imports and releases that nobody finished: their worker was killed, or their wake-up was lost. Asking for one that
    runs is harmless: it is locked."""
    from labelling.models import Release, Upload

    before = clock.now() - timedelta(minutes=1)
    unfinished = Upload.objects.filter(state__in=Upload.UNFINISHED)
    releases = Release.objects.filter(state="building", created_at__lt=before).values_list("pk", flat=True)
    stands_still = unfinished.exists() and not unfinished.filter(turn_at__gte=before).exists()
    if stands_still and unfinished.filter(created_at__lt=before).exists():
        import_next.delay()
    for pk in releases:
        build_release.delay(pk)
    return len(releases)
