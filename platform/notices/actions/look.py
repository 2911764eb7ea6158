"""Who has something to be told today? One is looked at at a time, when her time has come; each has one notice a day at most."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from ledger import clock
from notices.models import Choice, Happening, Kind, Notice
from notices.what import FRESH, to_tell

EVERY = timedelta(hours=1)  # how often it is looked for new work
APART = timedelta(hours=12)  # between two notices, where midnight or a journey lies between them
MOST = 500  # of one run


def look_at_due() -> int:
    """How many notices were made. Any number may run side by side."""
    made = 0
    for _ in range(MOST):
        found = _look_at_next()
        if found is None:
            break
        made += found
    return made


@transaction.atomic
def _look_at_next() -> bool | None:
    now = clock.now()
    due = Choice.objects.filter(look_at__lte=now).select_related("person").order_by("look_at")
    choice = due.select_for_update(skip_locked=True, of=("self",)).first()
    if choice is None:
        return None
    kinds, choice.look_at = _look(choice, now)
    choice.save(update_fields=["look_at"])
    if kinds:
        fields = {"kinds": kinds, "by": choice.by, "next_attempt_at": now}
        Notice.objects.create(person=choice.person, day=choice.day(now), **fields)
    return bool(kinds)


def _look(choice: Choice, now: datetime) -> tuple[list[Kind], datetime | None]:
    """What to tell now, and when to look again; None: when something happens."""
    if not choice.kinds or not choice.person.is_active:
        return [], None
    quiet_ends, later = choice.quiet_ends(now), _next_day(choice, now)
    if quiet_ends or later:
        return [], max(at for at in (quiet_ends, later) if at)
    kinds = to_tell(choice, now)
    if kinds:
        return kinds, max(choice.tomorrow(now), now + APART)
    return [], now + EVERY if choice.work else None


def _next_day(choice: Choice, now: datetime) -> datetime | None:
    """When she may have the next one, where today's was made."""
    last = Notice.objects.filter(person=choice.person).order_by("-made_at").first()
    if last is None:
        return None
    earliest = last.made_at + APART
    if last.day >= choice.day(now):
        earliest = max(earliest, choice.tomorrow(now))
    return earliest if earliest > now else None


@transaction.atomic
def note(kind: Kind, people: Iterable[int]) -> None:
    """It happened to these people: told to those who chose to hear of it, with whatever else the day brings."""
    now = clock.now()
    chose = Choice.objects.filter(person__in=list(people), **{kind.value: True})
    ids = list(chose.values_list("person", flat=True))
    Happening.objects.bulk_create(Happening(person_id=pk, kind=kind) for pk in ids)
    chose.filter(Q(look_at=None) | Q(look_at__gt=now)).update(look_at=now)


def forget_stale() -> int:
    return Happening.objects.filter(at__lte=clock.now() - FRESH).delete()[0]
