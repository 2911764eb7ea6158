"""What of an answer's pay still waits: its base, and what it was topped up by, wait together and become available together."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Coalesce

from labelling.models import Answer, EarlyBaseSweep, Settlement


def waiting_micro(answer_ids: Iterable[UUID]) -> dict[UUID, int]:
    """{answer: what of it has not been made available before it is settled}. The records of their workers are locked by the caller."""
    left = F("base_micro") + Coalesce("top_up__waiting_micro", 0) - Coalesce("early_base__amount_micro", 0)
    return dict(Answer.objects.filter(pk__in=list(answer_ids)).annotate(left=left).values_list("pk", "left"))


def still_waits(answers: list[Answer]) -> set[UUID]:
    """Those whose base is neither settled nor released after its day. The records of their workers are locked by the caller."""
    through_seq = EarlyBaseSweep.objects.values_list("through_seq", flat=True).first() or 0
    settled = set(Settlement.objects.filter(answer__in=[a.pk for a in answers]).values_list("answer_id", flat=True))
    return {answer.pk for answer in answers if answer.seq > through_seq and answer.pk not in settled}
