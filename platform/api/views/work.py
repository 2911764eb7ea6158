"""The phone's work: what is on offer, draw, answer, skip, report, history. No rules live here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.tagged import tagged
from api.views.base import APIView
from api.views.fields import body_of, integer_of, uuid_of, yes_or_no_of
from intake.models import Media
from intake.urls import variant_urls
from labelling.access import get_offered_batch_for, get_open_batch_for, get_worker_for
from labelling.batches import pay
from labelling.gold.appeal_gold import appeal_gold
from labelling.work.accept_answers import accept_answers
from labelling.work.answered import answered_in_full
from labelling.work.draw_work import draw_work
from labelling.work.expire_leases import paid_until
from labelling.work.lent import Lent, in_hand
from labelling.work.offered import OFFER_PAGES, appeal_in_words, history_of, offer_of, offers_for
from labelling.work.renew_leases import renew_leases
from labelling.work.return_lease import report_lease, skip_lease
from labelling.work.scores import days_of, scores_of
from labelling.work.sent_answers import Result
from labelling.work.shown_ids import shown_item_id


class WorkView(APIView):
    required_scope = "work"


class BatchesView(WorkView):
    """What this worker can take on now, best paid first, with the money and the time it takes; 20 a page."""

    query = frozenset({"page"})

    @extend_schema(responses={200: dict}, operation_id="work_batches")
    def get(self, request) -> Response:
        page = integer_of(request.query_params, "page", default=1, least=1, most=OFFER_PAGES)
        offers, more = offers_for(get_worker_for(request.user), page)
        url = request.build_absolute_uri(f"{request.path}?page={page + 1}") if more else None
        return tagged(request, {"results": offers, "next": url, "previous": None})


class OfferView(WorkView):
    """One offer in full, with what its tasks need: how they are done, in her language, and the labels; as it is asked now, or in the
    version of the question that a lease of hers names."""

    query = frozenset({"question"})

    @extend_schema(responses={200: dict}, operation_id="work_offer")
    def get(self, request, batch_id: int) -> Response:
        worker = get_worker_for(request.user)
        question = integer_of(request.query_params, "question", default=None)
        return tagged(request, offer_of(worker, get_offered_batch_for(worker, batch_id), question))


class DrawView(WorkView):
    """Lend up to n items (1 to 50) of a batch to the worker. With an id of the phone's making it is safe to repeat."""

    @extend_schema(request=dict, responses={200: dict}, operation_id="work_draw")
    def post(self, request) -> Response:
        worker, body = get_worker_for(request.user), body_of(request, {"batch", "n", "id", "pack"})
        batch_id, pack = integer_of(body, "batch"), yes_or_no_of(body, "pack", default=False)
        draw_id = uuid_of(body, "id") if "id" in body else None
        batch = get_open_batch_for(worker, batch_id, draw_id)
        lent = draw_work(worker, batch, body.get("n", 1), draw_id, pack=pack)
        return Response({"leases": [_lease(one) for one in lent]})


class LeasesView(WorkView):
    """What she holds now, of all batches: for a second phone, or a browser that forgot."""

    @extend_schema(responses={200: dict}, operation_id="work_leases")
    def get(self, request) -> Response:
        return tagged(request, {"leases": [_lease(one) for one in in_hand(get_worker_for(request.user))]})


class RenewView(WorkView):
    """What she holds of a batch is hers for as long again, within limits. Safe to repeat."""

    @extend_schema(request=dict, responses={200: dict}, operation_id="work_renew")
    def post(self, request) -> Response:
        worker, body = get_worker_for(request.user), body_of(request, {"batch", "pack"})
        batch = get_open_batch_for(worker, integer_of(body, "batch"))
        leases = renew_leases(worker, batch, pack=yes_or_no_of(body, "pack", default=False))
        return Response({"leases": [{"lease": str(one.pk)} | _times(one.expires_at) for one in leases]})


class AnswersView(WorkView):
    """Take 1 to 50 answers. Safe to repeat: the id decides. 409 when the only answer sent is a conflict."""

    @extend_schema(request=dict, responses={200: dict}, operation_id="work_answers")
    def post(self, request) -> Response:
        worker, body = get_worker_for(request.user), body_of(request, {"answers"})
        results = accept_answers(worker, body.get("answers"))
        conflict = len(results) == 1 and (results[0].error or {}).get("code") == "conflict"
        return Response({"results": [_result(result) for result in results]}, status=409 if conflict else 200)


class SkipView(WorkView):
    """Hand a lease back. Free."""

    @extend_schema(request=dict, responses={200: dict}, operation_id="work_skip")
    def post(self, request) -> Response:
        body = body_of(request, {"lease"})
        skip_lease(get_worker_for(request.user), uuid_of(body, "lease"))
        return Response({"ok": True})


class ReportView(WorkView):
    """Say that something is wrong with a task, and hand it back. Free."""

    @extend_schema(request=dict, responses={200: dict}, operation_id="work_report")
    def post(self, request) -> Response:
        body = body_of(request, {"lease", "reason", "comment"})
        worker = get_worker_for(request.user)
        report_lease(worker, uuid_of(body, "lease"), body.get("reason"), body.get("comment", ""))
        return Response({"ok": True})


class GoldAppealView(WorkView):
    """Appeal against one of her misses of a known task. Safe to repeat."""

    @extend_schema(request=dict, responses={200: dict}, operation_id="work_appeal")
    def post(self, request) -> Response:
        worker, body = get_worker_for(request.user), body_of(request, {"answer", "words"})
        answer_id = uuid_of(body, "answer")
        appeal = appeal_gold(worker, answer_id, body.get("words", ""))
        return Response({"answer": str(answer_id), "appeal": appeal_in_words(appeal)})


class HistoryView(WorkView):
    """The worker's own answers, newest first; `before` is the seq of the last one seen."""

    query = frozenset({"before"})

    @extend_schema(responses={200: dict}, operation_id="work_history")
    def get(self, request) -> Response:
        before = integer_of(request.query_params, "before", default=None)
        rows = history_of(get_worker_for(request.user), before)
        return Response(page_before(request, rows, lambda row: row["seq"]))


class HistoryLineView(WorkView):
    """One of her answers with what it was about: the picture, sound or text, her answer, and the right one where it is known."""

    @extend_schema(responses={200: dict}, operation_id="work_history_line")
    def get(self, request, answer_id) -> Response:
        answer, told = answered_in_full(get_worker_for(request.user), answer_id)
        item: dict = {"id": shown_item_id(answer.item_id), **answer.item.payload}
        if answer.item.media:
            item["media"] = _media(answer.item.media)
        body = {"answer": str(answer.pk), "project": answer.project_id, "value": answer.value, "item": item}
        return Response(body | told)


def _media(media) -> dict:
    names = ("kind", "width_px", "height_px", "duration_ms")
    return {name: getattr(media, name) for name in names} | {"variants": variant_urls(media.variants)}


class ScoresView(WorkView):
    """What her pay is made of: her counts, score and wage by project, her last days, and the pay rule word for word."""

    @extend_schema(responses={200: dict}, operation_id="work_scores")
    def get(self, request) -> Response:
        worker = get_worker_for(request.user)
        rule = {"version": pay.RULE_VERSION, "text": pay.RULE_TEXT, "hash": pay.RULE_HASH}
        return Response({"results": scores_of(worker), "days": days_of(worker), "rule": rule})


def page_before(request, rows: list[dict], key: Callable[[dict], int], size: int = 50) -> dict:
    """A page of a list that is read backwards from a number."""
    url = f"{request.path}?before={key(rows[-1])}" if len(rows) == size else None
    return {"results": rows, "next": request.build_absolute_uri(url) if url else None, "previous": None}


_SIZES = ("width_px", "height_px", "duration_ms")


def media_of(media: Media | None) -> dict:
    """`media` of an item, where it has any, as a phone reads it."""
    if media is None:
        return {}
    sizes = {name: getattr(media, name) for name in _SIZES}
    return {"media": {"kind": media.kind, **sizes, "variants": variant_urls(media.variants)}}


def _lease(one: Lent) -> dict:
    sizes = {name: getattr(one, name) for name in _SIZES}
    media = {"kind": one.media_kind, **sizes, "variants": variant_urls(one.variants)} if one.media_id else None
    item = {"id": shown_item_id(one.item_id), **one.payload, **({"media": media} if media else {})}
    lease = {"lease": one.lease, "batch": one.batch_id, "project": one.project_id, "item": item}
    lease["question"] = one.question
    if one.suggestion:
        lease["suggestion"] = one.suggestion
    return lease | _times(one.expires_at)


def _times(expires_at: datetime) -> dict:
    return {"expires_at": expires_at.isoformat(), "paid_until": paid_until(expires_at).isoformat()}


def _result(result: Result) -> dict:
    optional = {"receipt": result.receipt, "feedback": result.feedback, "error": result.error}
    return {"id": result.id, "status": result.status} | {name: value for name, value in optional.items() if value}
