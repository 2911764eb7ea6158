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


class WorkerFlag(models.Model):
    """Something about a worker in a project that a person should look at. Evidence, never a verdict: nothing bans by itself.

    One row for each worker, project and kind. A flag that no longer holds is closed, not deleted; found again, it is open again.
    """

    class Kind(models.TextChoices):
        RANDOM = "random"
        ONE_LABEL = "one_label"
        PATTERN = "pattern"
        RING = "ring"
        FAST = "fast"
        CONSTANT = "constant"
        DRIFT = "drift"

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="flags")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="worker_flags")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    score_ppm = models.PositiveIntegerField()  # how large the effect is
    p_value = models.FloatField()  # how often an honest worker would show as much, at most
    evidence = models.JSONField()  # the numbers of the sentence; see consensus.core.abuse
    partners = models.JSONField(default=list)  # ids of other workers in it, the nearest first
    method = models.CharField(max_length=20)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "project", "kind"], name="one_flag_each")]
        indexes = [models.Index(fields=["worker"], condition=models.Q(closed_at=None), name="open_flags_of_worker")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.worker_id} in {self.project_id}"


class AbuseCheck(models.Model):
    """When a project was last looked through for abuse, and how many answers it had then."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="abuse_check")
    answers_seen = models.PositiveIntegerField()
    method = models.CharField(max_length=20)
    checked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.project_id} at {self.answers_seen} answers"


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
