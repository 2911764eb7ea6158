"""Look at the first answers of a worker soon after they came: until then she gets only a few tasks more (labelling/work/tempo.py),
and what they would decide waits (consensus/app/heard.py).

The same tests as in every look, on the items that newcomers have answered, so it is short however large the project is.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, QuerySet

from consensus.app.actions.look_for_abuse import HOLDS_NOTHING, find, keep_flags, read_rows, skippers
from delivery.outbox import emit
from labelling.batches import queue
from labelling.models import Answer, BatchItem, Pace, Project
from labelling.work.tempo import NEW_UNTIL
from ledger import clock

MOST = 500


def look_at_newcomers() -> int:
    """Returns how many were looked at. Safe to repeat; an answer that comes meanwhile is for the next look."""
    due = Pace.objects.filter(seen__lt=F("answers"), recorded=False).filter(seen__lt=NEW_UNTIL).order_by("worker")
    given = dict(due.values_list("worker", "answers")[:MOST])
    theirs = Answer.objects.filter(worker__in=given)
    for project in Project.objects.filter(pk__in=theirs.values("project").distinct()):
        _look(project, set(given))
    for worker, answers in given.items():
        Pace.objects.filter(worker=worker).update(seen=answers)
    _go_on(theirs)
    return len(given)


@transaction.atomic
def _go_on(answers: QuerySet[Answer]) -> None:
    """What waited for this look (consensus/app/heard.py): nobody has been asked about it meanwhile, so it has all that it wanted."""
    waited = BatchItem.objects.filter(item__in=answers.values("item"), state=BatchItem.State.OPEN, batch__state="open")
    items = list(waited.filter(queue.ALL_CAME).values_list("item", flat=True))
    if items:
        emit("items.waiting", {"items": items})


def _look(project: Project, newcomers: set[int]) -> None:
    items = Answer.objects.filter(project=project, worker__in=newcomers).values("item")
    rows = read_rows(project, Answer.objects.filter(project=project, item__in=items))
    found = find(project, rows, [one for one in skippers(project) if one.worker in newcomers])
    theirs = [flag for flag in found if flag.worker in newcomers and flag.kind not in HOLDS_NOTHING]
    with transaction.atomic():
        keep_flags(project, theirs, {row.seq: row for row in rows}, clock.now())
