"""The database's clock, without asking it each time: every time that decides money is taken from here.

Two machines never agree on the time, and each believes its own. One answer may be drawn on one and sent on the other, so
both must read the same clock: the database's, which all of them share. How far this machine's steady clock (it never
jumps, whoever sets the time) is from it is measured as Cristian did (1989): ask, and take the middle of the question's
way. Two measurements that agree within their errors are one: the surer is kept, and `now` does not flicker.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import DatabaseError, InterfaceError, connection, models

EVERY_S = 60  # a database that failed over to another machine is noticed within this; a pooled connection comes and goes unseen
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # boot time goes on while a machine sleeps


@dataclass(frozen=True)
class Measured:
    """The database's time is this machine's steady time plus `offset_s`, give or take `error_s`; looked at `at_s`."""

    offset_s: float
    error_s: float
    at_s: float


_measured: Measured | None = None
_measuring = threading.Lock()


def now() -> datetime:
    """What the database's clock says. One statement a minute and process, none otherwise."""
    return datetime.fromtimestamp(steady_s() + offset_s(), UTC)


def today() -> date:
    return now().date()


def steady_s() -> float:
    return time.clock_gettime(_STEADY)


def offset_s() -> float:
    measured = _measured
    if measured is None:
        return _measure().offset_s
    if steady_s() - measured.at_s > EVERY_S and _measuring.acquire(blocking=False):
        try:
            return _measure().offset_s
        except (DatabaseError, InterfaceError):  # away, or this transaction has failed: the next one asks again
            return measured.offset_s
        finally:
            _measuring.release()
    return measured.offset_s


def _measure() -> Measured:
    global _measured
    asked_s = steady_s()
    told_s = _ask()
    way_s = steady_s() - asked_s
    fresh = Measured(told_s - asked_s - way_s / 2, way_s / 2, asked_s)
    _measured = _join(_measured, fresh)
    return _measured


def _join(old: Measured | None, fresh: Measured) -> Measured:
    """The surer one, as long as the two agree within their errors."""
    if old is None or abs(fresh.offset_s - old.offset_s) > fresh.error_s + old.error_s or fresh.error_s <= old.error_s:
        return fresh
    return Measured(old.offset_s, old.error_s, fresh.at_s)


def _ask() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        return cursor.fetchone()[0]


class MadeAt(models.DateTimeField):
    """When the row was made. To migrations it is Django's field of the same name; only the clock is another."""

    def __init__(self, *args, **options):
        super().__init__(*args, **{**options, "auto_now_add": True})

    def pre_save(self, model_instance: models.Model, add: bool):
        if not add:
            return super().pre_save(model_instance, add)
        setattr(model_instance, self.attname, now())
        return getattr(model_instance, self.attname)

    def deconstruct(self):
        name, _, args, options = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, options
