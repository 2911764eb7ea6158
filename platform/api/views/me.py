"""The person who is signed in: who she is, what she has earned, her money and its lines, her payouts."""

from __future__ import annotations

from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.db.models import Count, Sum
from rest_framework.exceptions import Throttled
from rest_framework.response import Response

from api.contract.operation import operation
from api.contract.requests import Pages
from api.contract.shapes import page_of
from api.permissions import SESSION_ONLY
from api.shapes import me as shapes
from api.views.base import APIView, ListView
from api.views.work import page_before
from kernel.errors import DomainError, Forbidden
from labelling.access import get_worker_for
from labelling.batches import pay
from labelling.conduct.hold_pay import appeal_hold
from labelling.conduct.holds import hold_of
from labelling.models import Answer
from labelling.models.bans import standing
from labelling.work.hand import hand_of
from labelling.work.scores import today_of
from ledger.factories import available_of, pending_of
from ledger.posting import balance, balances, lines
from ledger.reading import Line
from payouts import sightings
from payouts.access import in_flight_micro, payouts_of
from payouts.actions.appeal_wait import appeal_wait
from payouts.actions.cancel_payout import cancel_payout
from payouts.actions.close_account import close_account
from payouts.actions.request_payout import request_payout
from payouts.marks import mark_of_number
from payouts.models import Payout
from payouts.waiting import is_known, wait_in_words
from people import confirming
from people.access import roles_of
from people.actions.agree_to_terms import agree_to_terms
from people.actions.say_languages import say_languages
from people.addresses import clean_phone, country_of
from people.models import ApiToken, Person, Worker
from people.recent import require_recent_sign_in
from rewards.actions.set_goal import set_goal
from rewards.levels import level_of, progress_bps
from rewards.models import Score


class MeView(APIView):
    required_scope = "work"

    @operation("me", answers=shapes.Me)
    def get(self, request) -> Response:
        return Response(_me(request.user))

    @operation("me_change", body=shapes.MeChanged, answers=shapes.Me)
    def patch(self, request) -> Response:
        body, person = self.body, request.user
        person.language = body.get("language", person.language)
        person.display_name = body.get("display_name", person.display_name)
        with transaction.atomic():
            person.save(update_fields=["language", "display_name"])
            if "reads" in body:
                say_languages(get_worker_for(person), body["reads"])
            if "goal_tasks" in body:
                set_goal(get_worker_for(person), body["goal_tasks"])
        return Response(_me(person))


def _me(person: Person) -> dict:
    standing_bans = Count("bans", filter=standing("bans__"))
    worker = Worker.objects.filter(person=person).select_related("person").annotate(bans_now=standing_bans).first()
    return {
        "name": person.display_name,
        "email": person.email,
        "phone": person.phone,
        "language": person.language,
        "terms": {"version": settings.TERMS_VERSION, "agreed": person.terms_version},
        "roles": roles_of(person),
        "worker": _worker(worker) if worker else None,
        "payout_min_micro": settings.PAYOUT_MIN_MICRO,
    }


def _worker(worker: Worker) -> dict:
    score = Score.objects.filter(worker=worker).first() or Score(worker=worker)
    today = today_of(worker)
    return {
        "pseudonym": worker.pseudonym,
        "country": worker.country or country_of(worker.person.phone),
        "reads": worker.reads,
        "points": score.points,
        "level": level_of(score.points),
        "level_progress_bps": progress_bps(score.points),
        "streak_days": score.streak_days,
        "goal_tasks": score.goal_tasks,
        **_money(worker),
        "earned_today_micro": today["earned_micro"],
        "answers_today": today["answers"],
        "wage_micro_per_hour": _wage(worker),
        "may_hold": hand_of(worker).most,
        "bans": worker.bans_now,  # type: ignore[attr-defined]  # annotated by _me
        "hold": _hold(worker),
    }


def _hold(worker: Worker) -> dict | None:
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


def _money(worker: Worker) -> dict:
    """Pending, available, on its way; one statement for the balances, one for the payouts."""
    held = balances([pending_of(worker.pk), available_of(worker.pk)], settings.CURRENCY)
    return {
        "pending_micro": held.get((pending_of(worker.pk), settings.CURRENCY), 0),
        "available_micro": held.get((available_of(worker.pk), settings.CURRENCY), 0),
        "in_flight_micro": in_flight_micro(worker, settings.CURRENCY),
        "currency": settings.CURRENCY,
    }


def _wage(worker: Worker) -> int | None:
    """All she has earned, settled or not, over all her measured time."""
    given = Answer.objects.filter(worker=worker).aggregate(
        base=Sum("base_micro", default=0),
        bonus=Sum("settlement__bonus_micro", default=0),
        ms=Sum("active_ms", default=0),
    )
    return pay.wage_micro_per_hour(given["base"] + given["bonus"], given["ms"])


class TermsView(APIView):
    """She agrees to what stands on the page of this version, says where she lives, and that she is of age."""

    required_scope = SESSION_ONLY

    @operation("me_terms", body=shapes.TermsAgreed, answers=shapes.Me)
    def post(self, request) -> Response:
        agree_to_terms(request.user, **self.body)
        return Response(_me(request.user))


class ConfirmView(APIView):
    """Before money or tokens: `{}` sends a code to her own address, `{"code"}` makes her session young again."""

    required_scope = SESSION_ONLY

    @operation("me_confirm", body=shapes.Confirm, answers=shapes.Confirmed)
    def post(self, request) -> Response:
        body, http_request = self.body, request._request
        if "code" in body:
            confirming.confirm(http_request, body["code"])
            return Response({"confirmed": True})
        try:
            return Response({"sent_to": confirming.send_code(http_request)})
        except ImmediateHttpResponse as too_many:
            raise Throttled(wait=int(too_many.response["Retry-After"])) from too_many


class CloseAccountView(APIView):
    """Close the account for good: {"confirm": "erase", "give_away"?: true}. What keeps it open is said, with its date."""

    required_scope = SESSION_ONLY

    @operation("me_close", body=shapes.CloseAccount, status=204)
    def post(self, request) -> Response:
        close_account(request.user, give_away=self.body["give_away"])
        logout(request._request)
        return Response(status=204)


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


class HoldAppealView(WalletView):
    """Ask for held pay sooner, and say why. Safe to repeat with the same words."""

    @operation("wallet_hold_appeal", body=shapes.HoldAppealed, answers=shapes.HoldNow)
    def post(self, request) -> Response:
        worker = get_worker_for(request.user)
        appeal_hold(worker, self.body["words"])
        return Response({"hold": _hold(worker)})


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
