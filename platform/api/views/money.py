"""A requester's funds: deposits by card, and what lies there."""

from __future__ import annotations

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from api.views.fields import body_of, integer_of, text_of, uuid_of
from ledger.posting import balance
from ledger.verbs import funds_of
from payouts.actions.request_deposit import request_deposit
from payouts.models import Deposit
from people.access import get_member_organisation_for, get_organisation_for


class DepositsView(APIView):
    """The funds and the last deposits; POST charges a card. The caller makes the id, so asking twice is one charge."""

    @extend_schema(responses={200: dict}, operation_id="deposits")
    def get(self, request, organisation_id: int) -> Response:
        organisation = get_organisation_for(request.user, organisation_id)
        rows = Deposit.objects.filter(organisation=organisation).order_by("-created_at")[:100]
        funds = balance(funds_of(organisation.pk), settings.CURRENCY)
        return Response(
            {"funds_micro": funds, "currency": settings.CURRENCY, "results": [_deposit(row) for row in rows]}
        )

    @extend_schema(request=dict, responses={202: dict}, operation_id="deposit_create")
    def post(self, request, organisation_id: int) -> Response:
        organisation = get_member_organisation_for(request.user, organisation_id)
        body = body_of(request, {"id", "amount_micro", "card"})
        amount_micro, card = integer_of(body, "amount_micro"), text_of(body, "card", most=100)
        made = request_deposit(request.user, organisation, uuid_of(body, "id"), amount_micro, card)
        return Response(_deposit(made), status=202)


def _deposit(deposit: Deposit) -> dict:
    names = ("amount_micro", "currency", "state", "receipt")
    return {
        "id": str(deposit.pk),
        **{name: getattr(deposit, name) for name in names},
        "at": deposit.created_at.isoformat(),
    }
