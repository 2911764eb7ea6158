"""Offers over items, what they can pay, and the lines in which the items wait."""

from django.db import models
from django.db.models import F, Q

from labelling.models.data import Item
from labelling.models.projects import Project
from ledger import clock
from people.models import Worker


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
    # An answer's, where its task turns out to take longer than was thought: at most so much, and so much now (top_up.py).
    top_up_micro = models.BigIntegerField(default=0, db_default=0)
    topped_micro = models.BigIntegerField(default=0, db_default=0)
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
    training = models.BooleanField(default=False, db_default=False)  # known tasks alone, which teach and do not count
    # Of an exam, which is a training that tells the truths only at the end: so many tasks a sitting, for so many people. 0: none.
    exam_tasks = models.PositiveSmallIntegerField(default=0, db_default=0)
    exam_seats = models.PositiveIntegerField(default=0, db_default=0)
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
                condition=Q(topped_micro__gte=0) & Q(topped_micro__lte=F("top_up_micro")), name="top_up_was_agreed"
            ),
            models.CheckConstraint(
                condition=Q(min_answers__gte=1) & Q(max_answers__gte=F("min_answers")), name="batch_answer_range"
            ),
            models.CheckConstraint(condition=Q(archived_at=None) | ~Q(state="open"), name="no_open_batch_is_archived"),
            models.CheckConstraint(condition=Q(exam_tasks=0) | Q(training=True), name="an_exam_counts_for_nothing"),
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
