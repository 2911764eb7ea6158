"""Cursor pages over any list, newest first: page 1,000 costs what page 1 costs."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE = 50


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    next: int | None  # the cursor of the page after this one
    is_first: bool

    def __iter__(self):
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def whole_number(text: str | None) -> int | None:
    """A row's id out of a query string; None for everything that is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def page_of(rows: QuerySet, request: HttpRequest, per_page: int = PER_PAGE, key: str = "pk") -> Page:
    """`rows` by descending `key` (unique, indexed), below the cursor that `?before=` names."""
    before = whole_number(request.GET.get("before"))
    if before is not None:
        rows = rows.filter(**{f"{key}__lt": before})
    found = list(rows.order_by(f"-{key}")[: per_page + 1])
    more = len(found) > per_page
    found = found[:per_page]
    return Page(found, getattr(found[-1], key) if more else None, before is None)
