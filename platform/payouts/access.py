"""The door to payouts and deposits. Not yours and not there are the same refusal."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet, Sum

from kernel.errors import NotFound
from payouts.models import Deposit, Payout
from people.access import require_admin
from people.models import Organisation, Person, Worker


def payouts_of(worker: Worker) -> QuerySet[Payout]:
    """Her payouts, newest first."""
    return Payout.objects.filter(worker=worker).order_by("-created_at")


def get_payout_for(actor: Person, payout_id: UUID, lock: bool = False) -> Payout:
    """Her own; any, for an admin."""
    rows = Payout.objects.select_related("worker__person")
    rows = rows if actor.is_staff else rows.filter(worker__person=actor)
    payout = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=payout_id).first()
    if payout is None:
        raise NotFound
    return payout


def get_all_payouts_for(actor: Person) -> QuerySet[Payout]:
    """Every payout, newest first; for admins."""
    require_admin(actor)
    return Payout.objects.select_related("worker").order_by("-created_at")


def deposits_of(organisation: Organisation) -> QuerySet[Deposit]:
    return Deposit.objects.filter(organisation=organisation).order_by("-created_at")


def in_flight_micro(worker: Worker, currency: str) -> int:
    """What has left her balance and not arrived."""
    open_orders = Payout.objects.filter(worker=worker, currency=currency, state__in=Payout.OPEN)
    return open_orders.aggregate(total=Sum("amount_micro"))["total"] or 0
