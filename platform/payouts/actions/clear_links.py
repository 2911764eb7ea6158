"""A person has looked at accounts that seemed to be one hand's."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction

from kernel.errors import NotFound
from ledger import clock
from payouts.enqueue import enqueue
from payouts.models import LinkFlag, Payout
from people.access import require_admin
from people.audit import record
from people.models import Person


@transaction.atomic
def clear_links(actor: Person, group: UUID) -> int:
    """They are not: what waited for the look is sent. Safe to repeat. What a guilty hand deserves is a ban, on its own page."""
    require_admin(actor)
    flags = list(LinkFlag.objects.select_for_update().filter(group=group).order_by("pk"))
    if not flags:
        raise NotFound
    open_now = [flag for flag in flags if flag.verdict == ""]
    for flag in open_now:
        flag.verdict, flag.looked_at, flag.looked_by = LinkFlag.Verdict.CLEARED, clock.now(), actor
        flag.save(update_fields=["verdict", "looked_at", "looked_by"])
    waiting = Payout.objects.filter(state=Payout.State.CREATED, waits_for="look")
    for payout in waiting.filter(worker__in=[flag.worker_id for flag in open_now]).select_for_update().order_by("pk"):
        payout.not_before, payout.waits_for, payout.next_try_at = None, "", clock.now()
        payout.save(update_fields=["not_before", "waits_for", "next_try_at"])
        transaction.on_commit(partial(enqueue, "payout", payout.pk), robust=True)
    if open_now:
        record(actor, "payouts.clear_links", f"links:{group}", workers=[flag.worker_id for flag in open_now])
    return len(open_now)
