"""Which items have a known answer in use. Nobody is asked for those: they are no work, and they are not counted as such."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from labelling.models import Answer, Decision, Gold, Item, Project


def known(item: str = "pk") -> Exists:
    """A condition on rows whose field `item` is an item's id."""
    return Exists(Gold.objects.filter(item=OuterRef(item), retired_at=None))


def items_to_decide(project: Project | None = None) -> QuerySet[Item]:
    """What a project (default: any) has to have decided: all of its items but the known ones."""
    rows = Item.objects.filter(~known(), archived_at=None)
    return rows if project is None else rows.filter(project=project)


def decisions_of_work(project: Project | None = None) -> QuerySet[Decision]:
    """Final decisions on items that are work, and not on those whose answer has become known since."""
    rows = Decision.objects.filter(~known("item"), final=True, item__archived_at=None)
    return rows if project is None else rows.filter(project=project)


def with_figures(golds: QuerySet[Gold]) -> QuerySet[Gold]:
    """How often each was answered and missed, and by how many people; by whom is nobody's to see here."""
    answers = Answer.objects.filter(item=OuterRef("item"), gold_right__isnull=False).order_by().values("item")
    missed = answers.filter(gold_right=False)

    def count(rows: QuerySet[Answer, Any], of: str, *, distinct: bool = False) -> Coalesce:
        return Coalesce(Subquery(rows.annotate(n=Count(of, distinct=distinct)).values("n")), 0)

    return golds.annotate(
        asked=count(answers, "pk"), missed=count(missed, "pk"), missed_by=count(missed, "worker", distinct=True)
    )
