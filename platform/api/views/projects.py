"""A requester's projects, datasets, gold and batches. No rules live here."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.views.base import PAGES, APIView, ListView
from api.views.fields import body_of, integer_of, text_of, yes_or_no_of
from kernel.refusals import Refusal
from labelling import access
from labelling.batches.close_batch import close_batch
from labelling.batches.closing import closing_of
from labelling.batches.copy_batch import copy_batch
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.batches.pause_batch import pause_batch
from labelling.batches.recover_escrow import resume_batch
from labelling.batches.remove_batch import remove_batch
from labelling.data.add_items import add_text_item
from labelling.data.create_dataset import create_dataset
from labelling.data.remove import remove_dataset
from labelling.gold.set_gold import set_gold
from labelling.models import Batch, Dataset, Gold, Project
from labelling.models.golds import with_figures
from labelling.projects.archive_project import archive_project, bring_back_project
from labelling.projects.create_project import create_project
from labelling.projects.edit_project import EDITABLE, edit_project
from labelling.task_types.label_names import label_finder, names_ever, with_ids, with_names
from people.access import get_member_organisation_for

_PROJECT_FIELDS = (
    "title", "titles", "task_type", "medium", "config", "instructions", "language", "target_ppm", "min_answers", "max_answers",
    "gold_share_bps", "estimated_task_s", "suggestions_enabled", "label_api_threshold_ppm", "label_api_audit_bps",
)  # fmt: skip
_NUMBERS = {
    "target_ppm",
    "min_answers",
    "max_answers",
    "gold_share_bps",
    "estimated_task_s",
    "label_api_threshold_ppm",
    "label_api_audit_bps",
}


_ANSWERS = ("min_answers", "max_answers")


class ProjectsView(ListView):
    query = PAGES | {"archived"}

    @extend_schema(responses={200: dict}, operation_id="projects")
    def get(self, request) -> Response:
        asked = request.query_params.get("archived", "no")
        if asked not in ("yes", "no"):
            raise Refusal("archived must be yes or no.", field="archived")
        rows = access.projects_of(request.user).filter(archived_at__isnull=asked == "no")
        return self.page(request, rows.select_related("organisation"), show_project)

    @extend_schema(request=dict, responses={201: dict}, operation_id="project_create")
    def post(self, request) -> Response:
        body = body_of(request, {"organisation", *_PROJECT_FIELDS})
        organisation = get_member_organisation_for(request.user, integer_of(body, "organisation"))
        fields = {name: body[name] for name in _PROJECT_FIELDS if name in body}
        fields |= {name: integer_of(body, name) for name in _NUMBERS & set(body)}
        for name in ("title", "task_type", "medium"):
            fields[name] = text_of(body, name, most=120)
        return Response(show_project(create_project(request.user, organisation, **fields)), status=201)


class ProjectView(APIView):
    @extend_schema(responses={200: dict}, operation_id="project")
    def get(self, request, project_id: int) -> Response:
        return Response(show_project(access.get_project_for(request.user, project_id)))

    @extend_schema(request=dict, responses={200: dict}, operation_id="project_edit")
    @transaction.atomic
    def patch(self, request, project_id: int) -> Response:
        """Change it; when what takes effect: docs/decisions/question-versions.md. Labels have a door of their own."""
        project = access.get_project_for(request.user, project_id, write=True, lock=True)
        body = body_of(request, set(EDITABLE))
        changes = {name: body[name] for name in body} | {name: integer_of(body, name) for name in _NUMBERS & set(body)}
        if "title" in changes:
            changes["title"] = text_of(body, "title", most=120)
        return Response(show_project(edit_project(request.user, project, **changes)))


class DatasetsView(ListView):
    @extend_schema(responses={200: dict}, operation_id="datasets")
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        return self.page(request, Dataset.objects.filter(project=project, archived_at=None), show_dataset)

    @extend_schema(request=dict, responses={201: dict}, operation_id="dataset_create")
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True)
        name = text_of(body_of(request, {"name"}), "name", most=120)
        return Response(show_dataset(create_dataset(request.user, project, name)), status=201)


class GoldsView(ListView):
    """Known tasks, newest first, with how often each was answered and missed. POST tells the truth of an item, or another one; it is
    mixed in unseen from then on. `text` makes the item first."""

    @extend_schema(responses={200: dict}, operation_id="golds")
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        names = names_ever(project.config, project.past_labels)
        return self.page(
            request, with_figures(Gold.objects.filter(project=project)), lambda gold: show_gold(gold, names)
        )

    @extend_schema(request=dict, responses={201: dict}, operation_id="gold_set")
    @transaction.atomic
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True)
        body = body_of(request, {"item", "text", "truth", "explanation"})
        if "text" in body:
            dataset, _ = Dataset.objects.get_or_create(project=project, name="Gold")
            item = add_text_item(dataset, text_of(body, "text", most=5000))
        else:
            item = access.get_item_for(request.user, integer_of(body, "item"), write=True)
        if item.project_id != project.pk:
            raise Refusal("item belongs to another project.", field="item")
        truth = with_ids(body.get("truth"), label_finder(project.config))
        gold = set_gold(request.user, item, truth, text_of(body, "explanation", default="", most=2000))
        said = with_names(gold.truth, names_ever(project.config, project.past_labels))
        return Response({"item": item.pk, "truth": said, "explanation": gold.explanation}, status=201)


class BatchesView(ListView):
    @extend_schema(responses={200: dict}, operation_id="batches")
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        return self.page(
            request, Batch.objects.filter(project=project, archived_at=None).select_related("project"), show_batch
        )

    @extend_schema(request=dict, responses={201: dict}, operation_id="batch_create")
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True)
        allowed = {
            "name",
            "base_micro",
            "bonus_micro",
            "deadline",
            "keep_open",
            "limit",
            "lease_s",
            "pack_s",
            *_ANSWERS,
        }
        body = body_of(request, allowed)
        batch = create_batch(
            request.user,
            project,
            name=text_of(body, "name", most=120),
            base_micro=integer_of(body, "base_micro"),
            bonus_micro=integer_of(body, "bonus_micro", default=0),
            deadline=_deadline(body),
            keep_open=yes_or_no_of(body, "keep_open", default=False),
            item_limit=integer_of(body, "limit", default=None, least=1),
            lease_s=integer_of(body, "lease_s", default=settings.LEASE_S),
            pack_s=integer_of(body, "pack_s", default=settings.PACK_LEASE_S),
            **{name: integer_of(body, name, default=None) for name in _ANSWERS},
        )
        return Response(show_batch(batch), status=201)


class BatchView(APIView):
    @extend_schema(responses={200: dict}, operation_id="batch")
    def get(self, request, batch_id: int) -> Response:
        return Response(show_batch(access.get_batch_for(request.user, batch_id)))

    @extend_schema(responses={204: None}, operation_id="batch_remove")
    @transaction.atomic
    def delete(self, request, batch_id: int) -> Response:
        remove_batch(request.user, access.get_batch_for(request.user, batch_id, write=True, lock=True))
        return Response(status=204)


class BatchOpenView(APIView):
    """Escrow the whole cost and put the batch on offer."""

    @extend_schema(request=dict, responses={200: dict}, operation_id="batch_open")
    @transaction.atomic
    def post(self, request, batch_id: int) -> Response:
        limit = integer_of(body_of(request, {"limit"}), "limit", default=None, least=1)
        batch = access.get_batch_for(request.user, batch_id, write=True, lock=True)
        return Response(show_batch(open_batch(request.user, batch, limit=limit)))


class BatchCloseView(APIView):
    """Take the batch off offer; what nobody can claim goes back to the funds. GET tells what happens then, and changes nothing."""

    @extend_schema(responses={200: dict}, operation_id="batch_closing")
    def get(self, request, batch_id: int) -> Response:
        return Response(asdict(closing_of(access.get_batch_for(request.user, batch_id))))

    @extend_schema(request=None, responses={200: dict}, operation_id="batch_close")
    def post(self, request, batch_id: int) -> Response:
        body_of(request, set())
        batch = access.get_batch_for(request.user, batch_id, write=True)
        return Response(show_batch(close_batch(request.user, batch)))


class BatchPauseView(APIView):
    """Lend no new work until it is resumed; what is out may be answered, and is paid."""

    @extend_schema(request=None, responses={200: dict}, operation_id="batch_pause")
    @transaction.atomic
    def post(self, request, batch_id: int) -> Response:
        body_of(request, set())
        batch = access.get_batch_for(request.user, batch_id, write=True, lock=True)
        return Response(show_batch(pause_batch(request.user, batch)))


class BatchCopyView(APIView):
    """A draft on the terms of a closed batch, over what is not decided."""

    @extend_schema(request=None, responses={201: dict}, operation_id="batch_copy")
    @transaction.atomic
    def post(self, request, batch_id: int) -> Response:
        body_of(request, set())
        batch = access.get_batch_for(request.user, batch_id, write=True, lock=True)
        return Response(show_batch(copy_batch(request.user, batch)), status=201)


class ProjectArchiveView(APIView):
    """Archive a project: open batches are closed, it leaves the lists. DELETE brings it back."""

    @extend_schema(request=None, responses={200: dict}, operation_id="project_archive")
    @transaction.atomic
    def post(self, request, project_id: int) -> Response:
        body_of(request, set())
        project = access.get_project_for(request.user, project_id, write=True, lock=True)
        archive_project(request.user, project)
        return Response(show_project(project))

    @extend_schema(request=None, responses={200: dict}, operation_id="project_bring_back")
    @transaction.atomic
    def delete(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True, lock=True)
        bring_back_project(request.user, project)
        return Response(show_project(project))


class DatasetView(APIView):
    """A dataset; DELETE takes it away with all its items: what nobody has worked on is deleted, the rest archived."""

    @extend_schema(responses={200: dict}, operation_id="dataset")
    def get(self, request, dataset_id: int) -> Response:
        return Response(show_dataset(access.get_dataset_for(request.user, dataset_id)))

    @extend_schema(responses={200: dict}, operation_id="dataset_remove")
    @transaction.atomic
    def delete(self, request, dataset_id: int) -> Response:
        dataset = access.get_dataset_for(request.user, dataset_id, write=True, lock=True)
        return Response(remove_dataset(request.user, dataset))


class BatchResumeView(APIView):
    """Go on after a pause; after a charge-back what it took is put back into escrow."""

    @extend_schema(request=None, responses={200: dict}, operation_id="batch_resume")
    @transaction.atomic
    def post(self, request, batch_id: int) -> Response:
        body_of(request, set())
        batch = access.get_batch_for(request.user, batch_id, write=True, lock=True)
        return Response(show_batch(resume_batch(request.user, batch)))


def _deadline(body) -> datetime | None:
    text = text_of(body, "deadline", default=None, most=40)
    if text is None:
        return None
    moment = parse_datetime(text)
    if moment is None or moment.tzinfo is None:
        raise Refusal("deadline must be a time with its zone, for example 2030-01-31T12:00:00Z.", field="deadline")
    return moment


def show_project(project: Project) -> dict:
    shown = {name: getattr(project, name) for name in _PROJECT_FIELDS}
    return {
        "id": project.pk,
        "organisation": project.organisation_id,
        **shown,
        "question": project.question_id,
        "past_labels": project.past_labels,
        "created_at": project.created_at.isoformat(),
        "archived_at": project.archived_at and project.archived_at.isoformat(),
    }


def show_dataset(dataset: Dataset) -> dict:
    return {"id": dataset.pk, "project": dataset.project_id, "name": dataset.name}


def show_gold(gold: Gold, names: dict[str, str]) -> dict:
    counts = {name: getattr(gold, name) for name in ("asked", "missed", "missed_by")}
    said = {"item": gold.item_id, "truth": with_names(gold.truth, names), "explanation": gold.explanation}
    return said | {"retired_at": gold.retired_at and gold.retired_at.isoformat(), **counts}


def show_batch(batch: Batch) -> dict:
    names = (
        "name", "state", "currency", "base_micro", "bonus_micro", "fee_bps", "pay_rule_version", "offer_hash", "escrow_micro",
        "items_total", "items_done", "keep_open", "item_limit", *_ANSWERS,
    )  # fmt: skip
    shown = {name: getattr(batch, name) for name in names}
    return {
        "id": batch.pk,
        "project": batch.project_id,
        **shown,
        "deadline": batch.deadline and batch.deadline.isoformat(),
        "owing": batch.owing_at is not None,
        "paused": batch.stopped_at is not None,
    }
