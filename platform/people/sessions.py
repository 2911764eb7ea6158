"""A session that is left alone ends: of who decides about others after hours, of a worker's phone after two weeks."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

from allauth.core.exceptions import ReauthenticationRequired
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from people.actions.end_tokens import end_tokens
from people.audit import record
from people.models import Person
from people.recent import signed_in_recently

SEEN, NOTED_EACH_S = "seen_s", 600


def is_staff_of_ours(person: Person) -> bool:
    return person.is_staff or person.is_reviewer


def end_idle(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware. Costs nothing but a look at the session; written down every ten minutes."""

    def middleware(request: HttpRequest) -> HttpResponse:
        seen_s = request.session.get(SEEN)
        if seen_s is not None and time.time() - seen_s > NOTED_EACH_S and request.user.is_authenticated:
            _look_again(request, time.time() - seen_s)
        return get_response(request)

    return middleware


def _look_again(request: HttpRequest, alone_s: float) -> None:
    most_s = (
        settings.SESSION_IDLE_OF_STAFF_S if is_staff_of_ours(cast(Person, request.user)) else settings.SESSION_IDLE_S
    )
    if alone_s > most_s:
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        logout(request)
        return
    request.session[SEEN] = time.time()
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def begin(request: HttpRequest, person: Person) -> None:
    """Called as she signs in."""
    request.session[SEEN] = time.time()
    if is_staff_of_ours(person):
        request.session.set_expiry(settings.SESSION_AGE_OF_STAFF_S)


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Signing out everywhere else ends the programs' tokens, too."""

    def end_sessions(self, sessions) -> None:
        if self.request is not None and not signed_in_recently(self.request):
            raise ReauthenticationRequired  # who found a phone that is signed in shuts nobody out with it
        super().end_sessions(sessions)
        for person in {session.user for session in sessions}:
            record(person, "people.end_sessions", person, sessions=len(sessions))
            if UserSession.objects.filter(user=person).count() <= 1:
                end_tokens(person, "signed out everywhere")
