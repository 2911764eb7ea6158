"""What a row names that came earlier: the pictures of this project are known by the names that they were sent under."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from intake.models import Media
from labelling.models import Item, ItemRow, Project
from labelling.models.words import query_of

LOOKED_AT = 50  # items with the words of a name


@dataclass(frozen=True)
class Named:
    media: Media
    file_name: str
    external_id: str


def named_before(project: Project, name: str, external_id: str = "", *, ours: bool = False) -> Named | None:
    """The one item that came under this name, its path or her own id; of several the one with this id. `ours`: the name may be one
    that we gave, or that of a further row of the same content."""
    found = _items(project, name) or (_rows(project, name) if ours else [])
    if len(found) > 1:
        found = [one for one in found if one.external_id == external_id]
    if not found and ours and name.isascii() and name.isdigit() and len(name) < 19:
        found = _of(_with_media(project).filter(pk=int(name), file_name="", external_id=""))
    return found[0] if len(found) == 1 else None


def _with_media(project: Project):
    return Item.objects.filter(project=project).exclude(media=None).select_related("media")


def _items(project: Project, name: str) -> list[Named]:
    query = query_of(name, project.pk)
    if not query:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT labelling_items_with(%s::tsquery, %s)", [query, LOOKED_AT])
        ids = [pk for (pk,) in cursor.fetchall()]
    called = Q(file_name=name) | Q(external_id=name)
    return _of(_with_media(project).filter(called, pk__in=ids))


def _rows(project: Project, name: str) -> list[Named]:
    called = Q(file_name=name) | Q(file_name="", external_id=name)
    rows = ItemRow.objects.filter(called, item__project=project).exclude(item__media=None).select_related("item__media")
    return [Named(row.item.media, row.file_name, row.external_id) for row in rows if row.item.media]


def _of(items: QuerySet[Item]) -> list[Named]:
    return [Named(item.media, item.file_name, item.external_id) for item in items if item.media]
