"""A requester's projects, datasets, gold and batches. No rules live here."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction
from rest_framework.response import Response

from api.contract.operation import operation
from api.contract.requests import Pages
from api.contract.shapes import page_of
from api.shapes import projects as shapes
from api.views.base import APIView, ListView
from api.views.sent_parts import kept_parts
from kernel.errors import DomainError
from labelling import access
from labelling.batches.close_batch import close_batch
from labelling.batches.closing import closing_of
from labelling.batches.copy_batch import copy_batch
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.batches.open_training import open_training
from labelling.batches.pause_batch import pause_batch
from labelling.batches.recover_escrow import resume_batch
from labelling.batches.remove_batch import remove_batch
from labelling.data.add_items import add_text_item
from labelling.data.add_parts import add_parts_item
from labelling.data.create_dataset import create_dataset
from labelling.data.remove import remove_dataset
from labelling.gold.set_gold import set_gold
from labelling.label_api.request_label import check_takes
from labelling.models import Batch, Dataset, Gold, Item, Project, WorkerRecord
from labelling.models.golds import with_figures
from labelling.projects.archive_project import archive_project, bring_back_project
from labelling.projects.create_project import create_project
from labelling.projects.edit_project import edit_project
from labelling.task_types.label_names import label_finder, names_ever, with_ids, with_names
from people.access import get_member_organisation_for

_PROJECT_FIELDS = (
    "title", "titles", "task_type", "medium", "config", "instructions", "language", "target_ppm", "min_answers", "max_answers",
    "gold_share_bps", "estimated_task_s", "asks_belt", "asks_exam", "warnings", "suggestions_enabled",
    "label_api_threshold_ppm", "label_api_audit_bps",
    "expects",
)  # fmt: skip


class ProjectsView(ListView):
    @operation("projects", query=shapes.ProjectsAsked, answers=page_of(shapes.Project))
    def get(self, request) -> Response:
        rows = access.projects_of(request.user).filter(archived_at__isnull=self.query["archived"] == "no")
        return self.page(request, rows.select_related("organisation"), show_project)

    @operation("project_create", body=shapes.ProjectMade, answers=shapes.Project, status=201)
    def post(self, request) -> Response:
        fields = dict(self.body)
        organisation = get_member_organisation_for(request.user, fields.pop("organisation"))
        return Response(show_project(create_project(request.user, organisation, **fields)), status=201)


class ProjectView(APIView):
    @operation("project", answers=shapes.Project)
    def get(self, request, project_id: int) -> Response:
        return Response(show_project(access.get_project_for(request.user, project_id)))

    @operation("project_edit", body=shapes.ProjectEdited, answers=shapes.Project)
    @transaction.atomic
    def patch(self, request, project_id: int) -> Response:
        """Change it; when what takes effect: docs/decisions/question-versions.md. Labels have a door of their own."""
        project = access.get_project_for(request.user, project_id, write=True, lock=True)
        return Response(show_project(edit_project(request.user, project, **self.body)))


class DatasetsView(ListView):
    @operation("datasets", query=Pages, answers=page_of(shapes.Dataset))
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        return self.page(request, Dataset.objects.filter(project=project, archived_at=None), show_dataset)

    @operation("dataset_create", body=shapes.DatasetMade, answers=shapes.Dataset, status=201)
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True)
        return Response(show_dataset(create_dataset(request.user, project, self.body["name"])), status=201)


class GoldsView(ListView):
    """Known tasks, newest first, with how often each was answered and missed. POST tells the truth of an item, or another one; it is
    mixed in unseen from then on. `text` makes the item first."""

    @operation("golds", query=Pages, answers=page_of(shapes.Gold))
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        names = names_ever(project.config, project.past_labels)
        return self.page(
            request, with_figures(Gold.objects.filter(project=project)), lambda gold: show_gold(gold, names)
        )

    @operation("gold_set", body=shapes.GoldSet, answers=shapes.NewGold, status=201)
    @transaction.atomic
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True)
        body = self.body
        if {"text", "parts", "messages"} & body.keys():
            item = _new_item(project, body)
        else:
            item = access.get_item_for(request.user, shapes.GoldSet.needed(body, "item"), write=True)
        if item.project_id != project.pk:
            raise DomainError("item belongs to another project.", field="item")
        truth = with_ids(body.get("truth"), label_finder(project.config))
        gold = set_gold(request.user, item, truth, body["explanation"])
        said = with_names(gold.truth, names_ever(project.config, project.past_labels))
        return Response({"item": item.pk, "truth": said, "explanation": gold.explanation}, status=201)


def _new_item(project: Project, body: dict) -> Item:
    check_takes(project, "text" if "text" in body else "parts")
    dataset, _ = Dataset.objects.get_or_create(project=project, name="Gold")
    if "text" in body:
        return add_text_item(dataset, body["text"])
    return add_parts_item(dataset, *kept_parts(project, body))


class WorkersView(ListView):
    """Who works on it, by pseudonym, as beside each answer: what each has done, and how well. Answers count when they are settled."""

    @operation("workers", query=Pages, answers=page_of(shapes.WorkerFigures))
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        return self.page(request, WorkerRecord.objects.filter(project=project).select_related("worker"), show_figures)


class BatchesView(ListView):
    @operation("batches", query=Pages, answers=page_of(shapes.Batch))
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        return self.page(
            request, Batch.objects.filter(project=project, archived_at=None).select_related("project"), show_batch
        )

    @operation("batch_create", body=shapes.BatchMade, answers=shapes.Batch, status=201)
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True)
        terms = dict(self.body)
        batch = create_batch(request.user, project, item_limit=terms.pop("limit"), **terms)
        return Response(show_batch(batch), status=201)


class BatchView(APIView):
    @operation("batch", answers=shapes.Batch)
    def get(self, request, batch_id: int) -> Response:
        return Response(show_batch(access.get_batch_for(request.user, batch_id)))

    @operation("batch_remove", status=204)
    @transaction.atomic
    def delete(self, request, batch_id: int) -> Response:
        remove_batch(request.user, access.get_batch_for(request.user, batch_id, write=True, lock=True))
        return Response(status=204)


class BatchOpenView(APIView):
    """Escrow the whole cost and put the batch on offer."""

    @operation("batch_open", body=shapes.BatchOpened, answers=shapes.Batch)
    @transaction.atomic
    def post(self, request, batch_id: int) -> Response:
        limit = self.body["limit"]
        batch = access.get_batch_for(request.user, batch_id, write=True, lock=True)
        return Response(show_batch(open_batch(request.user, batch, limit=limit)))


class TrainingView(APIView):
    """Open a training: known tasks that teach, paid, out of an escrow of its own."""

    @operation("training_open", body=shapes.TrainingMade, answers=shapes.Batch, status=201)
    @transaction.atomic
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True, lock=True)
        return Response(show_batch(open_training(request.user, project, **self.body)), status=201)


class BatchCloseView(APIView):
    """Take the batch off offer; what nobody can claim goes back to the funds. GET tells what happens then, and changes nothing."""

    @operation("batch_closing", answers=shapes.Closing)
    def get(self, request, batch_id: int) -> Response:
        return Response(asdict(closing_of(access.get_batch_for(request.user, batch_id))))

    @operation("batch_close", answers=shapes.Batch)
    def post(self, request, batch_id: int) -> Response:
        batch = access.get_batch_for(request.user, batch_id, write=True)
        return Response(show_batch(close_batch(request.user, batch)))


class BatchPauseView(APIView):
    """Lend no new work until it is resumed; what is out may be answered, and is paid."""

    @operation("batch_pause", answers=shapes.Batch)
    @transaction.atomic
    def post(self, request, batch_id: int) -> Response:
        batch = access.get_batch_for(request.user, batch_id, write=True, lock=True)
        return Response(show_batch(pause_batch(request.user, batch)))


class BatchCopyView(APIView):
    """A draft on the terms of a closed batch, over what is not decided."""

    @operation("batch_copy", answers=shapes.Batch, status=201)
    @transaction.atomic
    def post(self, request, batch_id: int) -> Response:
        batch = access.get_batch_for(request.user, batch_id, write=True, lock=True)
        return Response(show_batch(copy_batch(request.user, batch)), status=201)


class ProjectArchiveView(APIView):
    """Archive a project: open batches are closed, it leaves the lists. DELETE brings it back."""

    @operation("project_archive", answers=shapes.Project)
    @transaction.atomic
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True, lock=True)
        archive_project(request.user, project)
        return Response(show_project(project))

    @operation("project_bring_back", answers=shapes.Project)
    @transaction.atomic
    def delete(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True, lock=True)
        bring_back_project(request.user, project)
        return Response(show_project(project))


class DatasetView(APIView):
    """A dataset; DELETE takes it away with all its items: what nobody has worked on is deleted, the rest archived."""

    @operation("dataset", answers=shapes.Dataset)
    def get(self, request, dataset_id: int) -> Response:
        return Response(show_dataset(access.get_dataset_for(request.user, dataset_id)))

    @operation("dataset_remove", answers=shapes.Removed)
    @transaction.atomic
    def delete(self, request, dataset_id: int) -> Response:
        dataset = access.get_dataset_for(request.user, dataset_id, write=True, lock=True)
        return Response(remove_dataset(request.user, dataset))


class BatchResumeView(APIView):
    """Go on after a pause; after a charge-back what it took is put back into escrow."""

    @operation("batch_resume", answers=shapes.Batch)
    @transaction.atomic
    def post(self, request, batch_id: int) -> Response:
        batch = access.get_batch_for(request.user, batch_id, write=True, lock=True)
        return Response(show_batch(resume_batch(request.user, batch)))


def show_project(project: Project) -> dict:
    shown = {name: getattr(project, name) for name in _PROJECT_FIELDS}
    return {
        "id": project.pk,
        "organisation": project.organisation_id,
        **shown,
        "asks_team": project.asks_team_id,
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


def show_figures(record: WorkerRecord) -> dict:
    return {"worker": record.worker.pseudonym, **{name: getattr(record, name) for name in shapes.WORKER_COUNTS}}


def show_batch(batch: Batch) -> dict:
    names = (
        "name", "state", "currency", "base_micro", "bonus_micro", "top_up_micro", "topped_micro", "fee_bps", "pay_rule_version",
        "offer_hash", "escrow_micro",
        "items_total", "items_done", "keep_open", "training", "exam_tasks", "item_limit", "min_answers", "max_answers",
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
