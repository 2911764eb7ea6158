"""What is asked, and what becomes of what was answered: versions, labels, asking again, correcting, trying. No rules live here."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from rest_framework.response import Response

from api.contract.operation import operation
from api.contract.requests import Pages
from api.contract.shapes import page_of
from api.shapes import questions as shapes
from api.shapes.items import Decision
from api.shapes.projects import Batch
from api.views.base import APIView, ListView
from api.views.items import show_decision
from api.views.projects import show_batch
from consensus.app.actions.ask_again import ask_again, askable, cost_of, last_terms
from consensus.app.actions.review_item import correct_label
from consensus.app.actions.undo_review import undo_review
from kernel.errors import DomainError, NotFound
from kernel.texts import is_document, is_keepable
from labelling import access
from labelling.gold.retire_gold import retire_gold
from labelling.models import Project, QuestionVersion
from labelling.projects.change_labels import change_labels
from labelling.projects.choose_items import chosen_items
from labelling.projects.question_effects import effect_of
from labelling.projects.trying import samples_of, trial_order, try_answer
from labelling.task_types.label_names import label_finder, labels_within, names_ever, with_ids
from labelling.work.sent_item import item_as_sent

_PRICE = ("base_micro", "bonus_micro", "min_answers", "max_answers")


class QuestionsView(ListView):
    """The versions of what is asked, newest first."""

    @operation("questions", query=Pages, answers=page_of(shapes.Question))
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        return self.page(request, QuestionVersion.objects.filter(project=project), show_question)


class LabelsView(APIView):
    """Change what can be answered. With `preview` nothing is changed: what it would touch is told."""

    @operation("labels_change", body=shapes.LabelsChanged, answers=shapes.LabelsChange)
    @transaction.atomic
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True, lock=True)
        body, preview = self.body, self.body["preview"]
        merge, retire = body["merge"] or {}, body["retire"] or []
        if not is_document(merge) or not all(isinstance(into, str) for into in merge.values()):
            raise DomainError(
                'merge must name the label that each goes into, for example {"van": "car"}.', field="merge"
            )
        if not isinstance(retire, list) or not all(isinstance(label, str) and is_keepable(label) for label in retire):
            raise DomainError("retire must be a list of labels.", field="retire")
        touched = [effect_of(project, label).__dict__ for label in [*sorted(merge), *sorted(retire)]]
        with transaction.atomic():
            version = change_labels(request.user, project, body["labels"], merge=merge, retire=retire)
            shown = show_question(version)
            transaction.set_rollback(preview)
        return Response({"question": shown, "touched": touched, "preview": preview})


class AskAgainView(APIView):
    """Open a batch over decided items. With `preview` nothing is changed: how many, and what they cost at most."""

    @operation("ask_again", body=shapes.AskAgain, answers=Batch, status=201, also={200: shapes.AskAgainCost})
    @transaction.atomic
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True)
        body = self.body
        items = chosen_items(askable(project), project, **_choice(body, project))
        price = {name: body[name] for name in _PRICE}
        if body["preview"]:
            return Response(cost_of(project, items, **price).__dict__)
        return Response(show_batch(ask_again(request.user, project, items, name=body["name"], **price)), status=201)


def _choice(body, project: Project) -> dict:
    items = body["items"]
    whole = isinstance(items, list) and all(isinstance(one, int) and not isinstance(one, bool) for one in items)
    if not whole or bool(items) == bool(body["label"] or "which" in body):
        raise DomainError("Send items, a list of their numbers, or else a label, or which.", field="items")
    return {"items": items, "label": _label(project, body["label"]), "which": body.get("which", "all")}


def _label(project: Project, said: str) -> str:
    known = {"labels": [*labels_within(project.config), *project.past_labels]}
    found = label_finder(known)(said) if said else ""
    if found is None:
        raise DomainError("label must be one of the project's labels.", field="label")
    return found


class ItemLabelView(APIView):
    """Put an item's label right; DELETE takes it back, and what stood before stands again."""

    @operation("label_correct", body=shapes.LabelCorrected, answers=Decision)
    def put(self, request, item_id: int) -> Response:
        project = _project_of(request, item_id)
        value = with_ids(self.body.get("value"), label_finder(project.config))
        decision = correct_label(request.user, item_id, value, self.body["reason"])
        return Response(show_decision(decision, names_ever(project.config, project.past_labels)))

    @operation("label_correction_undo", answers=Decision)
    def delete(self, request, item_id: int) -> Response:
        project = _project_of(request, item_id)
        decision = undo_review(request.user, item_id)
        return Response(show_decision(decision, names_ever(project.config, project.past_labels)))


def _project_of(request, item_id: int) -> Project:
    return access.get_decision_to_correct(request.user, item_id).project


class ItemGoldView(APIView):
    """Use the known answer of an item no more."""

    @operation("gold_retire", status=204)
    def delete(self, request, item_id: int) -> Response:
        retire_gold(request.user, access.get_item_for(request.user, item_id, write=True))
        return Response(status=204)


class TryView(APIView):
    """The task as a worker sees it, on a few items. POST says what she would be told of an answer; nothing is kept."""

    @operation("try", answers=shapes.Trial)
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        names = ("title", "task_type", "medium", "language", "instructions", "config")
        pay = {"base_micro": last_terms(project)["base_micro"], "currency": settings.CURRENCY}
        tasks = [item_as_sent(item, item.pk, trial_order(item)) for item in samples_of(project)]
        return Response(
            {"project": project.pk, **{name: getattr(project, name) for name in names}, **pay, "items": tasks}
        )

    @operation("try_answer", body=shapes.Tried, answers=shapes.TrialFeedback)
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        item = access.get_item_for(request.user, self.body["item"])
        if item.project_id != project.pk:
            raise NotFound()
        return Response({"feedback": try_answer(item, self.body.get("value"))})


def show_question(version: QuestionVersion) -> dict:
    names = ("number", "title", "instructions", "config", "changes", "sha256")
    return {
        "id": version.pk,
        **{name: getattr(version, name) for name in names},
        "created_at": version.created_at.isoformat(),
    }
