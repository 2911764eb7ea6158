"""Base pay that was made available before its answer was settled: a day after the answer, whatever the crowd does."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from people.models import Worker


class EarlyBase(models.Model):
    """With what it was topped up by until then. The ledger has the same under base:<answer id>; settling moves only the bonus then."""

    answer = models.OneToOneField(
        "labelling.Answer", primary_key=True, on_delete=models.PROTECT, related_name="early_base"
    )
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    amount_micro = models.BigIntegerField()
    released_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_micro__gt=0), name="early_base_is_money")]

    def __str__(self) -> str:
        return f"base pay of {self.answer_id}"


class EarlyBaseSweep(models.Model):
    """How far the sweep has come through the answers, in the order of their numbers: each is looked at once. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    through_seq = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_base_sweep")]

    def __str__(self) -> str:
        return f"base pay through {self.through_seq}"
