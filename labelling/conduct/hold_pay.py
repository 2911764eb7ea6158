"""Hold pay while a flag stands, and let it go: at once when a look finds the flag no more, by a person, or at its date.

A hold is on paying out and takes nothing away. One for each flag, ever, so none begins again where one has ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from delivery.outbox import emit_many
from kernel.errors import Conflict, DomainError, NotFound
from kernel.texts import is_text
from labelling.conduct.holds import FIRST_DAY, FIRST_DAY_KIND, hold_of
from labelling.models import Pace, Project
from labelling.models.holds import FLAGGED_FOR, PayHold
from ledger import clock
from people.access import require_admin
from people.audit import record
from people.models import Person, Worker

MAX_WORDS = 1000


@transaction.atomic
def hold_pay(project: Project, flags: Iterable[tuple[int, str]]) -> int:
    """flags: (worker, kind). Returns how many holds began; she is told of each. A recorded crowd is not held: it is nobody."""
    now, flags = clock.now(), set(flags)
    recorded = set(
        Pace.objects.filter(worker__in={w for w, _ in flags}, recorded=True).values_list("worker", flat=True)
    )
    flags = {(worker, kind) for worker, kind in flags if worker not in recorded}
    known = set(PayHold.objects.filter(project=project, worker__in=[w for w, _ in flags]).values_list("worker", "kind"))
    new = [
        PayHold(worker_id=worker, project=project, kind=kind, since=now, until=now + FLAGGED_FOR)
        for worker, kind in sorted(flags - known)
    ]
    PayHold.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        emit_many(
            "hold.made", [{"worker": worker, "project": project.pk} for worker in sorted({h.worker_id for h in new})]
        )
    return len(new)


def let_go(project: Project, standing: set[tuple[int, str]]) -> int:
    """End the holds of flags that no longer stand."""
    held = PayHold.objects.filter(project=project, ended_at=None)
    gone = [pk for pk, worker, kind in held.values_list("pk", "worker_id", "kind") if (worker, kind) not in standing]
    return _end(PayHold.objects.filter(pk__in=gone), PayHold.Because.LOOKED, clock.now())


def end_holds() -> int:
    """Mark those whose date has passed; they held until then and no longer."""
    over = PayHold.objects.filter(ended_at=None, until__lte=clock.now())
    return over.update(ended_at=F("until"), ended_because=PayHold.Because.OVER)


@transaction.atomic
def release_pay(actor: Person, worker: Worker) -> int:
    """A person looked and lets it go: all that holds her pay now. What follows for her work is another decision (bans)."""
    require_admin(actor)
    if actor.pk == worker.person_id:
        raise NotFound()
    _row_of_first_day(worker)
    ended = _end(PayHold.objects.filter(worker=worker, ended_at=None), PayHold.Because.ADMIN, clock.now(), actor)
    if ended:
        record(actor, "holds.release_pay", worker, holds=ended)
    return ended


@transaction.atomic
def appeal_hold(worker: Worker, words: str) -> None:
    """She asks for it sooner. Safe to repeat with the same words; it ends at its date whoever reads them."""
    if not is_text(words, MAX_WORDS, least=1):
        raise DomainError(
            "words must be text of 1 to {most} characters: why your pay should not wait.",
            field="words",
            code="words",
            said={"most": MAX_WORDS},
        )
    Worker.objects.select_for_update(no_key=True).get(pk=worker.pk)
    if hold_of(worker) is None:
        raise Conflict("Nothing holds your money just now.", field="words", code="not_waiting")
    _row_of_first_day(worker)
    standing = PayHold.objects.select_for_update().filter(worker=worker, ended_at=None)
    if standing.exclude(appealed_at=None).exclude(words=words.strip()).exists():
        raise Conflict("You have appealed already: your words stand.", field="words", code="appealed")
    standing.filter(appealed_at=None).update(words=words.strip(), appealed_at=clock.now())
    emit_many("hold.appealed", [{"worker": worker.pk}])


def _row_of_first_day(worker: Worker) -> None:
    """A first day holds by itself; once somebody speaks about it, it has a row as other holds have."""
    hold = hold_of(worker)
    if hold is not None and hold.first_day_since is not None:
        begun = hold.first_day_since
        PayHold.objects.get_or_create(
            worker=worker, project=None, kind=FIRST_DAY_KIND, defaults={"since": begun, "until": begun + FIRST_DAY}
        )


def _end(holds: QuerySet[PayHold], because: str, now: datetime, by: Person | None = None) -> int:
    return holds.update(ended_at=now, ended_because=because, ended_by=by)
