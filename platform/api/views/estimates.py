"""Numbers about a project's items."""

from __future__ import annotations

from django.db import transaction
from rest_framework.response import Response

from api.contract.operation import operation
from api.contract.requests import Pages
from api.contract.shapes import page_of
from api.shapes import estimates as shapes
from api.views.base import APIView, ListView
from consensus.core.guarantees.estimate import Estimate as Interval
from labelling import access
from labelling.estimates.ask_estimate import ask_estimate
from labelling.estimates.look import half_width_ppm, look_at
from labelling.models import Estimate

_SAME = ("of", "what", "state", "half_width_ppm", "confidence_ppm", "draws")


class EstimatesView(ListView):
    """POST draws a sample and puts it on offer as a batch, which closes when the number is exact enough. docs/decisions/estimates.md"""

    @operation("estimates", query=Pages, answers=page_of(shapes.Estimate))
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        return self.page(request, Estimate.objects.filter(project=project).select_related("project"), show_in_list)

    @operation("estimate_ask", body=shapes.EstimateAsked, answers=shapes.Estimate, status=201)
    @transaction.atomic
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True, lock=True)
        asked = ask_estimate(request.user, project, **self.body)
        return Response(show_estimate(asked, look_at(asked)), status=201)


class EstimateView(APIView):
    @operation("estimate", answers=shapes.Estimate)
    def get(self, request, estimate_id: int) -> Response:
        asked = access.get_estimate_for(request.user, estimate_id)
        return Response(show_estimate(asked, look_at(asked)))


def show_in_list(asked: Estimate) -> dict:
    """One that is open says what it has come to at its own address: a page of them would draw all their samples."""
    return show_estimate(asked, None if asked.result is None else look_at(asked))


def show_estimate(asked: Estimate, found: Interval | None) -> dict:
    return {
        "id": asked.pk,
        "project": asked.project_id,
        **{name: getattr(asked, name) for name in _SAME},
        "value": found and found.value,
        "value_low": found and found.low,
        "value_high": found and found.high,
        "range_low": asked.low,
        "range_high": asked.high,
        "half_width_now_ppm": found and half_width_ppm(asked, found),
        "draws_seen": found and found.n,
        "items": len(asked.items),
        "batch": asked.batch_id,
        "created_at": asked.created_at.isoformat(),
        "ended_at": asked.ended_at.isoformat() if asked.ended_at else None,
    }
