"""What of a project's warnings somebody has read and agreed to see."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from labelling.models.projects import Project
from people.models import Worker


class ContentConsent(models.Model):
    """Kept when she draws, so that a second phone of hers knows. What the project warns of later is not among it, and is asked anew."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="+", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    agreed = ArrayField(models.CharField(max_length=12))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "project"], name="one_consent_each")]

    def __str__(self) -> str:
        return f"consent of {self.worker_id} for {self.project_id}"
