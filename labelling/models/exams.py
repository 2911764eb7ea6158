"""Who has sat the exam of a project, and how it went: docs/decisions/exams.md."""

from django.db import models
from django.db.models import F, Q

from labelling.models.batches import Batch
from labelling.models.projects import Project
from people.models import Worker


class Sitting(models.Model):
    """One try of a worker at an exam. Its tasks are the loans of the exam's batch from `began_at` on, up to her next try."""

    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="sittings", db_index=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="sittings")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="sittings")
    number = models.PositiveSmallIntegerField()  # 1, and 2 for the free retry
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    right = models.PositiveSmallIntegerField(default=0)
    counted = models.PositiveSmallIntegerField(default=0)  # tasks of it that stand: retired ones that she missed do not
    passed_at = models.DateTimeField(null=True)  # never taken back

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worker", "batch", "number"], name="each_try_once"),
            models.CheckConstraint(condition=Q(right__lte=F("counted")), name="right_of_what_counts"),
            models.CheckConstraint(condition=Q(passed_at=None) | Q(ended_at__isnull=False), name="passed_when_ended"),
        ]
        indexes = [
            models.Index(fields=["worker", "project"], condition=Q(passed_at__isnull=False), name="exams_passed"),
        ]

    def __str__(self) -> str:
        return f"sitting {self.number} of {self.worker_id} in {self.batch_id}"
