"""Decide an appeal: by an admin who did not make the ban, with a sentence, within 72 hours."""

from __future__ import annotations

from django.db import transaction

from delivery.outbox import emit
from kernel.errors import Conflict, DomainError, Forbidden
from labelling.access import get_any_ban_for, get_appeal_for
from labelling.conduct.lift_ban import end_ban
from labelling.models.bans import Appeal, Ban
from ledger import clock
from people.access import require_admin
from people.audit import record
from people.models import Person

MAX_WORDS = 1000
Outcome = Appeal.Outcome


@transaction.atomic
def decide_appeal(actor: Person, ban_id: int, outcome: str, answer: str) -> Appeal:
    """won: the ban is lifted and undone. lost: it stands until its date."""
    require_admin(actor)
    if outcome not in (Outcome.WON, Outcome.LOST):
        raise DomainError("Choose whether the ban is lifted or stands.", field="outcome")
    if not isinstance(answer, str) or not 0 < len(answer.strip()) <= MAX_WORDS:
        raise DomainError(
            "Answer her in 1 to {most} characters: she reads this sentence.", field="answer", said={"most": MAX_WORDS}
        )
    ban = get_any_ban_for(actor, ban_id, lock=True)
    appeal = get_appeal_for(actor, ban_id, lock=True)
    _check_decider(actor, ban)
    now = clock.now()
    if appeal.decided_at is not None:
        raise Conflict("This appeal is decided already.", code="decided_already")
    if outcome == Outcome.LOST and now >= appeal.answer_by:
        raise Conflict("The 72 hours are over: silence has lifted this ban.", code="too_late")
    appeal.outcome, appeal.answer, appeal.decided_at, appeal.decided_by = outcome, answer.strip(), now, actor
    appeal.save(update_fields=["outcome", "answer", "decided_at", "decided_by"])
    record(actor, "bans.decide_appeal", ban, worker=ban.worker_id, outcome=outcome)
    if outcome == Outcome.WON:
        end_ban(ban, Ban.Because.APPEAL, now, actor)
    else:
        emit("appeal.lost", {"ban": ban.pk, "worker": ban.worker_id})
    return appeal


def _check_decider(actor: Person, ban: Ban) -> None:
    if actor.pk == ban.made_by_id:
        raise Forbidden("You made this ban: somebody else decides the appeal.", code="own_ban")
    if actor.pk == ban.worker.person_id:
        raise Forbidden("Nobody decides her own appeal.", code="own_appeal")
