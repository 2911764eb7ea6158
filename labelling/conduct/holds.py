"""What holds a worker's money: her first day, or a flag. It waits, it is never lost, and it says until when and why.

A hold is on paying out. The money is earned and settled as ever, and stands in her available account; so much of it
stays there until the hold ends. Why it is so: docs/decisions/holds.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from kernel.money import to_text
from kernel.say import say
from labelling.conduct.paid_since import paid_since
from labelling.models import Answer, Pace, PayHold
from ledger import clock
from people.models import Worker

FIRST_DAY = timedelta(hours=24)
LOOK_BACK = timedelta(hours=24)  # a flag holds what its project paid from a day before it
FIRST_DAY_KIND = "first_day"


@dataclass(frozen=True)
class Hold:
    """What stands now. reason: "first_day" or "flag". kept_micro: so much of what is available may not be paid out yet."""

    reason: str
    since: datetime
    until: datetime
    kept_micro: int
    sentence: str
    appealed_at: datetime | None = None
    first_day_since: datetime | None = None
    words: str = ""  # hers, when she appealed

    def free_micro(self, available_micro: int) -> int:
        """What she may have paid out now."""
        return max(0, available_micro - self.kept_micro)


def hold_of(worker: Worker) -> Hold | None:
    """The hold on her money, or None. It ends at `until` by itself; she appeals by POST /wallet/hold/appeal."""
    now = clock.now()
    rows = list(PayHold.objects.filter(worker=worker).order_by("since"))
    flags = [row for row in rows if row.kind != FIRST_DAY_KIND and row.ended_at is None and row.until > now]
    since = _first_day_since(worker, now, rows)
    if not flags and since is None:
        return None
    kept = max(_kept_by_flags(worker, flags), _kept_by_first_day(worker, since) if since else 0)
    appealed = [(row.appealed_at, row.words) for row in rows if row.appealed_at and row.ended_at is None]
    appealed_at = max((at for at, _ in appealed), default=None)
    until = max([row.until for row in flags] + ([since + FIRST_DAY] if since else []))
    began = min([row.since for row in flags] + ([since] if since else []))
    reason = "flag" if flags else FIRST_DAY_KIND
    words = next((said for _, said in appealed), "")
    return Hold(reason, began, until, kept, _sentence(reason, until), appealed_at, since, words)


def _first_day_since(worker: Worker, now: datetime, rows: Iterable[PayHold]) -> datetime | None:
    """When her first day of work began, while it lasts; a recorded crowd has none."""
    if any(row.kind == FIRST_DAY_KIND and row.ended_at for row in rows):
        return None
    first = Answer.objects.filter(worker=worker).order_by("seq").values_list("received_at", flat=True).first()
    if first is None or first + FIRST_DAY <= now or Pace.objects.filter(worker=worker, recorded=True).exists():
        return None
    return first


def _kept_by_first_day(worker: Worker, since: datetime) -> int:
    """All beyond the first sum, which she may have at once."""
    return max(0, paid_since(worker, since).total() - settings.FIRST_DAY_MICRO)


def _kept_by_flags(worker: Worker, flags: list[PayHold]) -> int:
    """What their projects have paid her from a day before: settled or only the base pay of it, and what it was topped up by."""
    began = {row.project_id: row.since - LOOK_BACK for row in reversed(flags)}  # by the first flag in each
    return sum(paid_since(worker, since, project).total() for project, since in began.items())


def _sentence(reason: str, until: datetime) -> str:
    end = f"{until:%Y-%m-%d %H:%M} UTC"
    if reason == FIRST_DAY_KIND:
        first = to_text(settings.FIRST_DAY_MICRO, settings.CURRENCY)
        return say(
            "In your first day of work you may take out {first}; the rest waits until {end} and is yours then.",
            first=first,
            end=end,
        )
    return say(
        "Somebody looks at your last answers: what they earned waits until {end} at the latest and is yours then. "
        "You can ask for it sooner and say why, in your wallet.",
        end=end,
    )
