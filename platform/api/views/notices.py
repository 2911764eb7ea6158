"""Notices that she chose: off until she does."""

from __future__ import annotations

from rest_framework.response import Response

from api.contract.operation import operation
from api.permissions import SESSION_ONLY
from api.shapes import notices as shapes
from api.views.base import APIView
from ledger import clock
from notices.actions.choose_notices import FIELDS, choose_notices, ways_of
from notices.models import Choice
from notices.web_push import public_key
from people.models import Person


class NoticesView(APIView):
    """What she is told, by which way, and when not."""

    required_scope = SESSION_ONLY

    @operation("me_notices", answers=shapes.Notices)
    def get(self, request) -> Response:
        return Response(_notices(request.user))

    @operation("me_notices_change", body=shapes.NoticesChosen, answers=shapes.Notices)
    def patch(self, request) -> Response:
        chosen = {name: value for name, value in self.body.items() if name in FIELDS}
        choose_notices(request.user, chosen, self.body.get("push"))
        return Response(_notices(request.user))


def _notices(person: Person) -> dict:
    choice = Choice.objects.filter(person=person).first() or Choice(person=person, chosen_at=clock.now())
    chosen = {name: getattr(choice, name) for name in FIELDS}
    return {**chosen, "ways": ways_of(person), "push_key": public_key()}
