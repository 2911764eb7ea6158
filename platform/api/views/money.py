"""A requester's funds: deposits by card, and what lies there."""

from __future__ import annotations

from django.conf import settings
from rest_framework.response import Response

from api.contract.operation import operation
from api.contract.requests import Pages
from api.shapes import programs as shapes
from api.views.base import ListView
from kernel.errors import Forbidden
from ledger.factories import funds_of
from ledger.posting import balance
from payouts.access import deposits_of
from payouts.actions.charge_deposit import charge_deposit
from payouts.actions.request_deposit import request_deposit
from payouts.models import RailOrder
from people.access import NO_MONEY, get_organisation_for, get_spending_organisation_for, sees_money


class DepositsView(ListView):
    """The funds and the deposits, newest first; POST charges a card. The caller makes the id, so asking twice is one charge.

    200 when it is known how the charge ended ("paid", or "failed" with the rail's code); 202 while the rail has not said so:
    the sweeps go on asking, and the same POST, or GET, tells how it stands.
    """

    @operation("deposits", query=Pages, answers=shapes.Deposits)
    def get(self, request, organisation_id: int) -> Response:
        organisation = get_organisation_for(request.user, organisation_id)
        if not sees_money(request.user, organisation):
            raise Forbidden(NO_MONEY, code="no_money")
        funds = balance(funds_of(organisation.pk), settings.CURRENCY)
        found = self.page(request, deposits_of(organisation), _deposit, ("-created_at",))
        found.data |= {"funds_micro": funds, "currency": settings.CURRENCY}
        return found

    @operation("deposit_create", body=shapes.DepositAsked, answers=shapes.Deposit, also={202: shapes.Deposit})
    def post(self, request, organisation_id: int) -> Response:
        organisation = get_spending_organisation_for(request.user, organisation_id)
        body = self.body
        asked = request_deposit(request.user, organisation, body["id"], body["amount_micro"], body["card"])
        made = charge_deposit(asked)  # talks to the rail: after the row is committed, and in no transaction
        return Response(_deposit(made), status=202 if made.state in RailOrder.OPEN else 200)


def _deposit(deposit: RailOrder) -> dict:
    names = ("amount_micro", "currency", "state", "code", "receipt")
    return {
        "id": str(deposit.pk),
        **{name: getattr(deposit, name) for name in names},
        "at": deposit.created_at.isoformat(),
    }
