"""Judges, the versions of what they are asked, and every call."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext

from delivery.encryption import Seal, SealedField
from labelling.models import Project
from ledger import clock
from people.models import Person


class KeyField(SealedField):
    """What opens the model's address: sealed in the table, told to nobody."""

    seal = Seal("ilima judge key")


class Judge(models.Model):
    """A model that a project asks over HTTP, as it asks people."""

    class State(models.TextChoices):
        EXAM = "exam"  # is asked known tasks, and what people answered; nothing that it says counts
        FAILED = "failed"  # the exam: it is asked nothing more until it is examined anew
        ADVISES = "advises"  # its votes are heard with the confusion that was learned of it
        STANDS_IN = "stands_in"  # and it takes the place of one of the answers that an item needs
        STOPPED = "stopped"  # it has changed, or costs all that it may cost: `reason`
        DISMISSED = "dismissed"

    ASKED = (State.EXAM, State.ADVISES, State.STANDS_IN)
    VOTES = (State.ADVISES, State.STANDS_IN)

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="judges")
    name = models.CharField(max_length=80)
    protocol = models.CharField(max_length=20)  # ml_assist/judges/protocols
    address = models.URLField(max_length=500)
    model = models.CharField(max_length=120, blank=True)  # what the address calls it
    key = KeyField(blank=True)
    price_micro = models.BigIntegerField(default=0)  # of a call; 0: who runs it sends its bill elsewhere
    most_calls = models.PositiveIntegerField()
    calls = models.PositiveIntegerField(default=0)  # begun: counted before they are made
    state = models.CharField(max_length=10, choices=State.choices, default=State.EXAM)
    reason = models.JSONField(default=dict)  # {"message", "said"}: why it is in this state
    result = models.JSONField(default=dict)  # of the exam of its newest version: ml_assist/judges/exam.py
    failures = models.PositiveSmallIntegerField(default=0)  # calls without an answer, in a row
    last_error = models.CharField(max_length=300, blank=True)
    rests_until = models.DateTimeField(null=True)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = clock.MadeAt()
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(calls__lte=F("most_calls")), name="judge_within_its_calls"),
            models.CheckConstraint(condition=Q(price_micro__gte=0), name="judge_price_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def why(self) -> str:
        """Why it is in this state, in the reader's language; "" where there is nothing to say."""
        return gettext(self.reason["message"]).format(**self.reason["said"]) if self.reason else ""


class JudgeVersion(models.Model):
    """What it is asked with: the prompt, and the model behind it as it was named. Examined by itself; each vote names its version."""

    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    prompt = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)  # of protocol, address, model and prompt
    served_by = models.CharField(max_length=200, blank=True)  # what the address said last of the model that answered
    made_at = clock.MadeAt()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["judge", "number"], name="judge_version_once")]

    def __str__(self) -> str:
        return f"version {self.number} of judge {self.judge_id}"

    @property
    def annotator(self) -> str:
        """Its name among the annotators of consensus."""
        return f"judge:{self.pk}"


class JudgeCall(models.Model):
    """One item asked once. Kept without a foreign key: an item that is taken away leaves what was paid for it."""

    class Purpose(models.TextChoices):
        EXAM = "exam"
        VOTE = "vote"
        AUDIT = "audit"  # a known task again, by chance, while it works
        SWAP = "swap"  # the same with its parts in the other order

    version = models.ForeignKey(JudgeVersion, on_delete=models.CASCADE, related_name="calls", db_index=False)
    item_id = models.BigIntegerField()
    purpose = models.CharField(max_length=5, choices=Purpose.choices)
    value = models.JSONField(null=True)  # null: what it said is no answer
    said = models.TextField(blank=True)  # then: its beginning
    right = models.BooleanField(null=True)  # of a known task; of a swap: whether it said the same
    cost_micro = models.BigIntegerField(default=0)
    took_ms = models.PositiveIntegerField(default=0)
    made_at = clock.MadeAt()

    class Meta:
        indexes = [models.Index(fields=["version", "purpose", "id"], name="calls_of_judge")]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.item_id} by {self.version_id}"
