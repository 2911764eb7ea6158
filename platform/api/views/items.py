"""A requester's items, and all that stands behind each. No rules live here."""

from __future__ import annotations

from rest_framework.response import Response

from api.contract.fields import MAX_ID
from api.contract.operation import operation
from api.contract.requests import Pages
from api.contract.shapes import page_of
from api.shapes import items as shapes
from api.shapes.projects import Removed
from api.views.base import APIView, ListView
from kernel.errors import DomainError
from labelling import access
from labelling.data.items import LISTED_AS, find_items, with_figures
from labelling.data.remove import MAX_ITEMS, remove_items
from labelling.models import Answer, Decision, Item, Lease
from labelling.task_types.label_names import names_ever, with_names


class ItemsView(ListView):
    """Items with their decision; found and ordered by what `labelling.data.items` knows: words, state, label, confidence and so on."""

    @operation("items", query=shapes.ItemsAsked, answers=page_of(shapes.RequesterItem))
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        wanted = {name: said for name, said in self.query.items() if name not in Pages._declared_fields}
        rows, sort = find_items(project, wanted)
        key, names = LISTED_AS.get(sort.keys[0]), names_ever(project.config, project.past_labels)
        ordering = tuple(name if sort.ascending else f"-{name}" for name in ([key, "id"] if key else ["id"]))
        return self.page(request, with_figures(rows), lambda item: show_item(item, names), ordering)


class ItemView(APIView):
    """One item with all that is known of it: each answer under the worker's pseudonym, what was decided before, reports, its rows."""

    @operation("item", answers=shapes.ItemInFull)
    def get(self, request, item_id: int) -> Response:
        item = access.get_item_for(request.user, item_id)
        shown, names = (
            with_figures(Item.objects.filter(pk=item.pk)).get(),
            names_ever(item.project.config, item.project.past_labels),
        )
        return Response({**show_item(shown, names), **_show_behind(shown, names)})


class ItemsRemoveView(APIView):
    """Take items away: what nobody has worked on is deleted, the rest archived. Says how many of each."""

    @operation("items_remove", body=shapes.ItemsRemoved, answers=Removed)
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True)
        ids = self.body["items"]
        whole = isinstance(ids, list) and all(isinstance(one, int) and 0 < one <= MAX_ID for one in ids)
        if not whole or not 1 <= len(ids) <= MAX_ITEMS:
            raise DomainError(
                "items must be a list of 1 to {most} ids of items.", field="items", said={"most": MAX_ITEMS}
            )
        return Response(remove_items(request.user, project, ids))


def show_item(item: Item, label_names: dict[str, str]) -> dict:
    decision = getattr(item, "decision", None)
    names = ("external_id", "file_name", "payload", "metadata", "is_gold", "is_reported")
    return {
        "id": item.pk,
        "dataset": item.dataset_id,
        **{name: getattr(item, name) for name in names},
        "media": _show_media(item.media) if item.media else None,
        "decision": show_decision(decision, label_names) if decision else None,
        "created_at": item.created_at.isoformat(),
    }


def _show_media(media) -> dict:
    return {name: getattr(media, name) for name in ("kind", "sha256", "width_px", "height_px", "duration_ms")}


def _show_behind(item: Item, names: dict[str, str]) -> dict:
    """What stands behind an item's decision."""
    answers = item.answers.select_related("worker", "settlement").order_by("seq")
    reports = item.leases.filter(state=Lease.State.REPORTED).select_related("worker").order_by("drawn_at")
    return {
        "answers": [_show_answer(answer, names) for answer in answers],
        "gold": _show_gold(getattr(item, "gold", None), names),
        "earlier_decisions": [
            {"value": with_names(old.value, names), "method": old.method, "decided_at": old.decided_at.isoformat()}
            for old in item.superseded_decisions.order_by("-pk")
        ],
        "reports": [{"worker": one.worker.pseudonym, "reason": one.report_reason} for one in reports],
        "rows": list(item.rows.order_by("pk").values("external_id", "file_name", "metadata")),
    }


def _show_gold(gold, names: dict[str, str]) -> dict | None:
    if gold is None:
        return None
    said = {"truth": with_names(gold.truth, names), "explanation": gold.explanation}
    return said | {"retired_at": gold.retired_at and gold.retired_at.isoformat()}


def _show_answer(answer: Answer, names: dict[str, str]) -> dict:
    settlement = getattr(answer, "settlement", None)
    return {
        "worker": answer.worker.pseudonym,
        "batch": answer.batch_id,
        "value": with_names(answer.value, names),
        **{name: getattr(answer, name) for name in ("counted", "active_ms", "suggestion_shown")},
        "agreed": settlement and settlement.agreed,
        "at": answer.received_at.isoformat(),
    }


def show_decision(decision: Decision, label_names: dict[str, str]) -> dict:
    names = (
        "value",
        "confidence_ppm",
        "agreement_ppm",
        "answers_used",
        "final",
        "sure",
        "source",
        "method",
        "inputs_hash",
    )
    shown = {name: getattr(decision, name) for name in names}
    return shown | {"value": with_names(decision.value, label_names)}
