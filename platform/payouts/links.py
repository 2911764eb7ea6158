"""Accounts that one hand may hold: paid to one number, from one device or network, and alike in what they do. Evidence for a person.

Never a ban, and never from a shared phone alone: a family has one phone, one network and one number. It takes the number, a second
kind of signal, and behaviour that a family does not show (docs/decisions/linked-accounts.md).
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db.models import Count, Exists, Min, OuterRef

from consensus.app.models import WorkerFlag
from delivery.outbox import emit
from kernel.sql import fetch
from labelling.models import PayHold
from ledger import clock
from payouts.models import LinkFlag, Payout, Sighting
from people.models import Worker

LOOK_BACK, DAY = timedelta(days=30), timedelta(hours=24)
LOOKED_AT_WITHIN = timedelta(hours=72)  # nobody looked: the money goes, as an appeal that nobody answers is won
BURST = 4  # accounts made, and paid to one number for the first time, within a day
CLOSE_S, CLOSE_TIMES = 10, 10  # answers of two accounts on one device: nobody signs out and in by a code so fast
MOST = 50

_CLOSE = """
SELECT a.worker_id FROM labelling_answer a JOIN labelling_answer b
    ON b.worker_id = ANY(%(workers)s) AND b.worker_id <> a.worker_id
   AND b.received_at BETWEEN a.received_at - %(close)s AND a.received_at + %(close)s
 WHERE a.worker_id = ANY(%(workers)s) AND a.received_at > %(since)s AND b.received_at > %(since)s
 GROUP BY a.worker_id HAVING count(DISTINCT a.id) >= %(times)s
"""


def look_for_links(payout: Payout) -> LinkFlag | None:
    """Flags the accounts paid to this payout's number, when enough speaks for one hand; the flag of this one. In its transaction."""
    if before := _flagged_before([payout.worker_id]).order_by("-until").first():  # looked at, or ended: not begun again
        return before if before.verdict == "" and before.until > clock.now() else None
    group = list(_paid_to(payout))
    if len(group) < 2:
        return None
    shared = {kind: _share(group, kind) for kind in (Sighting.Kind.DEVICE, Sighting.Kind.NETWORK)}
    linked = sorted(set().union(*shared.values()))
    if payout.worker_id not in linked:
        return None
    alike = _alike(payout, linked, shared[Sighting.Kind.DEVICE])
    if not alike:
        return None
    signals = ["number", *(str(kind) for kind, workers in shared.items() if workers)]
    return _flag(payout, linked, {"accounts": len(linked), "signals": signals, "alike": alike})


def _flagged_before(workers: list[int]):
    return LinkFlag.objects.filter(worker__in=workers, made_at__gt=clock.now() - LOOK_BACK)


def _paid_to(payout: Payout):
    asked = Payout.objects.filter(destination_hash=payout.destination_hash, created_at__gt=clock.now() - LOOK_BACK)
    asked = asked.exclude(state=Payout.State.CANCELLED)
    return asked.values_list("worker", flat=True).distinct()[:MOST]


def _share(group: list[int], kind: str) -> set[int]:
    """Of the group, who was seen where another of them was."""
    mine = Sighting.objects.filter(worker__in=group, kind=kind)
    shared = mine.values("mark").annotate(n=Count("worker", distinct=True)).filter(n__gt=1).values("mark")
    return set(mine.filter(mark__in=shared).values_list("worker", flat=True))


def _alike(payout: Payout, linked: list[int], on_one_device: set[int]) -> list[str]:
    found = {"burst": _burst(payout, linked), "flagged": _flagged(linked), "close": _close(sorted(on_one_device))}
    return [name for name, holds in found.items() if holds]


def _burst(payout: Payout, linked: list[int]) -> bool:
    first = Payout.objects.filter(worker__in=linked, destination_hash=payout.destination_hash)
    new = first.values("worker").annotate(at=Min("created_at"), made=Min("worker__created_at"))
    times = [(row["at"], row["made"]) for row in new if row["at"] - row["made"] < 2 * DAY]
    return any(
        sum(abs(at - here) < DAY and abs(made - there) < DAY for at, made in times) >= BURST for here, there in times
    )


def _flagged(linked: list[int]) -> bool:
    """Two of them are looked at for how they answer."""
    flags = WorkerFlag.objects.filter(worker=OuterRef("pk"), closed_at=None)
    holds = PayHold.objects.filter(worker=OuterRef("pk"), ended_at=None, until__gt=clock.now()).exclude(
        kind="first_day"
    )
    return Worker.objects.filter(Exists(flags) | Exists(holds), pk__in=linked).count() > 1


def _close(workers: list[int]) -> bool:
    values = {"workers": workers, "close": timedelta(seconds=CLOSE_S), "since": clock.now() - DAY, "times": CLOSE_TIMES}
    return len(workers) > 1 and len(fetch(_CLOSE, values)) > 1


def _flag(payout: Payout, linked: list[int], evidence: dict) -> LinkFlag:
    """Who comes to a group that is being looked at joins it."""
    now, stands = clock.now(), LinkFlag.objects.filter(LinkFlag.open_now(), worker__in=linked).first()
    group = stands.group if stands else uuid.uuid4()
    known = set(_flagged_before(linked).values_list("worker", flat=True))
    new = [worker for worker in linked if worker not in known]
    LinkFlag.objects.bulk_create(
        LinkFlag(group=group, worker_id=worker, evidence=evidence, made_at=now, until=now + LOOKED_AT_WITHIN)
        for worker in new
    )
    for waiting in Payout.objects.select_for_update().filter(worker__in=new, state=Payout.State.CREATED).order_by("pk"):
        hold_for_a_look(waiting, now + LOOKED_AT_WITHIN)
    emit("accounts.linked", {"group": str(group)})
    return LinkFlag.objects.get(worker=payout.worker, group=group)


def hold_for_a_look(payout: Payout, until) -> None:
    if payout.not_before is None or payout.not_before < until:
        payout.not_before, payout.next_try_at, payout.waits_for = until, until, "look"
        payout.save(update_fields=["not_before", "next_try_at", "waits_for"])
