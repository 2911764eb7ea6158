"""What speakers of a language have said of its sentences. The sentences themselves come with the code."""

from django.conf import settings
from django.db import models

from ledger import clock


class Wording(models.Model):
    """A sentence of one language as a speaker confirmed it. `sentence` is made of its English, too (wording/sentences.py): where
    that has changed, nobody has confirmed the new one."""

    language = models.CharField(max_length=20)
    sentence = models.CharField(max_length=16)
    english = models.TextField()
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "sentence"], name="one_wording_each")]

    def __str__(self) -> str:
        return f"{self.language}: {self.text[:60]}"


class Speaker(models.Model):
    """She may confirm and mend the sentences of this language."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="speaks")
    language = models.CharField(max_length=20)
    since = clock.MadeAt()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "language"], name="a_speaker_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.language}"
