"""Instructions as a sound: recorded by who asks, or spoken by the server's own voice."""

from django.db import models

from intake.models import Media
from labelling.models.projects import Project
from ledger import clock


class Spoken(models.Model):
    """One a project and language. It is played while it says what stands there: `text_sha256` is of the words that it was made from."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="spoken", db_index=False)
    language = models.CharField(max_length=35)
    media = models.ForeignKey(Media, on_delete=models.PROTECT, related_name="+")
    text_sha256 = models.CharField(max_length=64)
    is_recorded = models.BooleanField()  # a person's voice; no: the server's
    made_at = clock.MadeAt()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "language"], name="one_sound_each_language")]

    def __str__(self) -> str:
        return f"{self.language} of {self.project_id}"
