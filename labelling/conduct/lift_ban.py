"""Lift a ban. Every way in which one ends before its date comes through end_ban."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from delivery.outbox import emit
from kernel.errors import Conflict, DomainError
from labelling.access import get_any_ban_for
from labelling.models.bans import Appeal, Ban
from ledger import clock
from people.access import require_admin
from people.audit import record
from people.models import Person

MAX_WORDS = 1000


@transaction.atomic
def lift_ban(actor: Person, ban_id: int, note: str) -> Ban:
    """By any admin, also who made it. An appeal that waits is at its end, and the ban counts as undone."""
    require_admin(actor)
    if not isinstance(note, str) or not 0 < len(note.strip()) <= MAX_WORDS:
        raise DomainError("Say why it is lifted, in at most {most} characters.", field="note", said={"most": MAX_WORDS})
    ban = get_any_ban_for(actor, ban_id, lock=True)
    if ban.lifted_at is not None:
        raise Conflict("This ban has ended already.", code="over")
    now = clock.now()
    Appeal.objects.filter(ban=ban, decided_at=None).update(decided_at=now, outcome=Appeal.Outcome.LIFTED)
    end_ban(ban, Ban.Because.ADMIN, now, actor, note.strip())
    return ban


def end_ban(ban: Ban, because: str, now: datetime, actor: Person | None, note: str = "") -> None:
    """The caller holds the ban's lock. It counts as undone: its days never were."""
    ban.lifted_at, ban.lifted_because, ban.lifted_by, ban.lift_note = now, because, actor, note
    ban.save(update_fields=["lifted_at", "lifted_because", "lifted_by", "lift_note"])
    record(actor, "bans.lift_ban", ban, worker=ban.worker_id, because=because)
    days = (min(now, ban.until) - ban.starts_at).days
    emit("ban.lifted", {"ban": ban.pk, "worker": ban.worker_id, "project": ban.project_id, "days": days})
