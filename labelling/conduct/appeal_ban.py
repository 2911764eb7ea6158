"""Appeal against a ban: once for each, while it stands. Somebody else answers within 72 hours, or it is lifted."""

from __future__ import annotations

from django.db import transaction

from delivery.outbox import emit
from kernel.errors import Conflict, DomainError
from kernel.texts import is_text
from labelling.access import get_ban_for
from labelling.models.bans import Appeal
from ledger import clock
from people.audit import record
from people.models import Worker

MAX_WORDS = 2000


@transaction.atomic
def appeal_ban(worker: Worker, ban_id: int, words: str) -> Appeal:
    """Safe to repeat with the same words."""
    if not is_text(words, MAX_WORDS):
        raise DomainError(
            "words must be text of 1 to {most} characters: say what happened.",
            field="words",
            code="words",
            said={"most": MAX_WORDS},
        )
    ban = get_ban_for(worker, ban_id, lock=True)
    known = Appeal.objects.filter(ban=ban).first()
    if known is not None:
        return _the_same(known, words.strip())
    if not ban.stands:
        raise Conflict("This ban is over: there is nothing left to appeal against.", code="over")
    appeal = Appeal.objects.create(ban=ban, against_id=ban.made_by_id, words=words.strip(), made_at=clock.now())
    record(worker.person, "bans.appeal_ban", ban)
    emit("appeal.made", {"ban": ban.pk, "worker": worker.pk, "answer_by": appeal.answer_by.isoformat()})
    return appeal


def _the_same(known: Appeal, words: str) -> Appeal:
    if known.words != words:
        raise Conflict("You have appealed already: your first words stand.", code="appealed")
    return known
