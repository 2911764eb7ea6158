"""How often something may be tried: so many times in a sliding window, counted in one statement each.

In PostgreSQL, not in the cache: flushing the cache must not give a guesser her tries back, and signing in must not need it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache.backends.db import DatabaseCache
from django.db import connection, transaction

from ledger import clock
from people.models import Lasting

MINUTE_S, HOUR_S = 60, 3600


@dataclass(frozen=True)
class Budget:
    """`most` in any `period_s`, for what `name` and `whose` say. Only a hash of both is kept."""

    name: str
    whose: tuple[str, ...]
    most: int
    period_s: int

    @property
    def key(self) -> str:
        return hashlib.sha256("\0".join((self.name, *self.whose)).lower().encode()).hexdigest()


def hashed_key(key: str, prefix: str, version: int) -> str:
    """Of the cache that lasts: no address stands in its table either."""
    return hashlib.sha256(f"{prefix}\0{version}\0{key}".encode()).hexdigest()


def lasting() -> DatabaseCache:
    """So many rows are never reached: those that ended go each hour."""
    return DatabaseCache(Lasting._meta.db_table, {"KEY_FUNCTION": hashed_key, "OPTIONS": {"MAX_ENTRIES": 1_000_000}})


# The row is locked by its own statement, so of sixteen at once exactly `most` get through.
_TAKE = """
INSERT INTO people_budgetspent AS b (key, spent, ends_at) VALUES (%(key)s, ARRAY[%(now)s::float8], to_timestamp(%(ends)s))
ON CONFLICT (key) DO UPDATE SET
    spent = ARRAY(SELECT t FROM unnest(b.spent) t WHERE t > %(since)s::float8 ORDER BY t) || %(now)s::float8,
    ends_at = to_timestamp(%(ends)s)
WHERE (SELECT count(*) FROM unnest(b.spent) t WHERE t > %(since)s::float8) < %(most)s
RETURNING 1
"""
# When the oldest of the last `most` leaves the window.
_WAIT = """
SELECT t FROM people_budgetspent b, unnest(b.spent) t WHERE b.key = %s ORDER BY t DESC OFFSET %s LIMIT 1
"""
_GIVE_BACK = "UPDATE people_budgetspent SET spent = array_remove(spent, %s::float8) WHERE key = %s"


class _Refused(Exception):
    pass


@dataclass(frozen=True)
class Taken:
    """`wait_s` is 0 when all budgets had room; else nothing was counted, and so long until the fullest has room again."""

    wait_s: int
    budgets: tuple[Budget, ...]
    at_s: float

    def give_back(self) -> None:
        """What was counted is not: she was right."""
        with connection.cursor() as cursor:
            for budget in self.budgets:
                cursor.execute(_GIVE_BACK, [self.at_s, budget.key])


def take(budgets: Iterable[Budget]) -> Taken:
    """One from each, or from none. In the order of their keys, so that two never wait for each other."""
    ordered, at_s, wait_s = tuple(sorted(budgets, key=lambda one: one.key)), clock.now().timestamp(), 0
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for budget in ordered:
                if not _take(cursor, budget, at_s):
                    wait_s = max(wait_s, _wait_s(cursor, budget, at_s))
            if wait_s:
                raise _Refused
    except _Refused:
        return Taken(wait_s, (), at_s)
    return Taken(0, ordered, at_s)


def _take(cursor, budget: Budget, at_s: float) -> bool:
    times = {"now": at_s, "since": at_s - budget.period_s, "ends": at_s + budget.period_s}
    cursor.execute(_TAKE, {"key": budget.key, "most": budget.most, **times})
    return cursor.fetchone() is not None


def _wait_s(cursor, budget: Budget, at_s: float) -> int:
    cursor.execute(_WAIT, [budget.key, budget.most - 1])
    [oldest_s] = cursor.fetchone()
    return max(1, math.ceil(oldest_s + budget.period_s - at_s))


def forget_ended() -> int:
    """Rows whose window is over say nothing any more."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_lasting WHERE expires < %s", [clock.now()])
        cursor.execute("DELETE FROM people_auditcount WHERE ends_at < %s", [clock.now()])
        cursor.execute("DELETE FROM people_budgetspent WHERE ends_at < %s", [clock.now()])
        return cursor.rowcount
