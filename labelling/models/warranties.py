"""A promise on the labels of a release, and what the reference said of them; and one on what the label API gives.
labelling/releases/promise_release.py, labelling/label_api/promise_labels.py"""

from django.db import models
from django.db.models.functions import Now

from labelling.models.data import Item
from labelling.models.decisions import Release
from labelling.models.projects import Project
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


NOTHING_PPM = 1_000_001  # no model is so sure


class LabelPromise(models.Model):
    """Of the labels that the label API gives at most error_ppm are wrong, with confidence_ppm, if people are wrong at most on reference_ppm
    of them. threshold_ppm: from this confidence on the model answers alone, as the draws since `since` allow. budget_micro: what a label
    may cost in the mean (null: whatever it costs)."""

    class State(models.TextChoices):
        OPEN = "open"  # people answer everything until enough is known of the model
        KEPT = "kept"
        TOO_DEAR = "too_dear"  # people have to answer so many that a label costs more than it may

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="label_promise")
    error_ppm = models.PositiveIntegerField()
    confidence_ppm = models.PositiveIntegerField()
    reference_ppm = models.PositiveIntegerField()
    budget_micro = models.PositiveBigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    threshold_ppm = models.PositiveIntegerField(default=NOTHING_PPM)
    version_id = models.BigIntegerField(null=True)  # of the model that the draws are about
    since = models.DateTimeField()
    due = models.BooleanField(default=False, db_default=False)  # something was decided since it was looked at
    looked_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = clock.MadeAt()

    def __str__(self) -> str:
        return f"promise on the labels of project {self.project_id}"
