"""The person who is signed in: who she is, what she has earned, what she agreed to."""

from __future__ import annotations

from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.db.models import Count
from rest_framework.exceptions import Throttled
from rest_framework.response import Response

from api.contract.operation import operation
from api.permissions import SESSION_ONLY
from api.shapes import me as shapes
from api.views.base import APIView
from api.views.wallet import hold_in_words
from labelling.access import get_worker_for
from labelling.models.bans import standing
from labelling.work.hand import hand_of
from labelling.work.scores import today_of, wage_of
from ledger.factories import available_of, pending_of
from ledger.posting import balances
from payouts.access import in_flight_micro
from payouts.actions.close_account import close_account
from payouts.rates import rate_for
from people import confirming
from people.access import roles_of
from people.actions.agree_to_terms import agree_to_terms
from people.actions.say_avoids import say_avoids
from people.actions.say_languages import say_languages
from people.addresses import country_of
from people.models import Person, Worker
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
            if "avoids" in body:
                say_avoids(get_worker_for(person), body["avoids"])
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
        "avoids": worker.avoids,
        "points": score.points,
        "level": level_of(score.points),
        "level_progress_bps": progress_bps(score.points),
        "streak_days": score.streak_days,
        "goal_tasks": score.goal_tasks,
        **_money(worker),
        "local": rate_for(worker),
        "earned_today_micro": today["earned_micro"],
        "yours_today_micro": today["yours_micro"],
        "today_by": today["by"],
        "answers_today": today["answers"],
        "wage_micro_per_hour": wage_of(worker),
        "may_hold": hand_of(worker).most,
        "bans": worker.bans_now,  # type: ignore[attr-defined]  # annotated by _me
        "hold": hold_in_words(worker),
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
