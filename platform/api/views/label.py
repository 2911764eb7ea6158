"""The label API: an item in, a label out. Rules live in labelling.label_api.request_label."""

from __future__ import annotations

import threading
import time
import uuid
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from api.contract.operation import operation
from api.renderers import JSONParser
from api.shapes import label as shapes
from api.views.base import APIView
from api.views.sent_parts import fetched, kept_parts
from intake import media
from intake.errors import Unsafe
from intake.models import Media
from kernel.errors import DomainError, NotFound
from kernel.texts import is_text
from labelling.access import get_label_request_for, get_project_for
from labelling.data.stored import store_for
from labelling.label_api.promise_file import signed
from labelling.label_api.promise_labels import end_promise, look_at, promise_labels
from labelling.label_api.request_label import Asked, check_takes, request_label
from labelling.models import LabelPromise, LabelRequest, Project
from labelling.models.warranties import NOTHING_PPM
from labelling.task_types.label_names import names_of, with_names
from ledger import clock
from ml_assist.report import label_api_report
from people.access import require_spender

MAX_TEXT = 20_000
LOOK_S = (0.2, 1.0)  # between two looks: short at first, longer later

# A request that waits keeps a thread of the web process: no more than these may, the others are told to come again.
_waiting = threading.BoundedSemaphore(settings.LABEL_API_WAITERS)


class LabelView(APIView):
    """Label one item: from the model when it is sure, else from people; `source` tells which.

    200 with the label, or 202 while people are at it: ask again with the same body, look at /label-requests/{id}, or
    listen to the webhook label.answered.
    """

    required_scope = "label"
    parser_classes = [JSONParser, MultiPartParser]

    @operation(
        "label",
        body=shapes.LabelAsked,
        form=shapes.FileToLabel,
        query=shapes.WaitFor,
        answers=shapes.LabelAnswer,
        also={202: shapes.LabelAnswer},
    )
    def post(self, request, project_id: int) -> Response:
        since, wait_s = clock.now(), self.query["wait"]
        project = get_project_for(request.user, project_id, write=True)
        require_spender(request.user, project.organisation_id)  # a batch is topped up for what people are asked
        asked = _asked(project, self.body)
        return _shown(wait_for(_requested(project, asked, self.body.get("id"), since), wait_s))


class LabelRequestView(APIView):
    """How a request stands; `?wait=` as above."""

    required_scope = "label"

    @operation("label_request", query=shapes.WaitFor, answers=shapes.LabelAnswer, also={202: shapes.LabelAnswer})
    def get(self, request, request_id: uuid.UUID) -> Response:
        return _shown(wait_for(get_label_request_for(request.user, request_id), self.query["wait"]))


class LabelReportView(APIView):
    """Share answered by the model, its measured accuracy with an interval, latency, cost a label."""

    required_scope = "label"

    @operation("label_report", query=shapes.DaysAsked, answers=shapes.LabelReport)
    def get(self, request, project_id: int) -> Response:
        return Response(label_api_report(get_project_for(request.user, project_id), self.query["days"]))


class LabelPromiseView(APIView):
    """A promise on what the label API gives. docs/decisions/warranty.md"""

    @operation("label_promise", answers=shapes.LabelPromise)
    def get(self, request, project_id: int) -> Response:
        return Response(show_promise(_promise_of(get_project_for(request.user, project_id))))

    @operation("label_promise_make", body=shapes.LabelsPromised, answers=shapes.LabelPromise, status=201)
    @transaction.atomic
    def post(self, request, project_id: int) -> Response:
        project = get_project_for(request.user, project_id, write=True)
        return Response(show_promise(promise_labels(request.user, project, **self.body)), status=201)

    @operation("label_promise_end", status=204)
    def delete(self, request, project_id: int) -> Response:
        end_promise(request.user, get_project_for(request.user, project_id, write=True))
        return Response(status=204)


class LabelPromiseFileView(APIView):
    """Its books, signed: anybody recomputes the bound (`python -m labelling.proof.warranty`)."""

    @operation("label_promise_file", answers=shapes.SignedLabelPromise)
    def get(self, request, project_id: int) -> Response:
        return Response(signed(_promise_of(get_project_for(request.user, project_id))))


def _promise_of(project: Project) -> LabelPromise:
    if (promise := LabelPromise.objects.filter(project=project).first()) is None:
        raise NotFound
    return promise


def show_promise(promise: LabelPromise) -> dict:
    looked, threshold = look_at(promise), promise.threshold_ppm
    found = looked.found
    return {
        "project": promise.project_id,
        **{name: getattr(promise, name) for name in ("state", "error_ppm", "confidence_ppm", "budget_micro")},
        "reference_error_ppm": promise.reference_ppm,
        "threshold_ppm": None if threshold == NOTHING_PPM else threshold,
        "draws": found.n,
        "waiting": looked.waiting,
        "wrong": found.n_wrong,
        "bound_ppm": round(1e6 * found.bound),
        "model_share_ppm": round(1e6 * found.share),
        "price_micro": looked.price_micro,
        "currency": looked.currency,
        "since": promise.since.isoformat(),
    }


def wait_for(asked: LabelRequest, wait_s: float, sleep=time.sleep, clock=time.monotonic) -> LabelRequest:
    """Look again until it is answered or the time is over. No connection to the database is held between two looks."""
    if asked.answered_at or not wait_s or not _waiting.acquire(blocking=False):
        return asked
    try:
        ends, pause_s = clock() + wait_s, LOOK_S[0]
        while not asked.answered_at and (left_s := ends - clock()) > 0:
            connection.close()
            sleep(min(pause_s, left_s))
            pause_s = min(pause_s * 1.5, LOOK_S[1])
            asked.refresh_from_db()
    finally:
        _waiting.release()
    return asked


def _requested(project: Project, asked: Asked, request_id: uuid.UUID | None, since: datetime) -> LabelRequest:
    """A refused request leaves nothing behind, not even the file that came with it."""
    try:
        return request_label(project, asked, request_id)
    except DomainError:
        for one in asked.files:
            if one.created_at >= since:
                media.discard(one)
        raise


def _asked(project: Project, body) -> Asked:
    external_id = body["external_id"]
    if "file" in body:
        stored = _stored(project, body["file"])
        return Asked(media=stored, external_id=external_id, file_name=body["file"].name or "")
    item = body.get("item")
    if not isinstance(item, dict) or len(item) != 1 or not set(item) <= {"text", "url", "parts", "messages"}:
        raise DomainError(
            'item must be {"text": ...}, {"url": ...}, {"parts": [...]} or {"messages": [...]}; or send a file as multipart.',
            field="item",
        )
    if "text" in item:
        return Asked(text=_text(item), external_id=external_id)
    if "url" not in item:
        return _asked_of_parts(project, item, external_id)
    check_takes(project, "media")
    found, file_name = fetched(project, _url(item), "item.url")
    return Asked(media=found, external_id=external_id, file_name=file_name, url=item["url"])


def _asked_of_parts(project: Project, item: dict, external_id: str) -> Asked:
    """Files of parts are addresses, or named by their SHA-256 when the organisation sent them before."""
    check_takes(project, "parts")
    parts, files = kept_parts(project, item, "item.", fetch=True)
    return Asked(parts=parts, part_media=files, external_id=external_id)


def _text(item: dict) -> str:
    text = item["text"]
    if not is_text(text, MAX_TEXT):
        raise DomainError(
            "item.text must be text of 1 to {most} characters.", field="item.text", said={"most": MAX_TEXT}
        )
    return text


def _url(item: dict) -> str:
    if not isinstance(item["url"], str):
        raise DomainError("item.url must be an address that starts with http:// or https://.", field="item.url")
    return item["url"]


def _stored(project: Project, file) -> Media:
    if not hasattr(file, "chunks"):
        raise DomainError("file must be a file, sent as multipart/form-data.", field="file")
    check_takes(project, "media")
    try:
        return store_for(project, file, file.name or "")
    except Unsafe as unsafe:
        raise DomainError(unsafe.message, field=unsafe.field) from unsafe


def _shown(asked: LabelRequest) -> Response:
    answered = asked.answered_at is not None
    body = {
        "id": str(asked.pk),
        "project": asked.project_id,
        "item": asked.item_id,
        "status": "answered" if answered else "waiting",
        "source": asked.source or None,
        "value": with_names(asked.value, names_of(asked.project.config)),
        "confidence_ppm": asked.confidence_ppm,
        "model_version": asked.model_version_id,
        "cost_micro": asked.cost_micro,
        "requested_at": asked.requested_at.isoformat(),
        "answered_at": asked.answered_at.isoformat() if asked.answered_at else None,
    }
    return Response(body, status=200 if answered else 202)
