"""What is lent, answered and settled."""

from django.db import models
from django.db.models import Q

from labelling.models.batches import Batch, BatchItem
from labelling.models.data import Item
from labelling.models.projects import Project
from labelling.models.question_versions import QuestionVersion
from ledger import clock
from people.models import Worker

SENT_WITH_ITS_ITEM = 0  # the version of a suggestion that its requester sent: any model of ours comes before it


class Suggestion(models.Model):
    """A model's pre-label, or one that its requester sent. Never mixed up with an answer."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="suggestions", db_index=False)
    model_version_id = models.BigIntegerField()
    value = models.JSONField()
    confidence_ppm = models.PositiveIntegerField()
    created_at = clock.MadeAt()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "model_version_id"], name="one_suggestion_each_version")]

    def __str__(self) -> str:
        return f"suggestion for {self.item_id}"


class ModelVote(models.Model):
    """What a model that was hired to judge says of an item: an annotator's vote. Shown to nobody who works."""

    class Standing(models.TextChoices):
        SILENT = "silent"
        HEARD = "heard"  # with the confusion that was learned of it
        COUNTS = "counts"  # the same, and it stands in for one of the answers that an item needs

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="model_votes", db_index=False)
    annotator = models.CharField(max_length=40)  # "judge:7", a version of one: ml_assist/judges/models.py
    value = models.JSONField()
    standing = models.CharField(max_length=6, choices=Standing.choices, default=Standing.SILENT)
    made_at = clock.MadeAt()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "annotator"], name="one_vote_each_judge")]
        indexes = [models.Index(fields=["annotator", "id"], name="votes_of_judge")]

    def __str__(self) -> str:
        return f"{self.annotator} on {self.item_id}"


class Lease(models.Model):
    """An item lent to a worker until a time. Payable while it is live or late: docs/decisions/what-is-payable.md."""

    class State(models.TextChoices):
        LIVE = "live"  # holds a slot of its item, or one of the known tasks
        LATE = "late"  # ran out, its slot is somebody else's: until its grace is over the batch's spare pays for it
        ANSWERED = "answered"
        SKIPPED = "skipped"
        REPORTED = "reported"
        EXPIRED = "expired"

    id = models.UUIDField(primary_key=True)
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="leases")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="leases")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="leases", db_index=False)
    batch_item = models.ForeignKey(BatchItem, null=True, on_delete=models.PROTECT, related_name="leases")  # null: gold
    suggestion = models.ForeignKey(Suggestion, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    # What she was asked; null for what was lent before versions were kept: the first.
    question = models.ForeignKey(QuestionVersion, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Lent a second time to see whether she says the same with the sides swapped: the loan of the first time.
    repeats = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.LIVE)
    drawn_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    report_reason = models.TextField(blank=True)
    draw_id = models.UUIDField(null=True)  # made on the phone: a draw whose reply was lost is asked for again
    draw_place = models.SmallIntegerField(null=True)  # 1, 2, ... within its draw

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "worker", "repeats"], nulls_distinct=False, name="never_the_same_item_twice"
            ),
            models.UniqueConstraint(
                fields=["repeats"], condition=Q(repeats__isnull=False), name="a_loan_is_repeated_once"
            ),
            models.UniqueConstraint(
                fields=["worker", "draw_id", "draw_place"],
                condition=Q(draw_id__isnull=False),
                name="a_draw_lends_once",
            ),
        ]
        indexes = [
            models.Index(fields=["worker"], condition=Q(state="live"), name="leases_in_hand"),
            models.Index(fields=["expires_at"], condition=Q(state__in=["live", "late"]), name="lease_to_end"),
            models.Index(fields=["item"], condition=Q(state="reported"), name="reported_items"),
            models.Index(fields=["suggestion"], condition=~Q(suggestion=None), name="leases_of_suggestion"),
            models.Index(
                fields=["worker", "batch"],
                condition=Q(batch_item=None) & ~Q(state="answered"),
                name="known_and_not_answered",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Answer(models.Model):
    """What one worker said. Immutable; its id is made on the phone."""

    id = models.UUIDField(primary_key=True)
    seq = models.BigIntegerField(
        unique=True, db_default=models.Func(models.Value("labelling_answer_seq"), function="nextval")
    )
    lease = models.OneToOneField(Lease, on_delete=models.PROTECT, related_name="answer")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="answers", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="answers")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="answers")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="answers", db_index=False)
    value = models.JSONField()
    shown = models.JSONField(null=True)  # ids of parts in the order that she saw them in, where that was drawn for her
    body_sha256 = models.CharField(max_length=64)  # of the canonical bytes of the value
    repeat = models.BooleanField(
        default=False, db_default=False
    )  # of a loan that repeats: tells of her, not of the item
    counted = models.BooleanField()  # false: came late for an item that needed no more, is gold, or a repeat
    gold_right = models.BooleanField(null=True)  # null: not a gold item
    base_micro = models.BigIntegerField()
    active_ms = models.PositiveIntegerField()  # the phone's clock, capped by the server's lease time
    # faster than anybody can: below the task type's own limit, see labelling/work/tempo.py
    hurried = models.BooleanField(default=False, db_default=False)
    device_class = models.CharField(max_length=10, blank=True)
    suggestion_shown = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    receipt = models.JSONField()  # the signed body, see proofs
    receipt_signature = models.CharField(max_length=128)

    class Meta:
        indexes = [
            models.Index(fields=["worker", "-seq"], name="answers_of_worker"),
            models.Index(fields=["project", "seq"], name="answers_of_project"),
            models.Index(fields=["project", "received_at"], condition=Q(gold_right=False), name="misses_of_project"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Settlement(models.Model):
    """What an answer earned in the end. One for each answer; the ledger has the same under settle:<answer id>."""

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="settlement")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="settlements", db_index=False)
    base_micro = models.BigIntegerField()
    bonus_micro = models.BigIntegerField()
    score_bps = models.PositiveSmallIntegerField()
    # [gold_right, gold_seen, agreed, decided] that score_bps was made from: her proof recomputes it
    counts = models.JSONField(default=list)
    agreed = models.BooleanField(null=True)  # with the decision; null for an answer that was not counted
    taught = models.BooleanField(
        default=False, db_default=False
    )  # her first miss in the project: it stands in no count
    settled_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["worker", "-settled_at"], name="settlements_of_worker")]

    def __str__(self) -> str:
        return f"settlement of {self.answer_id}"


class WorkerRecord(models.Model):
    """Integer counts of a worker in a project, from which the pay rule's score is made. Nothing secret in it.

    Answers are counted when they are settled, so that who sends answers never waits for who settles others.
    """

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="records", db_index=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="worker_records")
    gold_seen = models.PositiveIntegerField(default=0)
    gold_right = models.PositiveIntegerField(default=0)
    taught = models.BooleanField(default=False, db_default=False)  # by her first miss, which is not among gold_seen
    decided = models.PositiveIntegerField(default=0)
    agreed = models.PositiveIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0)
    skips = models.PositiveIntegerField(default=0)
    reports = models.PositiveIntegerField(default=0)
    active_ms = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "project"], name="one_record_each")]

    def __str__(self) -> str:
        return f"{self.worker_id} in {self.project_id}"

    @property
    def mean_ms(self) -> int | None:
        return self.active_ms // self.answers if self.answers else None
