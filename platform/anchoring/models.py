"""Periods, what they say about each worker, and the transactions that anchor them."""

from django.db import models
from django.db.models import Q

from people.models import Worker
from proofs import build_statement


class Period(models.Model):
    """All that happened since the period before, closed. Its header names the one before: a chain that only grows."""

    number = models.PositiveIntegerField(unique=True)  # 0, 1, 2 ... the contract counts the same
    day = models.DateField()
    header = models.JSONField()
    header_hash = models.CharField(max_length=64, unique=True)
    statements_root = models.CharField(max_length=64)
    statement_count = models.PositiveIntegerField()
    commitments_root = models.CharField(max_length=64)
    commitment_count = models.PositiveIntegerField()
    leg_floor = models.BigIntegerField()  # no ledger leg up to here can still be waiting for a statement
    closed_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"period {self.number} ({self.day})"

    @property
    def state(self) -> str:
        """closed, signed, sent, final or failed."""
        anchor = AnchorTx.objects.filter(period=self).first()
        return anchor.state if anchor else "closed"


class Statement(models.Model):
    """What one worker was owed in one currency: the leaf of the period's tree. Pseudonym and salt die at erasure."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="statements")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="statements")
    currency = models.CharField(max_length=3)
    pseudonym = models.CharField(max_length=64)
    salt = models.CharField(max_length=64)
    opening_micro = models.BigIntegerField()
    earned_micro = models.BigIntegerField()
    paid_micro = models.BigIntegerField()
    balance_micro = models.BigIntegerField()
    leaf = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "worker", "currency"], name="one_statement_each"),
            models.CheckConstraint(
                condition=Q(
                    balance_micro=models.F("opening_micro") + models.F("earned_micro") - models.F("paid_micro")
                ),
                name="statement_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} in {self.period_id}: {self.balance_micro} {self.currency}"

    def document(self, lines: list[dict]) -> dict:
        """The statement as it was hashed; see proofs.build_statement."""
        copied = ("pseudonym", "currency", "opening_micro", "salt")
        fields = {name: getattr(self, name) for name in copied}
        return build_statement(period=self.period.number, lines=lines, **fields)


class StatementLine(models.Model):
    """One ledger transfer as it touched the worker's wallet. In one statement, and in no other."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+", db_index=False)
    transfer_id = models.BigIntegerField()
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    amount_micro = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["transfer_id", "worker"], name="a_transfer_is_stated_once")]

    def __str__(self) -> str:
        return f"{self.key}: {self.amount_micro}"


class Commitment(models.Model):
    """A document that a period fixes: the offer of a batch as it opened, a decision as it was made."""

    class Kind(models.TextChoices):
        OFFER = "offer"
        DECISION = "decision"

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="commitments")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reference = models.CharField(max_length=40)
    document_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "reference", "document_hash"], name="a_document_is_fixed_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class AnchorTx(models.Model):
    """The transaction that writes a period on the chain, or that deploys the contract (no period)."""

    class State(models.TextChoices):
        SIGNED = "signed"
        SENT = "sent"
        FINAL = "final"
        FAILED = "failed"

    period = models.OneToOneField(Period, null=True, on_delete=models.PROTECT, related_name="anchor")
    state = models.CharField(max_length=10, choices=State.choices, default=State.SIGNED)
    chain_id = models.BigIntegerField()
    sender = models.CharField(max_length=42)
    contract = models.CharField(max_length=42)
    nonce = models.BigIntegerField()
    mined_hash = models.CharField(max_length=66, blank=True)
    block_number = models.BigIntegerField(null=True)
    block_hash = models.CharField(max_length=66, blank=True)
    signed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain_id", "sender", "nonce"], name="a_nonce_is_used_once"),
            models.UniqueConstraint(
                fields=["chain_id", "sender"], condition=Q(period=None), name="one_contract_each_sender"
            ),
        ]

    def __str__(self) -> str:
        return f"anchor of {self.period_id or 'the contract'}: {self.state}"

    @property
    def newest(self) -> "AnchorAttempt":
        return self.attempts.latest("id")


class AnchorAttempt(models.Model):
    """Signed bytes, saved before they are sent: after a crash the very same bytes go out again. The newest counts."""

    anchor = models.ForeignKey(AnchorTx, on_delete=models.CASCADE, related_name="attempts")
    raw = models.BinaryField()
    tx_hash = models.CharField(max_length=66, unique=True)
    nonce = models.BigIntegerField()
    max_fee_wei = models.BigIntegerField()
    tip_wei = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.tx_hash
