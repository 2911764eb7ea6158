"""The phone's work: what is on offer, draw, answer, skip, report, history. No rules live here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

from rest_framework.response import Response

from api.contract.operation import operation
from api.contract.requests import Before
from api.contract.shapes import page_of
from api.shapes import work as shapes
from api.shapes.common import Ok
from api.shapes.scores import Scores
from api.tagged import UNCHANGED, tagged
from api.views.base import APIView
from labelling.access import get_offered_batch_for, get_open_batch_for, get_worker_for
from labelling.batches import pay
from labelling.gold.appeal_gold import appeal_gold
from labelling.work.accept_answers import accept_answers
from labelling.work.answered import answered_in_full
from labelling.work.consent import keep_consent
from labelling.work.draw_work import draw_work
from labelling.work.expire_leases import paid_until
from labelling.work.lent import Lent, in_hand
from labelling.work.obfuscated_ids import shown_item_id
from labelling.work.renew_leases import renew_leases
from labelling.work.return_lease import report_lease, skip_lease
from labelling.work.scores import days_of, kinds_of, scores_of
from labelling.work.sent_item import item_as_sent, media_as_sent, parts_as_sent
from labelling.work.submissions import Result
from labelling.work.time_besides import add_reading
from labelling.work.work_listing import appeal_in_words, history_of, offer_of, offers_for
from rewards.news import news_since


class WorkView(APIView):
    required_scope = "work"


class BatchesView(WorkView):
    """What this worker can take on now, best paid first, with the money and the time it takes; 20 a page."""

    @operation("work_batches", query=shapes.OfferPage, answers=page_of(shapes.Offer), also=UNCHANGED)
    def get(self, request) -> Response:
        page = self.query["page"]
        offers, more = offers_for(get_worker_for(request.user), page)
        url = request.build_absolute_uri(f"{request.path}?page={page + 1}") if more else None
        return tagged(request, {"results": offers, "next": url, "previous": None})


class OfferView(WorkView):
    """One offer in full, with what its tasks need: how they are done, in her language, and the labels; as it is asked now, or in the
    version of the question that a lease of hers names."""

    @operation("work_offer", query=shapes.OneOffer, answers=shapes.OfferInFull, also=UNCHANGED)
    def get(self, request, batch_id: int) -> Response:
        worker = get_worker_for(request.user)
        return tagged(request, offer_of(worker, get_offered_batch_for(worker, batch_id), self.query["question"]))


class DrawView(WorkView):
    """Lend up to n items (1 to 50) of a batch to the worker. With an id of the phone's making it is safe to repeat."""

    @operation("work_draw", body=shapes.Draw, answers=shapes.Leases)
    def post(self, request) -> Response:
        worker, body = get_worker_for(request.user), self.body
        batch = get_open_batch_for(worker, body["batch"], body.get("id"), agrees=body["agrees"])
        keep_consent(worker, batch.project_id, body["agrees"])
        lent = draw_work(worker, batch, body["n"], body.get("id"), pack=body["pack"])
        return Response({"leases": [_lease(one) for one in lent]})


class LeasesView(WorkView):
    """What she holds now, of all batches: for a second phone, or a browser that forgot."""

    @operation("work_leases", answers=shapes.Leases, also=UNCHANGED)
    def get(self, request) -> Response:
        return tagged(request, {"leases": [_lease(one) for one in in_hand(get_worker_for(request.user))]})


class RenewView(WorkView):
    """What she holds of a batch is hers for as long again, within limits. Safe to repeat."""

    @operation("work_renew", body=shapes.Renew, answers=shapes.RenewedLeases)
    def post(self, request) -> Response:
        worker = get_worker_for(request.user)
        leases = renew_leases(worker, get_open_batch_for(worker, self.body["batch"]), pack=self.body["pack"])
        return Response({"leases": [{"lease": str(one.pk)} | _times(one.expires_at) for one in leases]})


class AnswersView(WorkView):
    """Take 1 to 50 answers. Safe to repeat: the id decides. 409 when the only answer sent is a conflict."""

    @operation("work_answers", body=shapes.Answers, answers=shapes.AnswerResults, also={409: shapes.AnswerResults})
    def post(self, request) -> Response:
        results = accept_answers(get_worker_for(request.user), self.body["answers"])
        conflict = len(results) == 1 and (results[0].error or {}).get("code") == "conflict"
        return Response({"results": [_result(result) for result in results]}, status=409 if conflict else 200)


class SkipView(WorkView):
    """Hand a lease back. Free."""

    @operation("work_skip", body=shapes.Skip, answers=Ok)
    def post(self, request) -> Response:
        skip_lease(get_worker_for(request.user), self.body["lease"], self.body["active_ms"])
        return Response({"ok": True})


class ReportView(WorkView):
    """Say that something is wrong with a task, and hand it back. Free."""

    @operation("work_report", body=shapes.Report, answers=Ok)
    def post(self, request) -> Response:
        worker, body = get_worker_for(request.user), self.body
        report_lease(worker, body["lease"], body["reason"], body["comment"], body["active_ms"])
        return Response({"ok": True})


class ReadingView(WorkView):
    """How long she read how the tasks of a batch are done: it is in her wage. Safe to repeat."""

    @operation("work_reading", body=shapes.Reading, answers=Ok)
    def post(self, request) -> Response:
        worker, body = get_worker_for(request.user), self.body
        add_reading(worker, get_offered_batch_for(worker, body["batch"]), body["id"], body["active_ms"])
        return Response({"ok": True})


class GoldAppealView(WorkView):
    """Appeal against one of her misses of a known task. Safe to repeat."""

    @operation("work_appeal", body=shapes.MissAppealed, answers=shapes.MissAppealOf)
    def post(self, request) -> Response:
        worker, body = get_worker_for(request.user), self.body
        appeal = appeal_gold(worker, body["answer"], body["words"])
        return Response({"answer": str(body["answer"]), "appeal": appeal_in_words(appeal)})


class HistoryView(WorkView):
    """The worker's own answers, newest first; `before` is the seq of the last one seen."""

    @operation("work_history", query=Before, answers=page_of(shapes.HistoryLine))
    def get(self, request) -> Response:
        rows = history_of(get_worker_for(request.user), self.query["before"])
        return Response(page_before(request, rows, lambda row: row["seq"]))


class HistoryLineView(WorkView):
    """One of her answers with what it was about: the picture, sound or text, her answer, and the right one where it is known."""

    @operation("work_history_line", answers=shapes.HistoryTold)
    def get(self, request, answer_id) -> Response:
        answer, told = answered_in_full(get_worker_for(request.user), answer_id)
        item = item_as_sent(answer.item, shown_item_id(answer.item_id), answer.shown)
        body = {"answer": str(answer.pk), "project": answer.project_id, "value": answer.value, "item": item}
        return Response(body | told)


class NewsView(WorkView):
    """What was settled since she last looked: the first thing that she reads when she comes back."""

    @operation("work_news", query=shapes.NewsAsked, answers=shapes.News)
    def get(self, request) -> Response:
        return Response(news_since(get_worker_for(request.user), self.query["since"]))


class ScoresView(WorkView):
    """What her pay is made of: her counts, score and wage by project, her last days, and the pay rule word for word."""

    @operation("work_scores", answers=Scores)
    def get(self, request) -> Response:
        worker = get_worker_for(request.user)
        rule = {"version": pay.RULE_VERSION, "text": pay.RULE_TEXT, "hash": pay.RULE_HASH}
        return Response(
            {"results": scores_of(worker), "days": days_of(worker), "kinds": kinds_of(worker), "rule": rule}
        )


def page_before(request, rows: list[dict], key: Callable[[dict], int], size: int = 50) -> dict:
    """A page of a list that is read backwards from a number."""
    url = f"{request.path}?before={key(rows[-1])}" if len(rows) == size else None
    return {"results": rows, "next": request.build_absolute_uri(url) if url else None, "previous": None}


def _lease(one: Lent) -> dict:
    media = media_as_sent(one.media_kind or "", one, one.variants or {}, one.task_type) if one.media_id else {}
    item = {"id": shown_item_id(one.item_id), **one.payload, **media}
    if one.parts:
        item["parts"] = parts_as_sent(one.parts, {part: _part_media(file) for part, file in one.part_media.items()})
    lease = {"lease": one.lease, "batch": one.batch_id, "project": one.project_id, "item": item}
    lease["question"] = one.question
    if one.suggestion:
        lease["suggestion"] = one.suggestion
    return lease | _times(one.expires_at)


def _part_media(file: dict) -> dict:
    return media_as_sent(file["kind"], SimpleNamespace(**file), file["variants"])


def _times(expires_at: datetime) -> dict:
    return {"expires_at": expires_at.isoformat(), "paid_until": paid_until(expires_at).isoformat()}


def _result(result: Result) -> dict:
    optional = {"receipt": result.receipt, "feedback": result.feedback, "error": result.error}
    return {"id": result.id, "status": result.status} | {name: value for name, value in optional.items() if value}
