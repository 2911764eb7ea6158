"""What her answers brought that became available since a moment: settled, base pay alone, or topped up. Reading only."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db.models import F, Q, QuerySet, Sum

from labelling.models import EarlyBase, Project, Settlement, TopUp
from people.models import Worker


def paid_since(worker: Worker, since: datetime, project: Project | int | None = None) -> Counter[int]:
    """{organisation: micro-units}; of one project, or of all."""
    one = {} if project is None else {"answer__project": project}
    settled = Settlement.objects.filter(**one, worker=worker, settled_at__gte=since)
    released = EarlyBase.objects.filter(**one, worker=worker, released_at__gte=since, answer__settlement=None)
    sums = (
        _sum(settled, F("base_micro") + F("bonus_micro")),
        _sum(released, F("answer__base_micro")),
        _sum(_top_ups(worker, since).filter(**one), F("amount_micro")),
    )
    paid: Counter[int] = Counter()
    for found in sums:
        paid.update(found)
    return paid


def _top_ups(worker: Worker, since: datetime) -> QuerySet[TopUp]:
    """Those that came available with their answer's base, and those that came after it."""
    with_base = Q(answer__settlement__settled_at__gte=since) | Q(answer__early_base__released_at__gte=since)
    after = Q(paid_at__gte=since) & (Q(answer__settlement__isnull=False) | Q(answer__early_base__isnull=False))
    return TopUp.objects.filter(with_base | after, worker=worker)


def _sum(rows: QuerySet, amount) -> dict[int, int]:
    return dict(rows.values_list("answer__project__organisation").annotate(sum=Sum(amount)))
