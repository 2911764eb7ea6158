"""Work that a worker holds is taken back from her."""

from __future__ import annotations

from labelling.models import Lease
from labelling.work.return_lease import free
from ledger import clock
from people.models import Worker


def take_back(worker: Worker, project_id: int | None) -> int:
    """What she holds, in a project or everywhere, goes back to the queue: for bans of accounts and of machines. Returns how many.

    What ran out is hers to answer within its grace: she may have done that work before she was told."""
    mine = Lease.objects.filter(worker=worker, state=Lease.State.LIVE, expires_at__gt=clock.now())
    mine = mine if project_id is None else mine.filter(batch__project=project_id)
    leases = list(mine.select_for_update(of=("self",)).order_by("id"))
    free(leases)
    Lease.objects.filter(pk__in=[lease.pk for lease in leases]).update(state=Lease.State.SKIPPED, report_reason="ban")
    return len(leases)
