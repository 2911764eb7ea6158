"""The registry: every model a project ever had, and every time one was trained."""

from django.db import models
from django.db.models import Q

from labelling.models import Project
from ml_assist.judges.models import Judge as Judge
from ml_assist.judges.models import JudgeCall as JudgeCall
from ml_assist.judges.models import JudgeVersion as JudgeVersion


class ModelVersion(models.Model):
    """A trained model. At most one of a project is live; those it replaced are kept, so that an old answer can be explained."""

    class State(models.TextChoices):
        LIVE = "live"
        RETIRED = "retired"  # was live until a better one came
        REFUSED = "refused"  # was not better; `reason` says than what

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="model_versions")
    number = models.PositiveIntegerField()
    learner = models.CharField(max_length=60)  # name/version of the method
    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.TextField(blank=True)
    # n_train, n_held_back, accuracy, accuracy_low, majority_accuracy, log_loss, ece; and live_*: the same of the version it had to beat
    metrics = models.JSONField(default=dict)
    stored = models.CharField(max_length=200)  # storage name
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    trained_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="model_number_once"),
            models.UniqueConstraint(fields=["project"], condition=Q(state="live"), name="one_live_model_each_project"),
        ]

    def __str__(self) -> str:
        return f"model {self.number} of {self.project_id}"

    @property
    def annotator(self) -> str:
        """Its name among the annotators of consensus."""
        return f"model:{self.pk}"


class TrainingRun(models.Model):
    """One try at training. While it runs it is the project's lock; a run that was killed is taken over after a while."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        REFUSED = "refused"  # the examples could not make a model; `reason` says why
        FAILED = "failed"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="training_runs")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    reason = models.TextField(blank=True)
    labelled = models.PositiveIntegerField()  # decided and gold items there were when it began
    version = models.ForeignKey(ModelVersion, null=True, on_delete=models.SET_NULL, related_name="runs")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project"], condition=Q(state="running"), name="one_training_at_a_time"),
        ]
        indexes = [models.Index(fields=["project", "-id"], name="training_runs_of_project")]

    def __str__(self) -> str:
        return f"training of {self.project_id} at {self.started_at:%Y-%m-%d %H:%M}"
