"""A promise on the labels of a release, and what the reference said of them. labelling/releases/promise_release.py"""

from django.db import models

from labelling.models.data import Item
from labelling.models.decisions import Release
from ledger import clock
from people.models import Person


class Warranty(models.Model):
    """Of the labels of a release at most error_ppm are wrong, with confidence_ppm, if the reference is wrong at most on reference_ppm of
    them. `labels`: [[item, confidence_ppm]], those that people or a model gave, in the order of the release."""

    class State(models.TextChoices):
        OPEN = "open"
        KEPT = "kept"
        TOO_DEAR = "too_dear"  # more judgements would be needed than it may cost

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="warranty")
    error_ppm = models.PositiveIntegerField()
    confidence_ppm = models.PositiveIntegerField()
    reference_ppm = models.PositiveIntegerField()
    draws = models.PositiveIntegerField()
    budget = models.PositiveIntegerField()  # judgements
    labels = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = clock.MadeAt()

    def __str__(self) -> str:
        return f"warranty of release {self.release_id}"


class Judgement(models.Model):
    """What the reference says of one label."""

    warranty = models.ForeignKey(Warranty, on_delete=models.CASCADE, related_name="judgements", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    right = models.BooleanField()
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = clock.MadeAt()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warranty", "item"], name="one_judgement_each")]

    def __str__(self) -> str:
        return f"{self.item_id}: {'right' if self.right else 'wrong'}"
