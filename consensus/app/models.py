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
        HURRIED = "hurried"
        CHANCE = "chance"
        PICKY = "picky"

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="flags")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="worker_flags")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    score_ppm = models.PositiveIntegerField()  # how large the effect is
    p_value = models.FloatField()  # how often an honest worker would show as much, at most
    evidence = models.JSONField()  # the numbers of the sentence; see consensus.core.spam
    partners = models.JSONField(default=list)  # ids of other workers in it, the nearest first
    method = models.CharField(max_length=20)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(
        null=True
    )  # an appeal was won against it: no later look counts her answers until then

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "project", "kind"], name="one_flag_each")]
        indexes = [models.Index(fields=["worker"], condition=models.Q(closed_at=None), name="open_flags_of_worker")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.worker_id} in {self.project_id}"


class AbuseCheck(models.Model):
    """When a project was last looked through for abuse, and how many answers it had then."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="abuse_check")
    answers_seen = models.PositiveIntegerField()
    last_seq = models.BigIntegerField(default=0, db_default=0)  # of the last of them
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


class SkillRun(models.Model):
    """Skills of a project too large for one process, learned pass by pass over shards; see actions/skill_runs.py.

    A row is all that there is of a run between two passes: whichever process finishes a shard, or finds one left undone, goes on from here.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        FAILED = "failed"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="skill_runs")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    last_seq = models.BigIntegerField()  # answers that came later are for the next run
    answers = models.PositiveBigIntegerField()
    annotators = models.JSONField()  # names in the order of their codes: the same in every shard
    config = models.JSONField()  # the project's, as it was when the run began
    n_shards = models.PositiveIntegerField()
    number = models.PositiveIntegerField(default=0)  # of the pass that the shards are at
    shards_done = models.PositiveIntegerField(default=0)  # of this pass
    stage = models.CharField(max_length=20, default="sizes")
    iteration = models.PositiveIntegerField(default=0)  # within the stage
    bound = models.FloatField(null=True)  # log evidence per vote after the last pass
    fraction_ppm = models.PositiveIntegerField(default=0)  # of the work, about; never falls
    steps_file = models.CharField(max_length=200, blank=True)  # consensus.core.distributed.shard_steps.Steps
    job = models.CharField(max_length=20, default="sizes")  # of consensus.core.distributed.sharding.JOBS
    job_file = models.CharField(max_length=200, blank=True)  # its arguments
    started_at = models.DateTimeField()
    pass_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(state="running"), name="one_running_skill_run"
            ),
            models.CheckConstraint(
                condition=models.Q(shards_done__lte=models.F("n_shards")), name="skill_run_shards_done"
            ),
        ]

    def __str__(self) -> str:
        return f"skill run {self.pk} of {self.project_id}"

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def left_s(self) -> float | None:
        """How long it will still take, about; None while nobody can say."""
        if not self.fraction_ppm:
            return None
        took_s = (self.pass_at - self.started_at).total_seconds()
        return took_s * (1_000_000 - self.fraction_ppm) / self.fraction_ppm


class SkillShard(models.Model):
    """The votes on a range of items. `done` counts the passes whose result lies in result_file; a lost process costs one."""

    run = models.ForeignKey(SkillRun, on_delete=models.CASCADE, related_name="shards")
    number = models.PositiveIntegerField()
    first_item = models.BigIntegerField()
    last_item = models.BigIntegerField()
    done = models.PositiveIntegerField(default=0)
    votes_file = models.CharField(max_length=200, blank=True)
    result_file = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True)  # when it was last handed out
    attempts = models.PositiveIntegerField(default=0)  # at this pass

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_shard_each")]

    def __str__(self) -> str:
        return f"shard {self.number} of run {self.run_id}"
