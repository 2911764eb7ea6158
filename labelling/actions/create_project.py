"""Create a project, and a dataset in it."""

from __future__ import annotations

import re

from django.db import transaction

from labelling import task_types
from labelling.models import Dataset, Project
from people.models import AuditEntry, Organisation, Person
from people.refusals import Refusal

_LABEL_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
_MEDIA = {"choice": {"image", "text", "audio"}, "boxes": {"image"}, "text": {"image", "text", "audio"}}
MAX_LABELS = 200


@transaction.atomic
def create_project(actor: Person, organisation: Organisation, **fields) -> Project:
    """`fields` are those of Project; the caller has authorised the organisation. Refusal names the field."""
    project = Project(organisation=organisation, **fields)
    check_project(project)
    project.save()
    AuditEntry.objects.create(actor=actor, action="project.create", target=f"project:{project.pk}")
    return project


@transaction.atomic
def create_dataset(actor: Person, project: Project, name: str) -> Dataset:
    if not name.strip() or len(name) > 120:
        raise Refusal("name must hold 1 to 120 characters.", field="name")
    return Dataset.objects.create(project=project, name=name.strip())


def check_project(project: Project) -> None:
    """Everything that a form or a program can get wrong, one sentence each."""
    if not project.title.strip() or len(project.title) > 120:
        raise Refusal("title must hold 1 to 120 characters.", field="title")
    if project.task_type not in task_types.NAMES:
        raise Refusal(f"task_type must be one of {', '.join(task_types.NAMES)}.", field="task_type")
    if project.medium not in _MEDIA[project.task_type]:
        allowed = ", ".join(sorted(_MEDIA[project.task_type]))
        raise Refusal(f"medium must be one of {allowed} for {project.task_type} tasks.", field="medium")
    if not 500_000 <= project.target_ppm <= 999_999:
        raise Refusal("target_ppm must lie between 500000 and 999999.", field="target_ppm")
    if not 1 <= project.min_answers <= project.max_answers <= 50:
        raise Refusal("max_answers must be at least min_answers, both from 1 to 50.", field="max_answers")
    if not 0 <= project.gold_share_bps <= 5000:
        raise Refusal("gold_share_bps must lie between 0 and 5000 (half of the work).", field="gold_share_bps")
    if not 1 <= project.estimated_task_s <= 3600:
        raise Refusal("estimated_task_s must lie between 1 and 3600 seconds.", field="estimated_task_s")
    if project.task_type in ("choice", "boxes"):
        _check_labels(project.config)


def _check_labels(config: dict) -> None:
    labels = config.get("labels") if isinstance(config, dict) else None
    if not isinstance(labels, list) or not 1 <= len(labels) <= MAX_LABELS:
        raise Refusal(f"config.labels must be a list of 1 to {MAX_LABELS} labels.", field="config.labels")
    ids = [label.get("id") if isinstance(label, dict) else None for label in labels]
    for position, (label, label_id) in enumerate(zip(labels, ids, strict=True)):
        field = f"config.labels[{position}]"
        if not isinstance(label_id, str) or not _LABEL_ID.match(label_id):
            raise Refusal(f"{field}.id must be 1 to 40 lower-case letters, digits, - or _.", field=f"{field}.id")
        if not isinstance(label.get("name"), dict) or not label["name"]:
            raise Refusal(
                f'{field}.name must map languages to names, for example {{"en": "Cat"}}.', field=f"{field}.name"
            )
    if len(set(ids)) != len(ids):
        raise Refusal("config.labels holds one id twice: every label needs its own.", field="config.labels")
