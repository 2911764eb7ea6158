"""How long a task is lent: the rule, in one place. Pure. Why it is as it is: docs/decisions/packs.md.

A lease holds a slot of its item and the money for it, so it is short for who is online and longer for who takes tasks along.
"""

from __future__ import annotations

from datetime import datetime, timedelta

MIN_S, MAX_S = 300, 86_400  # of an ordinary lease
MAX_PACK_S = 172_800
AS_LONG_AGAIN = 2  # renewed or not, a lease ends after so many times its length


def length_of(batch, pack: bool) -> timedelta:
    """Of a batch's leases: those of a pack, or those of a worker who is online."""
    return timedelta(seconds=batch.pack_s if pack and batch.pack_s else batch.lease_s)


def ends_at(batch, now: datetime, *, pack: bool) -> datetime:
    """A pack goes back by the batch's deadline, so that its answers can still be of use; an ordinary lease is short enough."""
    end = now + length_of(batch, pack)
    if batch.deadline is None:
        return end
    return min(end, max(batch.deadline, now + length_of(batch, False)))
