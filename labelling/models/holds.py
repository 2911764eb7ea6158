"""What holds a worker's money: her first day, or a flag. It waits, it is never lost, and it says until when and why.

A hold is on paying out. The money is earned and settled as ever, and stands in her available account; so much of it
stays there until the hold ends. Why it is so: docs/decisions/holds.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum

from labelling.models.bans import ANSWER_WITHIN
from ledger import clock
from people.models import Person, Worker

FIRST_DAY = timedelta(hours=24)
FLAGGED_FOR = ANSWER_WITHIN  # nobody decided in 72 hours: it ends, as an appeal that nobody answers is won
LOOK_BACK = timedelta(hours=24)  # a flag holds what its project paid from a day before it
FIRST_DAY_KIND = "first_day"


class PayHold(models.Model):
    """A hold that a flag made, or a first day's that she appealed against. One for each flag, ever: it cannot be begun again."""

    class Because(models.TextChoices):
        LOOKED = "looked"  # a later look found the flag no more
        OVER = "over"  # its date passed and nobody had decided
        ADMIN = "admin"  # a person let it go

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="pay_holds")
    project = models.ForeignKey("labelling.Project", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)  # of the flag, or "first_day"
    since = models.DateTimeField()
    until = models.DateTimeField()
    words = models.TextField(blank=True)  # hers, when she appeals
    appealed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=10, choices=Because.choices, blank=True)
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "project", "kind"], nulls_distinct=False, name="one_hold_each_flag"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("since"), until__lte=F("since") + FLAGGED_FOR), name="no_hold_for_ever"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_because="") | Q(ended_at__isnull=False) & ~Q(ended_because=""),
                name="hold_ended_with_a_cause",
            ),
        ]
        indexes = [models.Index(fields=["worker"], condition=Q(ended_at=None), name="holds_of_worker")]

    def __str__(self) -> str:
        return f"hold {self.pk} of worker {self.worker_id}"


@dataclass(frozen=True)
class Hold:
    """What stands now. reason: "first_day" or "flag". kept_micro: so much of what is available may not be paid out yet."""

    reason: str
    since: datetime
    until: datetime
    kept_micro: int
    sentence: str
    appealed_at: datetime | None = None
    first_day_since: datetime | None = None
    words: str = ""  # hers, when she appealed

    def free_micro(self, available_micro: int) -> int:
        """What she may have paid out now."""
        return max(0, available_micro - self.kept_micro)


def hold_of(worker: Worker) -> Hold | None:
    """The hold on her money, or None. It ends at `until` by itself; she appeals by POST /wallet/hold/appeal."""
    now = clock.now()
    rows = list(PayHold.objects.filter(worker=worker).order_by("since"))
    flags = [row for row in rows if row.kind != FIRST_DAY_KIND and row.ended_at is None and row.until > now]
    since = _first_day_since(worker, now, rows)
    if not flags and since is None:
        return None
    kept = max(_kept_by_flags(worker, flags), _kept_by_first_day(worker) if since else 0)
    appealed = [row for row in rows if row.appealed_at and row.ended_at is None]
    appealed_at = max((row.appealed_at for row in appealed), default=None)
    until = max([row.until for row in flags] + ([since + FIRST_DAY] if since else []))
    began = min([row.since for row in flags] + ([since] if since else []))
    reason = "flag" if flags else FIRST_DAY_KIND
    words = next((row.words for row in appealed), "")
    return Hold(reason, began, until, kept, _sentence(reason, until), appealed_at, since, words)


def _first_day_since(worker: Worker, now: datetime, rows: Iterable[PayHold]) -> datetime | None:
    """When her first day of work began, while it lasts; a recorded crowd has none."""
    from labelling.models import Answer, Pace

    if any(row.kind == FIRST_DAY_KIND and row.ended_at for row in rows):
        return None
    first = Answer.objects.filter(worker=worker).order_by("seq").values_list("received_at", flat=True).first()
    if first is None or first + FIRST_DAY <= now or Pace.objects.filter(worker=worker, recorded=True).exists():
        return None
    return first


def _kept_by_first_day(worker: Worker) -> int:
    """All beyond the first sum, which she may have at once."""
    from labelling.models import Settlement

    return max(0, _sum(Settlement.objects.filter(worker=worker)) - settings.FIRST_DAY_MICRO)


def _kept_by_flags(worker: Worker, flags: list[PayHold]) -> int:
    """What their projects have paid her from a day before, settled or only the base pay of it."""
    from labelling.models import EarlyBase, Settlement

    if not flags:
        return 0
    settled, early = Q(), Q()
    for row in flags:
        settled |= Q(answer__project=row.project_id, settled_at__gte=row.since - LOOK_BACK)
        early |= Q(answer__project=row.project_id, released_at__gte=row.since - LOOK_BACK)
    base = EarlyBase.objects.filter(early, worker=worker, answer__settlement=None)
    return (
        _sum(Settlement.objects.filter(settled, worker=worker))
        + base.aggregate(sum=Sum("amount_micro", default=0))["sum"]
    )


def _sum(settlements) -> int:
    return settlements.aggregate(sum=Sum(F("base_micro") + F("bonus_micro"), default=0))["sum"]


def _sentence(reason: str, until: datetime) -> str:
    end = f"{until:%Y-%m-%d %H:%M} UTC"
    if reason == FIRST_DAY_KIND:
        first = f"{settings.FIRST_DAY_MICRO / 1e6:,.2f} {settings.CURRENCY}"
        return f"In your first day of work you may take out {first}; the rest waits until {end} and is yours then."
    return (
        f"Somebody looks at your last answers: what they earned waits until {end} at the latest and is yours then. "
        "You can ask for it sooner and say why, in your wallet."
    )
