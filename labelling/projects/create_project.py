"""Create a project, and a dataset in it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction

from kernel.refusals import Refusal
from kernel.texts import is_document, is_text
from labelling import task_types
from labelling.batches.answer_range import check_answers
from labelling.models import Dataset, Project
from labelling.projects.write_question import write_question
from labelling.task_types.label_names import completed, same_name
from people.audit import record
from people.models import Organisation, Person

_LABEL_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")  # BCP 47, by its shape
_RANGES = {
    "target_ppm": (500_000, 999_999, ""),
    "gold_share_bps": (0, 5000, " (half of the work)"),
    "estimated_task_s": (1, 3600, " seconds"),
    "label_api_threshold_ppm": (0, 1_000_000, ""),
    "label_api_audit_bps": (0, 10_000, ""),
}
MAX_NAME, MAX_INSTRUCTIONS = 1000, 10_000
MAX_LABELS = 200
MAX_CONFIG_BYTES = 20_000  # it goes to every phone that takes work here
_LABEL_KEYS = {"id", "name", "colour"}


@transaction.atomic
def create_project(actor: Person, organisation: Organisation, **fields) -> Project:
    """`fields` are those of Project; the caller has authorised the organisation. Refusal names the field."""
    project = Project(organisation=organisation, **fields)
    if isinstance(project.config, dict) and "labels" in project.config:
        project.config = {**project.config, "labels": completed(project.config["labels"])}
    check_project(project)
    project.save()
    write_question(project)
    record(actor, "project.create", project)
    return project


@transaction.atomic
def create_dataset(actor: Person, project: Project, name: str) -> Dataset:
    if not name.strip() or len(name) > 120:
        raise Refusal("name must hold 1 to 120 characters.", field="name")
    return Dataset.objects.create(project=project, name=name.strip())


def check_project(project: Project) -> None:
    """Everything that a form or a program can get wrong, one sentence each."""
    if not is_text(project.title, 120):
        raise Refusal("title must hold 1 to 120 characters.", field="title")
    if project.task_type not in task_types.NAMES:
        raise Refusal(f"task_type must be one of {', '.join(task_types.NAMES)}.", field="task_type")
    if project.medium not in (media := task_types.get(project.task_type).media):
        allowed = ", ".join(sorted(media))
        raise Refusal(f"medium must be one of {allowed} for {project.task_type} tasks.", field="medium")
    _check_numbers(project)
    _check_words(project)
    _check_config(project)


def _check_numbers(project: Project) -> None:
    check_answers(project.min_answers, project.max_answers)
    for name, (least, most, unit) in _RANGES.items():
        if not least <= getattr(project, name) <= most:
            raise Refusal(f"{name} must lie between {least} and {most}{unit}.", field=name)
    if not isinstance(project.suggestions_enabled, bool):
        raise Refusal("suggestions_enabled must be true or false.", field="suggestions_enabled")


def _check_words(project: Project) -> None:
    if not isinstance(project.language, str) or len(project.language) > 10 or not _LANGUAGE.match(project.language):
        raise Refusal("language must be a language tag, for example en or zh-Hant.", field="language")
    if not is_document(project.config):
        raise Refusal("config must be a JSON object of plain text.", field="config")
    if not _is_in_languages(project.instructions, MAX_INSTRUCTIONS):
        raise Refusal(
            f"instructions must map languages to texts of up to {MAX_INSTRUCTIONS} characters, "
            'for example {"en": "Look at the picture."}.',
            field="instructions",
        )
    known = {*settings.PHONE_LANGUAGES, project.language}
    if strange := sorted(set(project.instructions) - known):
        raise Refusal(
            f"instructions.{strange[0]}: phones show {', '.join(sorted(known))} only.",
            field=f"instructions.{strange[0]}",
        )


def _is_in_languages(texts: object, most: int) -> bool:
    return is_document(texts) and all(is_text(text, most, least=0) for text in texts.values())


def _check_config(project: Project) -> None:
    """Only what the task type knows, and little of it: phones pay for every byte."""
    config, keys = project.config, task_types.get(project.task_type).settings
    if strange := sorted(config.keys() - keys.keys()):
        raise Refusal(
            f"config.{strange[0]} is not known: {project.task_type} tasks have {', '.join(sorted(keys))}.",
            field=f"config.{strange[0]}",
        )
    if len(json.dumps(config, ensure_ascii=False).encode()) > MAX_CONFIG_BYTES:
        raise Refusal(f"config may hold {MAX_CONFIG_BYTES} bytes: it goes to every phone.", field="config")
    if "labels" in keys:
        _check_labels(config)
    for name in config.keys() & keys.keys():
        _check_setting(name, config[name], keys[name])


def _check_setting(name: str, value: object, schema: Mapping[str, Any]) -> None:
    if "enum" in schema and value not in schema["enum"]:
        raise Refusal(f"config.{name} must be one of {', '.join(schema['enum'])}.", field=f"config.{name}")
    if schema.get("type") == "string" and not isinstance(value, str):
        raise Refusal(f"config.{name} must be text, for example {schema['examples'][0]}.", field=f"config.{name}")


def _check_labels(config: dict) -> None:
    labels = config.get("labels") if isinstance(config, dict) else None
    if not isinstance(labels, list) or not 1 <= len(labels) <= MAX_LABELS:
        raise Refusal(f"config.labels must be a list of 1 to {MAX_LABELS} labels.", field="config.labels")
    ids = [label.get("id") if isinstance(label, dict) else None for label in labels]
    for position, (label, label_id) in enumerate(zip(labels, ids, strict=True)):
        field = f"config.labels[{position}]"
        if not isinstance(label_id, str) or not _LABEL_ID.match(label_id):
            raise Refusal(f"{field}.id must be 1 to 40 lower-case letters, digits, - or _.", field=f"{field}.id")
        if strange := sorted(set(label) - _LABEL_KEYS):
            raise Refusal(
                f"{field}.{strange[0]} is not known: a label has {', '.join(sorted(_LABEL_KEYS))}.",
                field=f"{field}.{strange[0]}",
            )
        if not is_text(label.get("colour", ""), 20, least=0):
            raise Refusal(f"{field}.colour must be a colour, for example #1f77b4.", field=f"{field}.colour")
        if not label.get("name") or not _is_in_languages(label["name"], MAX_NAME):
            raise Refusal(
                f'{field}.name must map languages to names, for example {{"en": "Cat"}}.', field=f"{field}.name"
            )
    if len(set(ids)) != len(ids):
        raise Refusal("config.labels holds one id twice: every label needs its own.", field="config.labels")
    _check_label_names(labels)


def _check_label_names(labels: list[dict]) -> None:
    """Each is seen, and none is another: they are all that people, and files, know of the labels."""
    for position, label in enumerate(labels):
        if not all(map(same_name, label["name"].values())):
            field = f"config.labels[{position}].name"
            raise Refusal(f"{field} is blank: write what the label is called.", field=field)
    said = Counter((language, same_name(name)) for label in labels for language, name in label["name"].items())
    if twice := next((name for (_, name), times in said.items() if times > 1), None):
        say = f"config.labels: two labels are named {twice[:60]}: give every label a name of its own."
        raise Refusal(say, field="config.labels")
