"""A worker's proof: the closed periods, and the bundle with which she recomputes her pay without trusting us."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.dateparse import parse_date
from rest_framework.response import Response

from anchoring.actions.build_bundle import build_bundle
from anchoring.models import Period
from api.contract.operation import operation
from api.contract.requests import Pages
from api.contract.shapes import page_of
from api.shapes import proofs as shapes
from api.views.base import ListView
from api.views.work import WorkView
from kernel.errors import DomainError, NotFound
from labelling.access import get_worker_for


class PeriodsView(WorkView, ListView):
    """The closed periods, newest first, and how far each is anchored."""

    @operation("proof_periods", query=Pages, answers=page_of(shapes.Period))
    def get(self, request) -> Response:
        worker = get_worker_for(request.user)
        mine = Period.objects.filter(statements__worker=worker).distinct()
        return self.page(request, mine.values("number", "day", "anchor__state"), _period, ("-number",))


class BundleView(WorkView):
    """Everything she needs to check the period: receipts, decisions, statement, paths, headers, anchor."""

    @operation("proof_bundle", query=shapes.PeriodAsked, answers=shapes.Bundle)
    def get(self, request) -> Response:
        worker = get_worker_for(request.user)
        period = _wanted(self.query["period"] or "", Period.objects.filter(statements__worker=worker))
        if period is None:
            raise NotFound()
        return Response(build_bundle(worker, period))


def _wanted(text: str, periods: QuerySet[Period]) -> Period | None:
    """A period by its number, or the last one of a day."""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return periods.filter(number=int(text)).first()
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise DomainError("period must be a period's number, or a day, for example 2030-01-31.", field="period")
    return periods.filter(day=day).order_by("-number").first()


def _period(row: dict) -> dict:
    return {"period": str(row["number"]), "day": row["day"].isoformat(), "state": row["anchor__state"] or "closed"}
