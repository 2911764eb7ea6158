"""Bans and appeals: fields, and the rules that the database keeps. Why each is as it is: docs/decisions/bans.md."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from ledger import clock
from people.models import Person, Worker

MAX_PROJECT, MAX_SITE = timedelta(days=90), timedelta(days=365)
ANSWER_WITHIN = timedelta(hours=72)


class Ban(models.Model):
    """A worker draws no work in a project, or (project null) anywhere, until a date. What she has earned stays hers."""

    class Reason(models.TextChoices):
        UNREAD = "unread"  # answers without looking
        COPIED = "copied"
        AUTOMATED = "automated"
        ACCOUNTS = "accounts"  # several accounts of one hand
        LENT = "lent"  # an account lent or sold
        MISUSE = "misuse"  # of data shown to her, or of other people

    class Because(models.TextChoices):
        OVER = "over"
        ADMIN = "admin"
        APPEAL = "appeal"
        SILENCE = "silence"

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="bans")
    project = models.ForeignKey("labelling.Project", null=True, on_delete=models.PROTECT, related_name="bans")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    sentence = models.TextField()  # to her, by the admin
    evidence = models.JSONField(default=list)  # see labelling/conduct/evidence.py
    starts_at = models.DateTimeField()
    until = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_because = models.CharField(max_length=10, choices=Because.choices, blank=True)
    lift_note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "project"],
                condition=Q(lifted_at=None),
                nulls_distinct=False,
                name="one_standing_ban_each_scope",
            ),
            models.UniqueConstraint(fields=["id", "made_by"], name="ban_with_its_maker"),  # appeals point here
            models.CheckConstraint(condition=Q(until__gt=F("starts_at")), name="ban_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(project=None, until__lte=F("starts_at") + MAX_SITE)
                | Q(project__isnull=False, until__lte=F("starts_at") + MAX_PROJECT),
                name="no_ban_for_ever",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_because="") | Q(lifted_at__isnull=False) & ~Q(lifted_because=""),
                name="ban_lifted_with_a_cause",
            ),
            models.CheckConstraint(condition=~Q(sentence=""), name="ban_is_explained"),
        ]

    def __str__(self) -> str:
        return f"ban {self.pk} of worker {self.worker_id}"

    @property
    def stands(self) -> bool:
        return self.lifted_at is None and self.until > clock.now()

    @property
    def was_undone(self) -> bool:
        return self.lifted_because in UNDONE


UNDONE = (Ban.Because.ADMIN, Ban.Because.APPEAL, Ban.Because.SILENCE)


class Appeal(models.Model):
    """The worker's word against a ban: one for each, answered by somebody else within 72 hours, or won."""

    class Outcome(models.TextChoices):
        WON = "won"
        LOST = "lost"
        SILENCE = "silence"  # nobody answered in time
        LIFTED = "lifted"  # the ban was lifted before anybody answered

    ban = models.OneToOneField(Ban, on_delete=models.PROTECT, related_name="appeal")
    against = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")  # who made the ban
    words = models.TextField()
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(decided_by=F("against")), name="appeal_decided_by_another"),
            models.CheckConstraint(
                condition=Q(decided_at=None, outcome="") | Q(decided_at__isnull=False) & ~Q(outcome=""),
                name="appeal_decided_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, outcome__in=["", "silence", "lifted"])
                | Q(decided_by__isnull=False, outcome__in=["won", "lost"]) & ~Q(answer=""),
                name="appeal_answered_by_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="silence") | Q(decided_at__gte=F("made_at") + ANSWER_WITHIN),
                name="silence_after_72_hours",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="lost") | Q(decided_at__lt=F("made_at") + ANSWER_WITHIN),
                name="lost_within_72_hours",
            ),
        ]
        indexes = [models.Index(fields=["made_at"], condition=Q(decided_at=None), name="appeals_waiting")]

    def __str__(self) -> str:
        return f"appeal against ban {self.ban_id}"

    @property
    def answer_by(self) -> datetime:
        return self.made_at + ANSWER_WITHIN


def standing(prefix: str = "") -> Q:
    """Bans that hold now; those that ran out are marked later, by labelling/conduct/end_bans.py."""
    return Q(**{f"{prefix}lifted_at": None, f"{prefix}until__gt": clock.now()})
