"""Her money: its lines, statements, payouts, and what waits."""

from __future__ import annotations

from django.conf import settings
from django.http import StreamingHttpResponse
from rest_framework.response import Response

from api.contract.operation import operation
from api.contract.requests import Pages
from api.contract.shapes import page_of
from api.shapes import me as shapes
from api.views.base import APIView, ListView
from api.views.work import page_before
from kernel.errors import DomainError, Forbidden
from labelling.access import get_worker_for
from labelling.conduct.hold_pay import appeal_hold
from labelling.conduct.holds import hold_of
from ledger.factories import available_of, pending_of
from ledger.posting import balance, lines
from ledger.reading import Line
from payouts import sightings
from payouts.access import payouts_of
from payouts.actions.appeal_wait import appeal_wait
from payouts.actions.cancel_payout import cancel_payout
from payouts.actions.request_payout import request_payout
from payouts.marks import mark_of_number
from payouts.models import Payout
from payouts.providers import default_provider
from payouts.statement_files import csv_of, pdf_of
from payouts.statements import Month, month_of, months_of
from payouts.waiting import is_known, wait_in_words
from people.addresses import clean_phone, country_of
from people.models import ApiToken, Worker
from people.recent import require_recent_sign_in


class WalletView(APIView):
    """Her money: a token that answers for her does not open it."""

    required_scope = "wallet"


class WalletLinesView(WalletView):
    """The lines of one of her accounts, newest first: `account` is available (default) or pending."""

    @operation("wallet_lines", query=shapes.WalletLinesAsked, answers=page_of(shapes.WalletLine))
    def get(self, request) -> Response:
        worker, account = get_worker_for(request.user), self.query["account"]
        ref = available_of(worker.pk) if account == "available" else pending_of(worker.pk)
        found = lines(ref, settings.CURRENCY, self.query["before"])
        return Response(page_before(request, [_line(line, account) for line in found], lambda row: row["id"]))


def _line(line: Line, account: str) -> dict:
    return {
        "id": line.leg_id,
        "at": line.effective_at.isoformat(),
        "kind": line.kind,
        "key": line.key,
        "amount_micro": line.amount_micro,
        "account": account,
        "balance_micro": line.balance_after_micro,
        "note": line.note,
    }


class StatementsView(WalletView):
    """The months in which money of hers moved, newest first: what came in, what went out, what was hers at the end."""

    @operation("wallet_statements", answers=shapes.Statements)
    def get(self, request) -> Response:
        months = months_of(get_worker_for(request.user))
        return Response({"currency": settings.CURRENCY, "results": [_month(month) for month in months]})


def _month(month: Month) -> dict:
    sums = {name: getattr(month, name) for name in ("opening_micro", "in_micro", "out_micro", "closing_micro")}
    return {"month": f"{month.month:%Y-%m}", **sums}


class StatementView(WalletView):
    """One month as a file, each payer named: `as` is csv (every movement) or pdf (for people)."""

    @operation("wallet_statement", query=shapes.StatementAsked, also=shapes.STATEMENT_FILES)
    def get(self, request, month: str) -> StreamingHttpResponse:
        worker, kind = get_worker_for(request.user), self.query["as"]
        found = month_of(worker, month)
        make, content_type = {"csv": (csv_of, "text/csv; charset=utf-8"), "pdf": (pdf_of, "application/pdf")}[kind]
        response = StreamingHttpResponse([make(worker, found)], content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="ilima-{found.month:%Y-%m}.{kind}"'
        return response


class HoldAppealView(WalletView):
    """Ask for held pay sooner, and say why. Safe to repeat with the same words."""

    @operation("wallet_hold_appeal", body=shapes.HoldAppealed, answers=shapes.HoldNow)
    def post(self, request) -> Response:
        worker = get_worker_for(request.user)
        appeal_hold(worker, self.body["words"])
        return Response({"hold": hold_in_words(worker)})


class PayoutsView(WalletView, ListView):
    """Her payouts, newest first; POST asks for one. The phone makes the id, so asking twice is asking once."""

    @operation("wallet_payouts", query=Pages, answers=page_of(shapes.Payout))
    def get(self, request) -> Response:
        return self.page(request, payouts_of(get_worker_for(request.user)), _payout, ("-created_at",))

    @operation("wallet_payout_request", body=shapes.PayoutAsked, answers=shapes.Payout, status=201)
    def post(self, request) -> Response:
        body, destination = self.body, self.body["destination"]
        if not isinstance(destination, dict) or not isinstance(destination.get("phone"), str):
            raise DomainError(
                'destination must be {"phone": "+27..."}: where the money goes.', field="destination.phone"
            )
        worker = get_worker_for(request.user)
        phone = clean_phone(destination["phone"], country_of(request.user.phone) or worker.country, "destination.phone")
        if not is_known(worker, mark_of_number(phone)):
            _look_twice(request)
        sightings.note(worker, request._request)
        return Response(_payout(request_payout(worker, body["id"], body["amount_micro"], phone)), status=201)


def _look_twice(request) -> None:
    """A number that she was never paid to: only she herself, signed in lately, names it."""
    if isinstance(request.auth, ApiToken):
        raise Forbidden(
            "A token pays only to a number that you were paid to before: ask once in the app.",
            field="destination.phone",
            code="unknown_destination",
        )
    require_recent_sign_in(request)


class PayoutTermsView(WalletView):
    """What she is told before she asks: how much is free now, what a new number waits for, and what is held, until when and why."""

    @operation("wallet_terms", answers=shapes.PayoutTerms)
    def get(self, request) -> Response:
        worker = get_worker_for(request.user)
        hold, available = hold_of(worker), balance(available_of(worker.pk), settings.CURRENCY)
        return Response(
            {
                "currency": settings.CURRENCY,
                "min_micro": settings.PAYOUT_MIN_MICRO,
                "operator": default_provider(),
                "fee_micro": 0,  # what sending costs is the platform's to pay: what she asks for is what arrives
                "free_micro": hold.free_micro(available) if hold else available,
                "new_number_wait_s": settings.PAYOUT_FIRST_WAIT_S,
                "day_micro": settings.PAYOUT_DAY_MICRO,
                "hold": hold and {"reason": hold.reason, "until": hold.until.isoformat(), "sentence": hold.sentence},
            }
        )


class PayoutCancelView(WalletView):
    """Call back a payout that was not sent yet; the money is in her balance again."""

    @operation("wallet_payout_cancel", answers=shapes.Payout)
    def post(self, request, payout_id) -> Response:
        get_worker_for(request.user)
        return Response(_payout(cancel_payout(request.user, payout_id)))


class PayoutAppealView(WalletView):
    """Ask for a payout before its date, and say why."""

    @operation("wallet_payout_appeal", body=shapes.PayoutAppealed, answers=shapes.Payout)
    def post(self, request, payout_id) -> Response:
        get_worker_for(request.user)
        return Response(_payout(appeal_wait(request.user, payout_id, self.body["words"])))


def _payout(payout: Payout) -> dict:
    return {
        "id": str(payout.pk),
        "amount_micro": payout.amount_micro,
        "currency": payout.currency,
        "state": payout.state,
        "destination": f"…{payout.destination_hint}",
        "receipt": payout.receipt,
        "at": payout.created_at.isoformat(),
        "wait": wait_in_words(payout),
    }


def hold_in_words(worker: Worker) -> dict | None:
    """What of her money waits, why and until when."""
    hold = hold_of(worker)
    if hold is None:
        return None
    return {
        "reason": hold.reason,
        "sentence": hold.sentence,
        "since": hold.since.isoformat(),
        "until": hold.until.isoformat(),
        "kept_micro": hold.kept_micro,
        "appealed_at": hold.appealed_at.isoformat() if hold.appealed_at else None,
    }
