"""An appeal was won: the flags that the ban was made for are closed, and the answers behind them are not held against her again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from consensus.app.models import WorkerFlag
from labelling.models import Project
from labelling.models.bans import Ban
from ledger import clock

WON = (Ban.Because.APPEAL, Ban.Because.SILENCE)


@transaction.atomic
def clear_flags(ban: Ban) -> int:
    """Returns the number of flags cleared. Nothing happens to the flags of a ban that an admin lifted: nobody judged them wrong.

    Counts (known items, agreement) are read from her record each time; that evidence is refused for a new ban instead."""
    if ban.lifted_because not in WON:
        return 0
    now, cleared = clock.now(), 0
    for kind, project in {(one["kind"], one["project"]) for one in ban.evidence}:
        hers = WorkerFlag.objects.filter(worker=ban.worker_id, project=project, kind=kind)
        hers.filter(closed_at=None).update(closed_at=now)
        cleared += hers.update(cleared_at=now)
    return cleared


def judged_until(project: Project) -> dict[int, datetime]:
    """{worker: until when her answers in this project were judged by a won appeal}."""
    cleared = WorkerFlag.objects.filter(project=project, cleared_at__isnull=False)
    return dict(cleared.values_list("worker").annotate(until=Max("cleared_at")).order_by())
