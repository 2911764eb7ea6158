"""What is asked, and what becomes of what was answered: versions, labels, asking again, correcting, trying. No rules live here."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.views.base import APIView, ListView
from api.views.fields import body_of, integer_of, text_of, yes_or_no_of
from api.views.items import show_decision
from api.views.projects import show_batch
from api.views.work import media_of
from consensus.app.actions.ask_again import ask_again, askable, cost_of, last_terms
from consensus.app.actions.review_item import MAX_REASON, correct_label
from consensus.app.actions.undo_review import undo_review
from kernel.refusals import NotYours, Refusal
from labelling import access
from labelling.gold.retire_gold import retire_gold
from labelling.models import Project, QuestionVersion
from labelling.projects.change_labels import change_labels
from labelling.projects.choose_items import chosen_items
from labelling.projects.question_effects import effect_of
from labelling.projects.trying import samples_of, try_answer
from labelling.task_types.label_names import label_finder, names_ever, with_ids

_PRICE = ("base_micro", "bonus_micro", "min_answers", "max_answers")


class QuestionsView(ListView):
    """The versions of what is asked, newest first."""

    @extend_schema(responses={200: dict}, operation_id="questions")
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        return self.page(request, QuestionVersion.objects.filter(project=project), show_question)


class LabelsView(APIView):
    """Change what can be answered. With `preview` nothing is changed: what it would touch is told."""

    @extend_schema(request=dict, responses={200: dict}, operation_id="labels_change")
    @transaction.atomic
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True, lock=True)
        body = body_of(request, {"labels", "merge", "retire", "preview"})
        merge, retire = body.get("merge") or {}, body.get("retire") or []
        if not isinstance(merge, dict) or not all(isinstance(into, str) for into in merge.values()):
            raise Refusal('merge must name the label that each goes into, for example {"van": "car"}.', field="merge")
        if not isinstance(retire, list) or not all(isinstance(label, str) for label in retire):
            raise Refusal("retire must be a list of labels.", field="retire")
        touched = [effect_of(project, label).__dict__ for label in [*sorted(merge), *sorted(retire)]]
        preview = yes_or_no_of(body, "preview", default=False)
        with transaction.atomic():
            version = change_labels(request.user, project, body.get("labels"), merge=merge, retire=retire)
            shown = show_question(version)
            transaction.set_rollback(preview)
        return Response({"question": shown, "touched": touched, "preview": preview})


class AskAgainView(APIView):
    """Open a batch over decided items. With `preview` nothing is changed: how many, and what they cost at most."""

    @extend_schema(request=dict, responses={200: dict, 201: dict}, operation_id="ask_again")
    @transaction.atomic
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True)
        body = body_of(request, {"items", "label", "which", "name", "preview", *_PRICE})
        items = chosen_items(askable(project), project, **_choice(body, project))
        price = {name: integer_of(body, name, default=None) for name in _PRICE}
        if yes_or_no_of(body, "preview", default=False):
            return Response(cost_of(project, items, **price).__dict__)
        name = text_of(body, "name", default="Asked again", most=120)
        return Response(show_batch(ask_again(request.user, project, items, name=name, **price)), status=201)


def _choice(body, project: Project) -> dict:
    items, label = body.get("items", []), text_of(body, "label", default="", most=1000)
    whole = isinstance(items, list) and all(isinstance(one, int) and not isinstance(one, bool) for one in items)
    if not whole or bool(items) == bool({"label", "which"} & set(body)):
        raise Refusal("Send items, a list of their numbers, or else a label, or which.", field="items")
    return {"items": items, "label": _label(project, label), "which": text_of(body, "which", default="all", most=20)}


def _label(project: Project, said: str) -> str:
    known = {"labels": [*project.config.get("labels", []), *project.past_labels]}
    found = label_finder(known)(said) if said else ""
    if found is None:
        raise Refusal("label must be one of the project's labels.", field="label")
    return found


class ItemLabelView(APIView):
    """Put an item's label right; DELETE takes it back, and what stood before stands again."""

    @extend_schema(request=dict, responses={200: dict}, operation_id="label_correct")
    def put(self, request, item_id: int) -> Response:
        project = _project_of(request, item_id)
        body = body_of(request, {"value", "reason"})
        value = with_ids(body.get("value"), label_finder(project.config))
        decision = correct_label(request.user, item_id, value, text_of(body, "reason", default="", most=MAX_REASON))
        return Response(show_decision(decision, names_ever(project.config, project.past_labels)))

    @extend_schema(request=None, responses={200: dict}, operation_id="label_correction_undo")
    def delete(self, request, item_id: int) -> Response:
        project = _project_of(request, item_id)
        decision = undo_review(request.user, item_id)
        return Response(show_decision(decision, names_ever(project.config, project.past_labels)))


def _project_of(request, item_id: int) -> Project:
    return access.get_decision_to_correct(request.user, item_id).project


class ItemGoldView(APIView):
    """Use the known answer of an item no more."""

    @extend_schema(request=None, responses={204: None}, operation_id="gold_retire")
    def delete(self, request, item_id: int) -> Response:
        retire_gold(request.user, access.get_item_for(request.user, item_id, write=True))
        return Response(status=204)


class TryView(APIView):
    """The task as a worker sees it, on a few items. POST says what she would be told of an answer; nothing is kept."""

    @extend_schema(responses={200: dict}, operation_id="try")
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        names = ("title", "task_type", "medium", "language", "instructions", "config")
        pay = {"base_micro": last_terms(project)["base_micro"], "currency": settings.CURRENCY}
        tasks = [{"id": item.pk, **item.payload, **media_of(item.media)} for item in samples_of(project)]
        return Response(
            {"project": project.pk, **{name: getattr(project, name) for name in names}, **pay, "items": tasks}
        )

    @extend_schema(request=dict, responses={200: dict}, operation_id="try_answer")
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        body = body_of(request, {"item", "value"})
        item = access.get_item_for(request.user, integer_of(body, "item"))
        if item.project_id != project.pk:
            raise NotYours()
        return Response({"feedback": try_answer(item, body.get("value"))})


def show_question(version: QuestionVersion) -> dict:
    names = ("number", "title", "instructions", "config", "changes", "sha256")
    return {
        "id": version.pk,
        **{name: getattr(version, name) for name in names},
        "created_at": version.created_at.isoformat(),
    }
