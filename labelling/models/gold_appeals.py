"""Appeals against missed known tasks: fields, and the rules that the database keeps. Why: docs/decisions/gold-appeals.md."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from labelling.models.bans import ANSWER_WITHIN
from people.models import Person, Worker

ASK_WITHIN = timedelta(days=14)  # after the answer
KEPT_LONGER = timedelta(hours=1)  # than she may ask: an appeal and a refund at the same moment never meet
MAX_WAITING = 3  # of one worker: else silence could be won by asking often


class GoldAppeal(models.Model):
    """The worker's word against a missed known task: one for each answer, decided by somebody who was not involved within
    72 hours, or won. The answer itself never changes; what follows from it does."""

    class Outcome(models.TextChoices):
        WON = "won"
        LOST = "lost"
        SILENCE = "silence"  # nobody answered in time

    answer = models.OneToOneField("labelling.Answer", on_delete=models.PROTECT, related_name="gold_appeal")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="gold_appeals")
    words = models.TextField(blank=True)  # blank: she only pressed the key, or somebody else's appeal was hers, too
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    reply = models.TextField(blank=True)  # to her, by who decided
    paid_micro = models.BigIntegerField(default=0)  # bonus that the miss had cost her
    owed_micro = models.BigIntegerField(default=0)  # of it, what nobody had the money for yet: paid when it is there
    # Who said "she was right" first where much money follows: another person says it, too, before it is so.
    first_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, outcome="") | Q(decided_at__isnull=False) & ~Q(outcome=""),
                name="gold_appeal_decided_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, outcome__in=["", "silence"])
                | Q(decided_by__isnull=False, outcome__in=["won", "lost"]),
                name="gold_appeal_answered_by_a_person",
            ),
            models.CheckConstraint(condition=~Q(outcome="lost") | ~Q(reply=""), name="gold_appeal_lost_with_a_reason"),
            models.CheckConstraint(
                condition=~Q(outcome="silence") | Q(decided_at__gte=F("made_at") + ANSWER_WITHIN),
                name="gold_silence_after_72_hours",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="lost") | Q(decided_at__lt=F("made_at") + ANSWER_WITHIN),
                name="gold_lost_within_72_hours",
            ),
            models.CheckConstraint(
                condition=Q(paid_micro=0, owed_micro=0)
                | Q(paid_micro__gte=0, owed_micro__gte=0, outcome__in=["won", "silence"]),
                name="gold_appeal_pays_when_won",
            ),
            models.CheckConstraint(
                condition=Q(first_by=None) | Q(decided_by=None) | ~Q(decided_by=F("first_by")),
                name="gold_appeal_decided_by_a_second_person",
            ),
        ]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(decided_at=None), name="gold_appeals_waiting"),
            models.Index(fields=["id"], condition=Q(owed_micro__gt=0), name="gold_appeals_owed"),
        ]

    def __str__(self) -> str:
        return f"appeal against the miss {self.answer_id}"

    @property
    def answer_by(self) -> datetime:
        return self.made_at + ANSWER_WITHIN


class AppealPayment(models.Model):
    """What was paid for a won appeal, and of whose money. The ledger has the same under put-right: or goodwill:."""

    class Source(models.TextChoices):
        ESCROW = "escrow"  # of the batch whose bonus it is
        FUNDS = "funds"  # of its requester
        GOODWILL = "goodwill"  # the platform's

    appeal = models.ForeignKey(GoldAppeal, on_delete=models.CASCADE, related_name="payments")  # goes when she is erased
    batch = models.ForeignKey("labelling.Batch", on_delete=models.PROTECT, related_name="appeal_payments")
    source = models.CharField(max_length=8, choices=Source.choices)
    amount_micro = models.BigIntegerField()
    paid_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_micro__gt=0), name="appeal_payment_pays")]

    def __str__(self) -> str:
        return f"{self.amount_micro} from {self.source} for {self.appeal_id}"


WON = (GoldAppeal.Outcome.WON, GoldAppeal.Outcome.SILENCE)
