"""A payout waits, and she says why it should not: her words go to the admins, who send it now or leave it to its date."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from delivery.outbox import emit
from kernel.errors import Conflict, DomainError
from kernel.texts import is_text
from ledger import clock
from payouts.access import get_payout_for
from payouts.enqueue import enqueue
from payouts.models import Payout
from people.access import require_admin
from people.audit import record
from people.models import Person

MAX_WORDS = 1000


@transaction.atomic
def appeal_wait(actor: Person, payout_id: UUID, words: str) -> Payout:
    """One for each payout; safe to repeat with the same words."""
    payout = get_payout_for(actor, payout_id, lock=True)
    if not is_text(words, MAX_WORDS):
        raise DomainError(
            "Say in 1 to {most} characters why you need it sooner.",
            field="words",
            code="words",
            said={"most": MAX_WORDS},
        )
    if payout.appealed_at and payout.words == words.strip():
        return payout
    _check_waits(payout)
    if payout.appealed_at:
        raise Conflict(
            "You have asked already: an answer, or the money, comes by its date.", field="words", code="appealed"
        )
    payout.words, payout.appealed_at = words.strip(), clock.now()
    payout.save(update_fields=["words", "appealed_at"])
    record(actor, "payouts.appeal_wait", payout)
    emit("payout.appealed", {"payout": str(payout.pk)})
    return payout


@transaction.atomic
def end_wait(actor: Person, payout_id: UUID) -> Payout:
    """A person has looked: it is sent now."""
    require_admin(actor)
    payout = get_payout_for(actor, payout_id, lock=True)
    _check_waits(payout)
    record(
        actor,
        "payouts.end_wait",
        payout,
        waits_for=payout.waits_for,
        until=payout.not_before and payout.not_before.isoformat(),
    )
    payout.not_before, payout.waits_for, payout.next_try_at = None, "", clock.now()
    payout.save(update_fields=["not_before", "waits_for", "next_try_at"])
    transaction.on_commit(lambda: enqueue("payout", payout.pk), robust=True)
    return payout


def _check_waits(payout: Payout) -> None:
    if payout.state != Payout.State.CREATED or payout.not_before is None:
        raise Conflict("This payout does not wait any more.", code="not_waiting")
