"""Which periods a worker may see: those that have a statement of hers."""

from datetime import date

from django.db.models import QuerySet

from anchoring.models import Period
from people.models import Worker
from people.refusals import NotYours


def get_periods_for(worker: Worker) -> QuerySet[Period]:
    """Newest first."""
    return Period.objects.filter(statements__worker=worker).distinct().order_by("-number")


def get_period_for(worker: Worker, name: str) -> Period:
    """By number ("12"), or by day ("2026-11-22": the last one of that day). Raises NotYours."""
    periods = get_periods_for(worker)
    if name.isdecimal() and len(name) < 10:
        found = periods.filter(number=int(name)).first()
    else:
        found = periods.filter(day=_day(name)).first()
    if found is None:
        raise NotYours
    return found


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        raise NotYours from None
