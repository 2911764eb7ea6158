"""Time that a worker spent on work besides her answers: it is in her wage, and in nothing else."""

from __future__ import annotations

from django.db import models

from labelling.models.projects import Project
from people.models import Worker


class TimeBesides(models.Model):
    """`id` is made by the phone, or is that of the lease that she handed back: what comes twice counts once."""

    class Kind(models.TextChoices):
        READING = "reading"  # how a project's tasks are done
        RETURNED = "returned"  # a task that she skipped or reported

    id = models.UUIDField(primary_key=True)
    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="+", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    ms = models.PositiveIntegerField()  # the phone's clock, within what has passed here
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["worker", "at"], name="time_besides_of_worker")]

    def __str__(self) -> str:
        return f"{self.kind} in {self.project_id}"
