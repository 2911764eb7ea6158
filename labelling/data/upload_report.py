"""What became of an upload, as a story: its sentences gathered, the most frequent first, each with an example to look further from."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import CharField, Count, F, Func, Min, QuerySet, Value
from django.db.models.functions import Left

from labelling.models import RefusedRow, RowRemark, Upload

SHOWN = 8  # kinds of sentences
_ALIKE_SIGNS = 24  # sentences differ in their numbers and, at their end, in names


@dataclass(frozen=True)
class Said:
    """One kind of sentence: how often, and the first row that it was said of."""

    n: int
    sentence: str
    row: int  # the key of that row, by which its likes are found


def refused_of(upload: Upload) -> list[Said]:
    return _gathered(upload.refused.all(), "reason")


def remarks_of(upload: Upload) -> list[Said]:
    return _gathered(upload.remarks.all(), "remark")


def refused_like(upload: Upload, row: int | None) -> QuerySet[RefusedRow]:
    """The rows that were refused for the same kind of reason as this one; all for none, or for one of another upload."""
    return _like(upload.refused.all(), "reason", row)


def remarks_like(upload: Upload, row: int | None) -> QuerySet[RowRemark]:
    return _like(upload.remarks.all(), "remark", row)


def _kind(field: str):
    numberless = Func(
        F(field), Value(r"\d[\d.,:]*"), Value("#"), Value("g"), function="regexp_replace", output_field=CharField()
    )
    return Left(numberless, _ALIKE_SIGNS)


def _gathered(rows: QuerySet, field: str) -> list[Said]:
    kinds = rows.order_by().annotate(kind=_kind(field)).values("kind").annotate(n=Count("pk"), first=Min("pk"))
    found = list(kinds.order_by("-n", "first")[:SHOWN])
    sentences = dict(rows.filter(pk__in=[one["first"] for one in found]).values_list("pk", field))
    return [Said(one["n"], sentences[one["first"]], one["first"]) for one in found]


def _like(rows: QuerySet, field: str, row: int | None) -> QuerySet:
    kinds = rows.annotate(kind=_kind(field))
    kind = None if row is None else kinds.filter(pk=row).values_list("kind", flat=True).first()
    return rows if kind is None else kinds.filter(kind=kind)
