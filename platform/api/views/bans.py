"""The worker's bans: where, why, on what evidence, until when; and her appeal."""

from __future__ import annotations

from datetime import datetime

from rest_framework.response import Response

from api.contract.operation import operation
from api.contract.requests import Before
from api.contract.shapes import page_of
from api.shapes import bans as shapes
from api.views.work import WorkView, page_before
from labelling.access import bans_of, get_worker_for
from labelling.conduct.appeal_ban import appeal_ban
from labelling.models.bans import Appeal, Ban

PER_PAGE = 20


class BansView(WorkView):
    """Her own, newest first, also those that are over; `before` is the last one seen."""

    @operation("bans", query=Before, answers=page_of(shapes.Ban))
    def get(self, request) -> Response:
        before = self.query["before"]
        bans = bans_of(get_worker_for(request.user)).order_by("-pk")
        bans = bans if before is None else bans.filter(pk__lt=before)
        rows = [_ban(ban, request.user.language) for ban in bans[:PER_PAGE]]
        return Response(page_before(request, rows, lambda row: row["ban"], PER_PAGE))


class AppealView(WorkView):
    """Appeal against one of her bans. Safe to repeat with the same words."""

    @operation("ban_appeal", body=shapes.BanAppealed, answers=shapes.Ban)
    def post(self, request, ban_id: int) -> Response:
        worker = get_worker_for(request.user)
        appeal_ban(worker, ban_id, self.body["words"])
        return Response(_ban(bans_of(worker).get(pk=ban_id), request.user.language))


def _ban(ban: Ban, language: str) -> dict:
    appeal = getattr(ban, "appeal", None)
    return {
        "ban": ban.pk,
        "project": ban.project_id,
        "title": ban.project.title_in(language) if ban.project else None,
        "reason": ban.reason,
        "sentence": ban.sentence,
        "evidence": ban.evidence,
        "starts_at": ban.starts_at.isoformat(),
        "until": ban.until.isoformat(),
        "stands": ban.stands,
        "lifted_at": _moment(ban.lifted_at),
        "lifted_because": ban.lifted_because,
        "lift_note": ban.lift_note,
        "may_appeal": ban.stands and appeal is None,
        "appeal": _appeal(appeal) if appeal else None,
    }


def _appeal(appeal: Appeal) -> dict:
    return {
        "words": appeal.words,
        "made_at": appeal.made_at.isoformat(),
        "answer_by": appeal.answer_by.isoformat(),
        "outcome": appeal.outcome,
        "answer": appeal.answer,
        "decided_at": _moment(appeal.decided_at),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
