"""Which items have a known answer in use. Nobody is asked for those: they are no work, and they are not counted as such."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from labelling.models import Decision, Gold, Item, Project


def known(item: str = "pk") -> Exists:
    """A condition on rows whose field `item` is an item's id."""
    return Exists(Gold.objects.filter(item=OuterRef(item), retired_at=None))


def items_to_decide(project: Project | None = None) -> QuerySet[Item]:
    """What a project (default: any) has to have decided: all of its items but the known ones."""
    rows = Item.objects.filter(~known())
    return rows if project is None else rows.filter(project=project)


def decisions_of_work(project: Project | None = None) -> QuerySet[Decision]:
    """Final decisions on items that are work, and not on those whose answer has become known since."""
    rows = Decision.objects.filter(~known("item"), final=True)
    return rows if project is None else rows.filter(project=project)
