"""End what has ended by itself: appeals that nobody answered in 72 hours are won, bans past their date are marked so."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from labelling.conduct.lift_ban import end_ban
from labelling.models.bans import ANSWER_WITHIN, Appeal, Ban
from ledger import clock
from people.models import Worker

MOST = 1000


def end_bans() -> int:
    """Returns how many silence lifted; each in a transaction of its own. Safe to repeat and to run twice at once."""
    late = Appeal.objects.filter(decided_at=None, made_at__lte=clock.now() - ANSWER_WITHIN).order_by("made_at")
    lifted = sum(_lift_unanswered(ban_id) for ban_id in late.values_list("ban_id", flat=True)[:MOST])
    mark_what_ran_out()
    return lifted


@transaction.atomic
def _lift_unanswered(ban_id: int) -> bool:
    """The ban's lock first, as in every verb; whoever held it may have answered meanwhile."""
    ban = Ban.objects.select_for_update().get(pk=ban_id)
    now = clock.now()
    unanswered = Appeal.objects.filter(ban=ban, decided_at=None)
    if not unanswered.update(decided_at=now, outcome=Appeal.Outcome.SILENCE):
        return False
    end_ban(ban, Ban.Because.SILENCE, now, None)
    return True


def mark_what_ran_out(worker: Worker | None = None) -> int:
    """Bans past their date, except those whose appeal still waits for an answer. They held until then and no longer."""
    over = Ban.objects.filter(lifted_at=None, until__lte=clock.now())
    over = over if worker is None else over.filter(worker=worker)
    over = over.exclude(pk__in=Appeal.objects.filter(decided_at=None).values("ban"))
    return over.update(lifted_at=F("until"), lifted_because=Ban.Because.OVER)
