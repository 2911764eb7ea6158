"""What a person wants to be told of, by which way and when; what happened meanwhile; what was told. All of it is hers and off until she
asks for it (docs/decisions/notices.md)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ledger import clock
from people.models import Person


class Kind(models.TextChoices):
    """In the order in which they are told."""

    MONEY = "money"
    APPEALS = "appeals"
    WORK = "work"


class Way(models.TextChoices):
    PUSH = "push"
    EMAIL = "email"
    SMS = "sms"


class Choice(models.Model):
    """What she chose. `look_at`: when there may be something to tell her; nothing before, nothing without it."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="notice_choice")
    work = models.BooleanField(default=False)
    money = models.BooleanField(default=False)
    appeals = models.BooleanField(default=False)
    by = models.CharField(max_length=5, choices=Way.choices, default=Way.PUSH)
    quiet_from = models.PositiveSmallIntegerField(default=20)  # hours of her day; the same twice: none are quiet
    quiet_until = models.PositiveSmallIntegerField(default=8)
    time_zone = models.CharField(max_length=60, default="UTC")
    chosen_at = models.DateTimeField()
    look_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quiet_from__lt=24, quiet_until__lt=24), name="quiet_hours_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"notices of person {self.person_id}"

    @property
    def kinds(self) -> list[Kind]:
        return [kind for kind in Kind if getattr(self, kind)]

    def day(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.time_zone)).date()

    def tomorrow(self, now: datetime) -> datetime:
        return self._at(self.day(now) + timedelta(days=1), 0)

    def quiet_ends(self, now: datetime) -> datetime | None:
        """When the quiet hours that `now` lies in are over; None: it lies in none."""
        if not self._is_quiet(now.astimezone(ZoneInfo(self.time_zone)).hour):
            return None
        ends = self._at(self.day(now), self.quiet_until)
        return ends if ends > now else self._at(self.day(now) + timedelta(days=1), self.quiet_until)

    def quiet_begins(self, now: datetime) -> datetime | None:
        """When the next quiet hours begin; None: there are none."""
        if self.quiet_from == self.quiet_until:
            return None
        begins = self._at(self.day(now), self.quiet_from)
        return begins if begins > now else self._at(self.day(now) + timedelta(days=1), self.quiet_from)

    def _is_quiet(self, hour: int) -> bool:
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until

    def _at(self, day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour), ZoneInfo(self.time_zone)).astimezone(UTC)


class PushSubscription(models.Model):
    """A phone of hers that may be pushed to, as its browser says. The address is a secret: whoever knows it can wake her phone."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    made_at = clock.MadeAt()

    def __str__(self) -> str:
        return f"push to person {self.person_id}"


class Happening(models.Model):
    """Something that she wants to be told of, and was not yet."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = clock.MadeAt()

    def __str__(self) -> str:
        return f"{self.kind} of person {self.person_id}"


class Notice(models.Model):
    """What she was told on one day: one notice, whatever happened."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    day = models.DateField()  # hers
    kinds = ArrayField(models.CharField(max_length=10, choices=Kind.choices))
    by = models.CharField(max_length=5, choices=Way.choices)
    made_at = clock.MadeAt()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="one_notice_a_day")]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(sent_at=None, dropped_at=None), name="notices_waiting")
        ]

    def __str__(self) -> str:
        return f"notice to person {self.person_id} of {self.day}"
