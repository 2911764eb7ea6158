"""What is labelled, and how it came: data sets, uploads, items, known truths."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from intake.models import Media
from labelling.models.projects import Project
from labelling.models.words import Words
from ledger import clock
from people.models import Person


class Dataset(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="datasets")
    name = models.CharField(max_length=120)
    created_at = clock.MadeAt()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id", "project"], name="dataset_and_its_project")]

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
    pages_total = models.PositiveIntegerField(
        null=True
    )  # of the document that is taken in just now, and how many are done
    pages_done = models.PositiveIntegerField(null=True)
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

    text {"text": "..."}; image, audio, video {} with `media` set; several parts {"parts": [...]}, their files as PartMedia. All are read
    as parts by labelling/task_types/parts.py.
    """

    # The database checks both at once: its project is that of its data set (migration 0047).
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="items", db_index=False, db_constraint=False
    )
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="items", db_constraint=False)
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
            GinIndex(
                Words("project_id", "external_id", "file_name", "payload", "metadata"),
                name="words_of_items",
                gin_pending_list_limit=32 * 1024,  # kilobytes: an import leaves the sorting in to autovacuum
            ),
        ]

    def __str__(self) -> str:
        return self.external_id or f"item {self.pk}"


class PartMedia(models.Model):
    """The file of one part of an item."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="part_media", db_index=False)
    part = models.CharField(max_length=40)
    media = models.ForeignKey(Media, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "part"], name="one_file_each_part")]

    def __str__(self) -> str:
        return f"{self.part} of {self.item_id}"


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
    # An example of the training: everybody there is told its truth, so it is mixed in with no work.
    training = models.BooleanField(default=False, db_default=False)
    # Of these, a task of the exam: told when the sitting is over, and no example of a training.
    exam = models.BooleanField(default=False, db_default=False)
    retired_at = models.DateTimeField(null=True, blank=True)
    created_at = clock.MadeAt()

    class Meta:
        indexes = [models.Index(fields=["project", "id"], condition=Q(retired_at=None), name="gold_in_use")]

    def __str__(self) -> str:
        return f"gold {self.item_id}"
