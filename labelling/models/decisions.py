"""What became of the answers, and how it leaves."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from labelling.models.batches import Batch
from labelling.models.data import Item
from labelling.models.projects import Project
from ledger import clock
from people.models import Person


class Decision(models.Model):
    """The consensus of an item, or a reviewer's word on it: then confidence and agreement stay the crowd's.

    Written by consensus.app only; it stands here because settlement and releases read it.
    """

    class Source(models.TextChoices):
        CROWD = "crowd"
        MODEL = "model"
        REVIEWER = "reviewer"

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="decision")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="decisions", db_index=False)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.SET_NULL, related_name="decisions")
    value = models.JSONField()
    confidence_ppm = models.PositiveIntegerField()
    agreement_ppm = models.PositiveIntegerField()
    answers_used = models.PositiveSmallIntegerField()
    final = models.BooleanField(default=False)
    # reached the target, or a reviewer chose it; false when the budget was spent first, or a reviewer could not tell
    sure = models.BooleanField(default=False)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.CROWD)
    method = models.CharField(max_length=40)  # name/version, for example "choice-pooled/1"
    inputs_hash = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)  # scores by label, objects with their own confidence
    decided_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["project", "final", "id"], name="decisions_of_project"),
            models.Index(
                fields=["project", "confidence_ppm", "item"], condition=Q(final=True), name="decided_by_confidence"
            ),
            models.Index(
                fields=["project", "agreement_ppm", "item"], condition=Q(final=True), name="decided_by_agreement"
            ),
            models.Index(
                fields=["confidence_ppm", "id"],
                condition=Q(final=True, sure=False, source="crowd"),
                name="decisions_to_review",
            ),
        ]

    def __str__(self) -> str:
        return f"decision of {self.item_id}"


class Release(models.Model):
    """A frozen, hashed set of decisions for download; reproducible for ever."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="releases", db_index=False)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="building")  # building, ready, failed
    stored = models.CharField(max_length=200, blank=True)  # storage name of the frozen JSONL (gzip)
    sha256 = models.CharField(max_length=64, blank=True)
    items = models.PositiveIntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)
    wanted = models.JSONField(default=dict)  # what it was asked to hold, see labelling/releases/release_choice.py
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = clock.MadeAt()
    archived_at = models.DateTimeField(null=True)  # its file is gone then, its hash stays

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="release_number_once")]

    def __str__(self) -> str:
        return f"release {self.number} of {self.project_id}"


class LabelRequest(models.Model):
    """One call of the label API."""

    id = models.UUIDField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="label_requests", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="label_requests")
    source = models.CharField(max_length=10, blank=True)  # model or crowd, once answered
    value = models.JSONField(null=True)
    confidence_ppm = models.PositiveIntegerField(null=True)
    model_version_id = models.BigIntegerField(null=True)
    audit = models.BooleanField(default=False)  # answered by the model, and checked by people too
    audit_right = models.BooleanField(null=True)
    # drawn for the promise on these labels: what the model said, whoever answered (labelling/label_api/promise_labels.py)
    guess = models.JSONField(null=True)
    guess_ppm = models.PositiveIntegerField(null=True)
    cost_micro = models.BigIntegerField(default=0)
    requested_at = models.DateTimeField(default=timezone.now)  # before anybody thinks about it
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["project", "-requested_at"], name="label_requests_of_project"),
            models.Index(
                fields=["project", "requested_at"], condition=Q(guess_ppm__isnull=False), name="drawn_label_requests"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
