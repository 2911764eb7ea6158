"""Holds on a worker's money: fields, and the rules that the database keeps. What they hold: labelling/conduct/holds.py."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from labelling.models.bans import ANSWER_WITHIN
from people.models import Person, Worker

FLAGGED_FOR = ANSWER_WITHIN  # nobody decided in 72 hours: it ends, as an appeal that nobody answers is won


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
