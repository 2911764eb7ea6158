"""Orders given to a payment rail: payouts to workers, deposits by requesters; and what the rails told us."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ledger import clock
from payouts.encryption import open_sealed
from payouts.providers.base import Order


def new_reference() -> str:
    return f"ILM{uuid.uuid4().hex}"


# Why a payout waits: her first, a new number, money of a new organisation, a person who looks at it.
WAITS_FOR = ("first", "destination", "settling", "look")
MAX_LOOK = timedelta(days=10)


class RailOrder(models.Model):
    """created -> sent -> paid | failed | unknown; unknown leaves only through a look-up; paid may become reversed, failed may become paid.

    The id is made by whoever asks (the phone, the page), so that asking twice is one order. The reference goes to the rail and is fixed
    here, before the first try. `next_try_at` is null once nothing is left to do.
    """

    class State(models.TextChoices):
        CREATED = "created"
        SENT = "sent"
        UNKNOWN = "unknown"
        PAID = "paid"
        FAILED = "failed"
        REVERSED = "reversed"
        CANCELLED = "cancelled"  # by her, or an admin, before it was sent; payouts only

    OPEN = (State.CREATED, State.SENT, State.UNKNOWN)

    id = models.UUIDField(primary_key=True)
    provider = models.CharField(max_length=30)
    reference = models.CharField(max_length=40, unique=True, default=new_reference)
    amount_micro = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    destination_sealed = models.BinaryField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.CREATED)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, db_default=Now())
    moved_micro = models.BigIntegerField(default=0, help_text="what the rail says it moved")
    returned_micro = models.BigIntegerField(default=0, help_text="what the rail says came back of it, in all")
    receipt = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=200, blank=True, help_text="the rail's last reason")
    late = models.BooleanField(default=False, help_text="the rail paid after it had said failed")
    alarm = models.CharField(max_length=200, blank=True, help_text="what a person must look at")
    created_at = clock.MadeAt()
    sent_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    kind: str

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(amount_micro__gt=0), name="%(class)s_amount_positive"),
            models.CheckConstraint(
                condition=Q(next_try_at__isnull=True) | Q(state__in=["created", "sent", "unknown"]),
                name="%(class)s_finished_rests",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(next_try_at__isnull=False), name="%(class)s_due"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"

    @property
    def destination(self) -> str:
        return open_sealed(bytes(self.destination_sealed))

    def as_order(self) -> Order:
        return Order(self.kind, self.reference, self.amount_micro, self.currency, self.destination)


class Payout(RailOrder):
    """Money on its way to a worker."""

    worker = models.ForeignKey("people.Worker", on_delete=models.PROTECT, related_name="payouts")
    destination_hint = models.CharField(max_length=4, help_text="the last digits, for the worker's eyes")
    destination_hash = models.CharField(max_length=64, blank=True, help_text="equal for equal numbers (marks.py)")
    not_before = models.DateTimeField(null=True, help_text="it waits until then; she was told why and may cancel")
    waits_for = models.CharField(max_length=12, blank=True, choices=[(why, why) for why in WAITS_FOR])
    words = models.TextField(blank=True, help_text="hers, when she asks for it sooner")
    appealed_at = models.DateTimeField(null=True)
    kind = "payout"

    class Meta(RailOrder.Meta):
        constraints = [
            *RailOrder.Meta.constraints,
            models.CheckConstraint(
                condition=Q(not_before=None, waits_for="") | Q(not_before__isnull=False) & ~Q(waits_for=""),
                name="payout_waits_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(waits_for="look") | Q(not_before__lte=F("created_at") + MAX_LOOK), name="no_look_for_ever"
            ),
        ]
        indexes = [
            *RailOrder.Meta.indexes,
            models.Index(fields=["destination_hash", "-created_at"], name="payouts_to_a_number"),
            models.Index(fields=["worker", "-created_at"], name="payouts_of_worker"),
        ]


class Deposit(RailOrder):
    """Money on its way from a requester. The destination is the card's token at the rail, never the card."""

    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="deposits")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = "charge"


class BankTransfer(models.Model):
    """Money that a requester sent by bank: one admin records what the statement says, another confirms it, then it is hers."""

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey("people.Organisation", on_delete=models.PROTECT, related_name="bank_transfers")
    reference = models.CharField(max_length=80, unique=True, help_text="of the bank's statement: booked once")
    amount_micro = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_micro__gt=0), name="bank_transfer_amount_positive"),
            models.CheckConstraint(condition=~Q(confirmed_by=F("recorded_by")), name="bank_transfer_two_people"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="bank_transfer_confirmed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"bank transfer {self.reference}"


class Sighting(models.Model):
    """Where a worker asked for money from: a mark of the device, or of the network (marks.py). Kept 90 days."""

    class Kind(models.TextChoices):
        DEVICE = "device"
        NETWORK = "network"

    worker = models.ForeignKey("people.Worker", on_delete=models.PROTECT, related_name="sightings")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    mark = models.CharField(max_length=64)
    first_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worker", "kind", "mark"], name="sighting_once")]
        indexes = [models.Index(fields=["kind", "mark"], name="sightings_of_mark")]

    def __str__(self) -> str:
        return f"{self.kind} of worker {self.worker_id}"


class LinkFlag(models.Model):
    """One of a group of accounts that one hand may hold; a person looks at it within 72 hours, or it ends (links.py)."""

    class Verdict(models.TextChoices):
        CLEARED = "cleared"

    group = models.UUIDField(db_index=True)
    worker = models.ForeignKey("people.Worker", on_delete=models.PROTECT, related_name="link_flags")
    evidence = models.JSONField()  # counts and kinds of signals; never who else is in it
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    looked_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__lte=F("made_at") + timedelta(hours=72)), name="no_link_for_ever"),
            models.CheckConstraint(
                condition=Q(verdict="", looked_by=None) | ~Q(verdict="") & Q(looked_by__isnull=False),
                name="link_looked_at_by_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"linked account {self.worker_id}"

    @staticmethod
    def open_now() -> Q:
        return Q(verdict="", until__gt=clock.now())


class ProviderEvent(models.Model):
    """A genuine callback as it came; what it claims is looked up, never believed. The same bytes are kept once."""

    provider = models.CharField(max_length=30)
    sha256 = models.CharField(max_length=64)
    headers = models.JSONField()
    raw = models.BinaryField()
    received_at = clock.MadeAt()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "sha256"], name="provider_event_once")]

    def __str__(self) -> str:
        return f"{self.provider} {self.sha256[:12]}"


class ExchangeRate(models.Model):
    """A rate of a day, as an admin has set it: for what is shown, never for what is paid. Rows only come."""

    base = models.CharField(max_length=3)
    currency = models.CharField(max_length=3)
    rate_micro = models.BigIntegerField(help_text="millionths of the currency for one unit of the base")
    day = models.DateField()
    source = models.CharField(max_length=120)
    said_at = clock.MadeAt()
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(rate_micro__gt=0), name="exchange_rate_is_positive")]
        indexes = [models.Index(fields=["base", "currency", "-day"], name="exchange_rate_of_a_day")]

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate_micro} µ{self.currency} of {self.day}"
