"""How fast a worker goes and how far looks have come: one row for each, written with her draws and her answers.

It is also the lock under which two draws, or two POSTs, of one worker follow each other. The rule made of it stands in
labelling/work/tempo.py.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from people.models import Worker


class Pace(models.Model):
    worker = models.OneToOneField(Worker, primary_key=True, on_delete=models.CASCADE, related_name="pace")
    # Her time is claimed until here: an answer's time is counted from the later of this and the moment its task was lent.
    worked_until = models.DateTimeField(null=True)
    answers_until = models.DateTimeField(null=True)  # when the answers accepted so far would have come, one a second
    answers = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)  # of these a look has covered so many: her steps as a newcomer
    # A recorded or simulated crowd answers at the pace of a computer: replays and benchmarks say so here, by name.
    recorded = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(seen__lte=F("answers")), name="seen_is_of_answers")]
        indexes = [models.Index(fields=["worker"], condition=Q(seen__lt=F("answers")), name="paces_to_look_at")]

    def __str__(self) -> str:
        return f"pace of {self.worker_id}"
