"""What is known of each worker in a project. Decisions stand in labelling, see docs/decisions."""

from django.db import models

from labelling.models import Item, Project
from people.models import Worker


class Skill(models.Model):
    """`tables` are the published integers that decisions are made from; `summary` is for people to read."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="skills")
    worker = models.ForeignKey(Worker, null=True, on_delete=models.CASCADE, related_name="skills")  # null: the crowd's
    annotator = models.CharField(max_length=40)  # "worker:12", "model:3" or "crowd"
    tables = models.JSONField()  # the task type's own: integers where the integer rule decides
    summary = models.JSONField(default=dict)
    answers = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "annotator"], name="one_skill_each")]

    def __str__(self) -> str:
        return f"{self.annotator} in {self.project_id}"


class SupersededDecision(models.Model):
    """A final decision that a later one replaced. Pay was measured by it, so those whom it measured can look it up."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="superseded_decisions")
    value = models.JSONField()
    method = models.CharField(max_length=40)
    inputs_hash = models.CharField(max_length=64)
    inputs = models.JSONField()  # see proofs.build_inputs
    decided_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"earlier decision of {self.item_id}"
