"""Cursor pages over any list, newest first: page 1,000 costs what page 1 costs."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet

from console.request import Request
from ledger.reading import lines
from ledger.transfers import AccountRef

PER_PAGE = 25
START = "start"  # ?after=start: the page at the other end of the list
LONGEST = 80


@dataclass(frozen=True)
class Page:
    """older, newer: the cursors of the pages beside this one; None where there is none. prefix: of its words in the query."""

    rows: list[Any]
    older: str | None = None
    newer: str | None = None
    is_first: bool = True
    prefix: str = ""
    has_end: bool = True  # the other end of the list can be asked for
    by_time: bool = True  # the newest first; else in an order that was asked for

    def __iter__(self):
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def is_whole_list(self) -> bool:
        return self.is_first and self.older is None


def whole_number(text: str | None) -> int | None:
    """A row's id out of a query string; None for everything that is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def page_of(
    rows: QuerySet, request: Request, per_page: int = PER_PAGE, key: str | Sequence[str] = "pk", prefix: str = ""
) -> Page:
    """`rows` by descending `key`, between the cursors that `?before=` and `?after=` name.

    key: an indexed field that is unique, or several that are so together, each set in every row. prefix: for a second list on one page."""
    keys = [key] if isinstance(key, str) else list(key)
    asked = request.GET.get(f"{prefix}after")
    after = _cursor(rows.model, keys, asked)
    if after is not None or asked == START:
        found = list((rows.filter(_beyond(keys, after, "gt")) if after else rows).order_by(*keys)[: per_page + 1])
        if len(found) > per_page:
            found = found[per_page - 1 :: -1]
            older = None if asked == START else _written(found[-1], keys)
            return Page(found, older, _written(found[0], keys), False, prefix)
    before = None if asked else _cursor(rows.model, keys, request.GET.get(f"{prefix}before"))
    older_rows = rows if before is None else rows.filter(_beyond(keys, before, "lt"))
    found = list(older_rows.order_by(*(f"-{name}" for name in keys))[: per_page + 1])
    more, found = len(found) > per_page, found[:per_page]
    newer = _written(found[0], keys) if found and before is not None else None
    return Page(found, _written(found[-1], keys) if more else None, newer, before is None, prefix)


def page_by_keys(
    rows: QuerySet, request: Request, keys: Sequence[str], ascending: bool, load, per_page: int = PER_PAGE
) -> Page:
    """The same in any order and over joined fields: the keys of a page are read first, then its rows alone, by `load(rows of these)`.

    The last key must be the row's own, or a one-to-one row's."""
    keys = list(keys)
    after, before = (_cursor(rows.model, keys, request.GET.get(name)) for name in ("after", "before"))
    at_end = request.GET.get("after") == START
    backwards = bool(after) or at_end
    place = after if backwards else before
    if place:
        rows = rows.filter(_beyond(keys, place, "gt" if backwards != ascending else "lt"))
    towards = "" if backwards != ascending else "-"
    found = list(rows.order_by(*(f"{towards}{key}" for key in keys)).values_list(*keys, "pk")[: per_page + 1])
    more, found = len(found) > per_page, found[:per_page]
    if backwards:
        found.reverse()
    loaded = {row.pk: row for row in load(rows.model.objects.filter(pk__in=[row[-1] for row in found]))}
    shown = [loaded[row[-1]] for row in found if row[-1] in loaded]
    first, last = (_joined(found[end][:-1]) if found else None for end in (0, -1))
    if backwards:
        is_first = not more and not at_end
        return Page(shown, None if at_end else last, None if is_first else first, is_first, by_time=False)
    return Page(shown, last if more else None, first if place else None, place is None, by_time=False)


def page_of_list(rows: Sequence[Any], request: Request, per_page: int = PER_PAGE) -> Page:
    """Of a list that is in memory: each row has its `place` in the whole of it, in rising order, by which pages begin."""
    after, before = (whole_number(request.GET.get(name)) for name in ("after", "before"))
    if request.GET.get("after") == START:
        found = rows[-per_page:]
    elif after is not None:
        found = [row for row in rows if row.place < after][-per_page:]
    else:
        found = [row for row in rows if before is None or row.place > before][:per_page]
    if not found:
        return Page([], by_time=False)
    first, last = found[0].place, found[-1].place
    older = str(last) if last < rows[-1].place else None
    newer = str(first) if first > rows[0].place else None
    return Page(list(found), older, newer, newer is None, by_time=False)


def page_of_lines(ref: AccountRef, currency: str, request: Request, per_page: int = PER_PAGE) -> Page:
    """An account's statement."""
    before = whole_number(request.GET.get("before"))
    found = lines(ref, currency, before=before, limit=per_page + 1)
    older = str(found[per_page - 1].leg_id) if len(found) > per_page else None
    return Page(found[:per_page], older, is_first=before is None, has_end=False)


def _written(row: Model, keys: list[str]) -> str:
    return _joined([getattr(row, name) for name in keys])


def _joined(values: Sequence[Any]) -> str:
    return "~".join(value.isoformat() if isinstance(value, datetime) else str(value) for value in values)


def _cursor(model: type[Model], keys: list[str], text: str | None) -> list[Any] | None:
    """The values of a row's keys out of a query string; None for everything that is none."""
    parts = text[:LONGEST].split("~") if text else []
    if len(parts) != len(keys):
        return None
    try:
        return [_value(model, name, part) for name, part in zip(keys, parts, strict=True)]
    except ValidationError:
        return None


def _value(model: type[Model], name: str, text: str) -> Any:
    *joined, name = name.split("__")
    for step in joined:
        model = cast(type[Model], model._meta.get_field(step).related_model)
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    field = getattr(field, "target_field", field)  # of a foreign key: what it points to
    if field.get_internal_type().endswith(("IntegerField", "AutoField")):
        if (number := whole_number(text)) is None:
            raise ValidationError(text)
        return number
    value = cast(Field, field).to_python(text)
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValidationError(text)
    return value


def _beyond(keys: list[str], values: list[Any], than: str) -> Q:
    """Rows whose keys, read as one number of several digits, are less or greater than these values."""
    found, same = Q(), Q()
    for name, value in zip(keys, values, strict=True):
        found |= same & Q(**{f"{name}__{than}": value})
        same &= Q(**{name: value})
    return found & Q(**{f"{keys[0]}__{than}e": values[0]})  # said once more, so that an index begins there


def neighbours(rows: QuerySet, row: Model, keys: Sequence[str], ascending: bool) -> tuple[int | None, int | None]:
    """The ids before and behind a row in an order."""
    keys = list(keys)
    values = [functools.reduce(getattr, name.split("__"), row) for name in keys]
    found = []
    for towards in ("lt", "gt") if ascending else ("gt", "lt"):
        sign = "" if towards == "gt" else "-"
        beside = rows.filter(_beyond(keys, values, towards)).order_by(*(f"{sign}{key}" for key in keys))
        found.append(beside.values_list("pk", flat=True).first())
    return found[0], found[1]
