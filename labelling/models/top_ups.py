"""What an answer was paid besides its base because its task took people longer than its requester thought."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from people.models import Worker


class TopUp(models.Model):
    """All of it so far; the ledger has each part under top-up:<answer id>:<what was paid before>."""

    answer = models.OneToOneField("labelling.Answer", primary_key=True, on_delete=models.PROTECT, related_name="top_up")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    amount_micro = models.BigIntegerField()
    # So much of it was paid while the base of its answer was pending, to the same account: it becomes available with that base.
    waiting_micro = models.BigIntegerField(default=0, db_default=0)
    paid_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_micro__gt=0), name="top_up_is_money"),
            models.CheckConstraint(
                condition=Q(waiting_micro__gte=0, waiting_micro__lte=models.F("amount_micro")),
                name="top_up_waits_in_part",
            ),
        ]

    def __str__(self) -> str:
        return f"top-up of {self.answer_id}"
