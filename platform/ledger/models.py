"""Accounts, transfers, legs and seals. The law over them is in migration 0002: read it, it is short."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ledger import kinds


class Account(models.Model):
    """`balance_micro` is a cache of the sum of the legs; only the trigger on legs writes it."""

    kind = models.CharField(max_length=20)
    owner = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    balance_micro = models.BigIntegerField(db_default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "owner", "currency"], name="ledger_account_once"),
            models.CheckConstraint(condition=Q(kind__in=kinds.KINDS), name="ledger_account_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind__in=kinds.NEVER_NEGATIVE) | Q(balance_micro__gte=0), name="ledger_never_negative"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=kinds.NEVER_POSITIVE) | Q(balance_micro__lte=0), name="ledger_never_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.owner} {self.currency}"


class Transfer(models.Model):
    """One movement of money. Append-only."""

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    body_hash = models.BinaryField(max_length=32)
    note = models.JSONField(default=dict)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    effective_at = models.DateTimeField(db_default=Now())  # when it happened in the world
    created_at = models.DateTimeField(db_default=Now())  # when it was written here

    class Meta:
        indexes = [models.Index(fields=["effective_at"], name="ledger_transfer_effective")]

    def __str__(self) -> str:
        return self.key


class Leg(models.Model):
    """What one transfer did to one account. Credit positive. Append-only."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="legs", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="legs", db_index=False)
    amount_micro = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transfer", "account"], name="ledger_leg_once"),
            models.CheckConstraint(condition=~Q(amount_micro=0), name="ledger_leg_moves_money"),
        ]
        indexes = [models.Index(fields=["account", "-id"], name="ledger_leg_statement")]

    def __str__(self) -> str:
        return f"{self.amount_micro} on {self.account_id}"


class Seal(models.Model):
    """A link of the hash chain over all transfers up to `last_transfer_id`. Append-only. See ledger/hash_chain.py."""

    last_transfer_id = models.BigIntegerField(unique=True)
    transfer_count = models.BigIntegerField()
    prev_hash = models.BinaryField(max_length=32, unique=True)  # unique: the chain cannot fork
    hash = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return bytes(self.hash).hex()
