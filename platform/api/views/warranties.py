"""Promises on releases."""

from __future__ import annotations

from rest_framework.response import Response

from api.contract.operation import operation
from api.shapes import warranties as shapes
from api.views.base import APIView
from consensus.core.guarantees.estimate import Estimate
from labelling import access
from labelling.models import Warranty
from labelling.releases.judge_label import judge_label, look_at, price_of, signed
from labelling.releases.promise_release import promise_release

NEXT = 20


class WarrantyView(APIView):
    """A promise on the labels of a release. docs/decisions/warranty.md"""

    @operation("warranty", answers=shapes.Warranty)
    def get(self, request, release_id: int) -> Response:
        return Response(show_warranty(access.get_warranty_for(request.user, release_id)))

    @operation("warranty_make", body=shapes.Promised, answers=shapes.Warranty, status=201)
    def post(self, request, release_id: int) -> Response:
        release = access.get_release_for(request.user, release_id, write=True)
        return Response(show_warranty(promise_release(request.user, release, **self.body)), status=201)


class JudgementsView(APIView):
    @operation("warranty_judge", body=shapes.Judged, answers=shapes.Warranty)
    def post(self, request, release_id: int) -> Response:
        warranty = access.get_warranty_for(request.user, release_id, write=True)
        return Response(show_warranty(judge_label(request.user, warranty, **self.body)))


class SignedView(APIView):
    @operation("warranty_file", answers=shapes.SignedWarranty)
    def get(self, request, release_id: int) -> Response:
        return Response(signed(access.get_warranty_for(request.user, release_id)))


def _ends(right: Estimate) -> list[tuple[str, float]]:
    return [("", right.value), ("low_", right.low), ("high_", right.high)]


def show_warranty(warranty: Warranty) -> dict:
    found = look_at(warranty)
    stands, price = found.stands, price_of(warranty, found)
    return {
        "release": warranty.release_id,
        **{name: getattr(warranty, name) for name in ("state", "error_ppm", "confidence_ppm", "draws", "budget")},
        "reference_error_ppm": warranty.reference_ppm,
        "draws_used": found.used,
        "labels": len(warranty.labels),
        "judged": warranty.judgements.count(),
        "to_judge": len(found.to_judge),
        "needed": found.needed,
        "next_items": [warranty.labels[place][0] for place in found.to_judge[:NEXT]],
        "stands": None if stands is None else stands.n_labels,
        "bound_ppm": None if stands is None else round(1e6 * stands.bound),
        **{f"right_{name}ppm": round(1e6 * share) for name, share in _ends(found.right)},
        **price,
        "created_at": warranty.created_at.isoformat(),
    }
