"""Fields and constraints of the labelling domain. Every write is one verb in labelling/actions/.

A foreign key that another index begins with has no index of its own: each one costs every answer.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from intake.models import Media
from labelling.bans import Appeal as Appeal
from labelling.bans import Ban as Ban
from labelling.early_base import EarlyBase as EarlyBase
from labelling.early_base import EarlyBaseSweep as EarlyBaseSweep
from labelling.gold_appeals import AppealPayment as AppealPayment
from labelling.gold_appeals import GoldAppeal as GoldAppeal
from labelling.holds import PayHold as PayHold
from labelling.pace import Pace as Pace
from labelling.question_versions import QuestionVersion as QuestionVersion
from labelling.words import Words
from ledger import clock
from people.models import Organisation, Person, Worker


class Project(models.Model):
    """What is asked: the task type, the labels, the instructions, the quality wanted."""

    class Medium(models.TextChoices):
        IMAGE = "image"
        TEXT = "text"
        AUDIO = "audio"
        VIDEO = "video"
        PAIR = "pair"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="projects")
    title = models.CharField(max_length=120)
    catalogue_entry = models.CharField(max_length=60, blank=True)
    task_type = models.CharField(max_length=20)
    medium = models.CharField(max_length=10, choices=Medium.choices)
    # Task type's own settings, for example {"labels": [{"id": "cat", "name": {"en": "Cat"}, "colour": "#c00"}]}
    config = models.JSONField(default=dict)
    instructions = models.JSONField(default=dict)  # language -> Markdown
    # The version that leases are lent under now, with the title, instructions and config above.
    question = models.ForeignKey(
        QuestionVersion, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    # Labels that are asked no more: [{"id", "name", "colour", "into"}]; `into` is the label that it was merged into, or null.
    past_labels = models.JSONField(default=list, db_default=[])
    language = models.CharField(max_length=10, default="en")
    target_ppm = models.PositiveIntegerField(default=950_000)  # confidence at which an item is done
    min_answers = models.PositiveSmallIntegerField(default=2)
    max_answers = models.PositiveSmallIntegerField(default=5)
    gold_share_bps = models.PositiveSmallIntegerField(default=1000)
    estimated_task_s = models.PositiveSmallIntegerField(default=15)
    suggestions_enabled = models.BooleanField(default=True)
    label_api_threshold_ppm = models.PositiveIntegerField(default=950_000)
    label_api_audit_bps = models.PositiveSmallIntegerField(default=500)
    created_at = clock.MadeAt()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(target_ppm__lte=999_999), name="project_target_below_certainty"),
            models.CheckConstraint(
                condition=Q(min_answers__gte=1) & Q(max_answers__gte=F("min_answers")), name="project_answer_range"
            ),
            models.CheckConstraint(condition=Q(gold_share_bps__lte=5000), name="project_gold_share_at_most_half"),
        ]

    def __str__(self) -> str:
        return self.title


class Dataset(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="datasets")
    name = models.CharField(max_length=120)
    created_at = clock.MadeAt()
    archived_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class UploadSession(models.Model):
    """One upload, however many requests carry it: begun, sent in parts, finished; nothing is imported before."""

    id = models.UUIDField(primary_key=True)  # made by who sends, so that beginning can be repeated
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="sessions")
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = clock.MadeAt()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class Upload(models.Model):
    """One thing a requester sent: a file, a zip, a table or a list of URLs. Imported in the background."""

    class Kind(models.TextChoices):
        FILES = "files"
        ZIP = "zip"
        CSV = "csv"
        JSONL = "jsonl"
        URLS = "urls"
        TABLE = "table"  # xlsx, plain text, packed tables: told by their first bytes

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        ASKS = "asks"  # for what the columns mean: nothing is imported before it is said
        DONE = "done"
        FAILED = "failed"

    UNFINISHED = (State.WAITING, State.RUNNING)

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="uploads")
    session = models.ForeignKey(UploadSession, null=True, on_delete=models.SET_NULL, related_name="uploads")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    file_name = models.CharField(max_length=255)
    stored = models.CharField(max_length=200, blank=True)  # storage name of what was sent
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField(default=0)  # of what was sent
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    error = models.TextField(blank=True)
    reading = models.JSONField(null=True)  # how its sender says the table is to be read (importing.reading)
    asked = models.JSONField(null=True)  # what she is asked: columns, their first values and a guess
    turn_at = models.DateTimeField(null=True)  # when a slice of it was last imported
    rows_total = models.PositiveIntegerField(null=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_added = models.PositiveIntegerField(default=0)
    rows_known = models.PositiveIntegerField(default=0)  # same content was there already
    rows_refused = models.PositiveIntegerField(default=0)
    rows_remarked = models.PositiveIntegerField(default=0)  # sentences about rows that were taken
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = clock.MadeAt()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.file_name


class UploadPart(models.Model):
    """One file as it was sent, under the path it was sent by. `upload` is what it became a part of."""

    class Kind(models.TextChoices):
        TABLE = "table"
        ZIP = "zip"
        SINGLE = "single"

    session = models.ForeignKey(UploadSession, on_delete=models.CASCADE, related_name="parts", db_index=False)
    upload = models.ForeignKey(Upload, null=True, on_delete=models.CASCADE, related_name="parts")
    path = models.CharField(max_length=1000)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    stored = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "path", "sha256"], name="one_part_each_file")]

    def __str__(self) -> str:
        return self.path


class RefusedRow(models.Model):
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="refused")
    row = models.PositiveIntegerField()  # 1-based; the file's position for zips and many files
    name = models.CharField(max_length=255, blank=True)
    field = models.CharField(max_length=80)
    reason = models.TextField()

    def __str__(self) -> str:
        return f"row {self.row}: {self.field}: {self.reason}"


class RowRemark(models.Model):
    """What the requester should know of a row that was taken: nothing is changed, joined or left out unsaid."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="remarks")
    row = models.PositiveIntegerField()
    name = models.CharField(max_length=255, blank=True)
    field = models.CharField(max_length=80)
    remark = models.TextField()

    def __str__(self) -> str:
        return f"row {self.row}: {self.field}: {self.remark}"


class Item(models.Model):
    """One thing to label. `payload` is what the worker sees, by medium:

    text {"text": "..."}; image, audio, video {} with `media` set; pair {"left": ..., "right": ...}.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="items", db_index=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="items")
    content_hash = models.CharField(max_length=64)
    # Answers up to this seq decide nothing any more: the item is, or was, asked again from the start.
    heard_after = models.BigIntegerField(default=0, db_default=0)
    external_id = models.CharField(max_length=200, blank=True)  # the requester's own name for it
    file_name = models.CharField(max_length=1000, blank=True, db_default="")  # the path as it was sent
    media = models.ForeignKey(Media, null=True, on_delete=models.PROTECT, related_name="+")
    payload = models.JSONField(default=dict)
    metadata = models.JSONField(default=dict)
    created_at = clock.MadeAt()
    archived_at = models.DateTimeField(null=True)  # taken away by its requester after somebody had answered it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "content_hash"], name="one_item_each_content")]
        indexes = [
            models.Index(fields=["project", "id"], condition=Q(heard_after__gt=0), name="items_asked_again"),
            models.Index(fields=["project", "id"], name="items_of_project"),
            GinIndex(Words("project_id", "external_id", "file_name", "payload", "metadata"), name="words_of_items"),
        ]

    def __str__(self) -> str:
        return self.external_id or f"item {self.pk}"


class ItemRow(models.Model):
    """A further row of the requester's with the content of an item: its own id, path and metadata. The first is the item."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="rows", db_index=False)
    external_id = models.CharField(max_length=200)
    file_name = models.CharField(max_length=1000, blank=True)
    metadata = models.JSONField(default=dict)
    created_at = clock.MadeAt()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "external_id"], name="one_row_each_id")]

    def __str__(self) -> str:
        return f"{self.external_id} of {self.item_id}"


class Gold(models.Model):
    """An item whose truth is known, mixed in unseen."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="gold")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="golds")
    truth = models.JSONField()
    explanation = models.TextField(blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = clock.MadeAt()

    class Meta:
        indexes = [models.Index(fields=["project", "id"], condition=Q(retired_at=None), name="gold_in_use")]

    def __str__(self) -> str:
        return f"gold {self.item_id}"


class Batch(models.Model):
    """A funded offer over items. Its money is escrowed before anybody sees it; its terms never change once open."""

    class State(models.TextChoices):
        DRAFT = "draft"
        OPEN = "open"
        CLOSED = "closed"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="batches")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    currency = models.CharField(max_length=3, default="USD")
    base_micro = models.BigIntegerField()  # for each honest answer
    bonus_micro = models.BigIntegerField(default=0)  # at most, for skill
    fee_bps = models.PositiveSmallIntegerField(default=0)
    # The project's when it was made: what is funded and promised does not move with the project.
    min_answers = models.PositiveSmallIntegerField()
    max_answers = models.PositiveSmallIntegerField()
    pay_rule_version = models.PositiveSmallIntegerField(default=1)
    offer = models.JSONField(
        default=dict
    )  # the terms as promised when it opened; offer_hash is of their canonical bytes
    offer_hash = models.CharField(max_length=64, blank=True)
    escrow_micro = models.BigIntegerField(default=0)  # what was escrowed at opening
    keep_open = models.BooleanField(default=False)  # stays open when all is decided, for items of the label API
    assigned = models.BooleanField(default=False)  # each worker may draw only what was assigned to her
    item_limit = models.PositiveIntegerField(null=True)  # of a draft: so many items at most when it opens
    items_total = models.PositiveIntegerField(default=0)
    items_done = models.PositiveIntegerField(default=0)
    # Answers that lie in escrow beyond those of its open items: each lets a lease that ran out keep its claim (escrow.py).
    spare = models.PositiveIntegerField(default=0)
    task_bytes = models.PositiveIntegerField(
        default=0, db_default=0
    )  # what a task costs a phone in data, by measurement
    lease_s = models.PositiveIntegerField(default=1800)  # a task is lent so long,
    pack_s = models.PositiveIntegerField(default=43_200)  # and so long where she takes tasks along; 0: not to be taken
    deadline = models.DateTimeField(null=True, blank=True)
    # The measured wage fell below the floor: no new work is lent; what is out may be answered and is paid.
    paused_at = models.DateTimeField(null=True)
    # Its requester paused it: no new work is lent until she resumes it; what is out may be answered and is paid.
    stopped_at = models.DateTimeField(null=True)
    # A deposit was taken back, and the requester's funds did not cover it: no new work is lent; what is out may be answered and is paid.
    owing_at = models.DateTimeField(null=True)
    recovered_micro = models.BigIntegerField(
        default=0
    )  # of the escrow that went to the debt: put in again before it goes on
    created_at = clock.MadeAt()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(base_micro__gt=0) & Q(bonus_micro__gte=0), name="batch_pays"),
            models.CheckConstraint(
                condition=Q(min_answers__gte=1) & Q(max_answers__gte=F("min_answers")), name="batch_answer_range"
            ),
            models.CheckConstraint(condition=Q(archived_at=None) | ~Q(state="open"), name="no_open_batch_is_archived"),
            models.CheckConstraint(
                condition=Q(lease_s__range=(300, 86_400))
                & (Q(pack_s=0) | Q(pack_s__gte=F("lease_s"), pack_s__lte=172_800)),
                name="batch_lends_for_hours_at_most",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GoldPurse(models.Model):
    """A part of the known tasks that a batch can still pay for. Several a batch, so that draws do not wait for each other."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="gold_purses")
    left = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.left} known tasks in {self.batch_id}"


class BatchItem(models.Model):
    """The hot row of an item in a batch: how many answers it wants, has been lent for, and got. Narrow on purpose."""

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="batch_items", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="batch_items")
    state = models.CharField(max_length=5, choices=State.choices, default=State.OPEN)
    # 0: first round, 1: asked again (undecided, or handed back), 2: somebody waits for it (the label API)
    need = models.SmallIntegerField(default=0)
    # Place in its queue; a new one each time the item is queued, so a worker's cursor passes it again.
    ticket = models.BigIntegerField(db_default=models.Func(models.Value("labelling_ticket_seq"), function="nextval"))
    wanted = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)  # live leases + counted answers
    counted = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "item"], name="item_once_in_batch"),
            # The law against over-issuing: what is lent and what was answered never exceeds what is wanted + spare.
            models.CheckConstraint(condition=Q(taken__lte=F("wanted") + 1), name="never_over_issued"),
        ]
        indexes = [
            models.Index(
                fields=["batch", "need", "ticket"],
                condition=Q(state="open", taken__lt=F("wanted")),
                name="batchitem_to_draw",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.batch_id}"


class Assignment(models.Model):
    """In an assigned batch: this worker may draw this item. For a requester's own experts, and for recorded crowds."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="assignments", db_index=False)
    batch_item = models.ForeignKey(BatchItem, on_delete=models.CASCADE, related_name="assignments")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "batch_item"], name="assigned_once")]

    def __str__(self) -> str:
        return f"{self.batch_item_id} to {self.worker_id}"


class DrawCursor(models.Model):
    """How far a worker has come in the queues of a batch, so that drawing never scans what she has done already."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, db_index=False)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE)
    first_ticket = models.BigIntegerField(default=0)  # in the queue of first-round items
    again_ticket = models.BigIntegerField(default=0)  # in the queue of items asked again
    wrapped_at = models.DateTimeField(null=True)  # when she last began from the start

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "batch"], name="one_cursor_each")]

    def __str__(self) -> str:
        return f"{self.worker_id} in {self.batch_id}"


class Suggestion(models.Model):
    """A model's pre-label. Never mixed up with an answer."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="suggestions", db_index=False)
    model_version_id = models.BigIntegerField()
    value = models.JSONField()
    confidence_ppm = models.PositiveIntegerField()
    created_at = clock.MadeAt()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "model_version_id"], name="one_suggestion_each_version")]

    def __str__(self) -> str:
        return f"suggestion for {self.item_id}"


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
    state = models.CharField(max_length=10, choices=State.choices, default=State.LIVE)
    drawn_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    report_reason = models.TextField(blank=True)
    draw_id = models.UUIDField(null=True)  # made on the phone: a draw whose reply was lost is asked for again
    draw_place = models.SmallIntegerField(null=True)  # 1, 2, ... within its draw

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "worker"], name="never_the_same_item_twice"),
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
    body_sha256 = models.CharField(max_length=64)  # of the canonical bytes of the value
    counted = models.BooleanField()  # false: came late for an item that needed no more, or is gold
    gold_right = models.BooleanField(null=True)  # null: not a gold item
    base_micro = models.BigIntegerField()
    active_ms = models.PositiveIntegerField()  # the phone's clock, capped by the server's lease time
    # faster than anybody can: below the task type's own limit, see labelling/tempo.py
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
    wanted = models.JSONField(default=dict)  # what it was asked to hold, see labelling/release_choice.py
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
    cost_micro = models.BigIntegerField(default=0)
    requested_at = models.DateTimeField(default=timezone.now)  # before anybody thinks about it
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-requested_at"], name="label_requests_of_project")]

    def __str__(self) -> str:
        return str(self.pk)
