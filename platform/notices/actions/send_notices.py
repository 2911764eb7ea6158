"""Send what was made: five tries within a day, none in her quiet hours, and only what is still so."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from ledger import clock
from notices.models import Choice, Happening, Notice
from notices.ways import WAYS
from notices.ways.base import NotNow, NoWay, Told
from notices.what import in_words, opens, stop_link, to_tell

RETRY_S = (60, 600, 3600, 6 * 3600)
STALE = timedelta(hours=24)
MOST = 200  # of one run


def send_due() -> int:
    """How many were taken. Any number may run side by side."""
    sent = 0
    for _ in range(MOST):
        notice = _claim()
        if notice is None:
            break
        sent += _send(notice)
    return sent


@transaction.atomic
def _claim() -> Notice | None:
    """Put off by its next wait before it is tried: a crash costs one wait, never a second notice at once."""
    now = clock.now()
    due = Notice.objects.filter(sent_at=None, dropped_at=None, next_attempt_at__lte=now).order_by("next_attempt_at")
    notice = due.select_for_update(skip_locked=True).first()
    if notice is None:
        return None
    wait_s = RETRY_S[min(notice.attempts, len(RETRY_S) - 1)]
    notice.attempts, notice.next_attempt_at = notice.attempts + 1, now + timedelta(seconds=wait_s)
    notice.save(update_fields=["attempts", "next_attempt_at"])
    return notice


def _send(notice: Notice) -> bool:
    """No transaction is open while a server of others thinks."""
    now = clock.now()
    choice = Choice.objects.filter(person=notice.person_id).select_related("person").first()
    if choice is None or not choice.person.is_active or now > notice.made_at + STALE:
        return _drop(notice, "nobody wants it, or it is stale")
    quiet_ends = choice.quiet_ends(now)
    if quiet_ends:
        return _again(notice, quiet_ends, "quiet hours")
    kinds = to_tell(choice, now)
    if not kinds:
        return _drop(notice, "it is so no more")
    told = Told(choice, kinds, in_words(kinds, choice.person.language), opens(kinds), stop_link(choice.person))
    try:
        WAYS[choice.by](told)
    except NoWay:
        return _drop(notice, "no way leads to her")
    except NotNow as later:
        return _later(notice, later)
    return _taken(notice, kinds, choice.by)


@transaction.atomic
def _taken(notice: Notice, kinds: list, by: str) -> bool:
    notice.sent_at, notice.next_attempt_at, notice.kinds, notice.by = clock.now(), None, kinds, by
    notice.last_error = ""
    notice.save(update_fields=["sent_at", "next_attempt_at", "kinds", "by", "last_error"])
    Happening.objects.filter(person=notice.person_id, kind__in=kinds, at__lte=notice.sent_at).delete()
    return True


def _later(notice: Notice, why: NotNow) -> bool:
    if notice.attempts > len(RETRY_S):
        return _drop(notice, str(why))
    at = clock.now() + timedelta(seconds=why.after_s) if why.after_s else notice.next_attempt_at
    return _again(notice, at, str(why))


def _again(notice: Notice, at, why: str) -> bool:
    if at > notice.made_at + STALE:
        return _drop(notice, why)
    Notice.objects.filter(pk=notice.pk, dropped_at=None).update(next_attempt_at=at, last_error=why[:300])
    return False


def _drop(notice: Notice, why: str) -> bool:
    Notice.objects.filter(pk=notice.pk).update(dropped_at=clock.now(), next_attempt_at=None, last_error=why[:300])
    return False
