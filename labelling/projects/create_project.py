"""Create a project."""

from __future__ import annotations

import json
import re
from collections import Counter

from django.conf import settings
from django.db import transaction

from kernel.content_warnings import check_categories
from kernel.errors import DomainError
from kernel.say import Ours
from kernel.texts import is_document, is_text
from labelling import task_types
from labelling.batches.answer_range import check_answers
from labelling.models import Project, Team
from labelling.models.belts import BELTS
from labelling.projects.check_expects import check_expects
from labelling.projects.check_settings import check_settings
from labelling.projects.write_question import write_question
from labelling.task_types.errors import BadSetting
from labelling.task_types.label_names import completed, same_name
from labelling.task_types.task_type import TaskType
from people.audit import record
from people.models import Organisation, Person

_LABEL_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")  # BCP 47, by its shape
_RANGES = {
    "target_ppm": (500_000, 999_999),
    "gold_share_bps": (0, 5000),
    "estimated_task_s": (1, 3600),
    "label_api_threshold_ppm": (0, 1_000_000),
    "label_api_audit_bps": (0, 10_000),
}
BETWEEN = "{name} must lie between {least} and {most}."
_BETWEEN = {
    "target_ppm": BETWEEN,
    "gold_share_bps": "{name} must lie between {least} and {most} (half of the work).",
    "estimated_task_s": "{name} must lie between {least} and {most} seconds.",
    "label_api_threshold_ppm": BETWEEN,
    "label_api_audit_bps": BETWEEN,
}
MAX_NAME, MAX_INSTRUCTIONS = 1000, 10_000
MAX_LABELS = 200
_LABEL_KEYS = {"id", "name", "colour"}


@transaction.atomic
def create_project(actor: Person, organisation: Organisation, **fields) -> Project:
    """`fields` are those of Project; the caller has authorised the organisation. DomainError names the field."""
    fields["asks_team"] = team_of(organisation.pk, fields.get("asks_team"))
    project = Project(organisation=organisation, **fields)
    if isinstance(project.config, dict) and "labels" in project.config:
        project.config = {**project.config, "labels": completed(project.config["labels"])}
    if isinstance(project.config, dict):
        project.config = completed_settings(project.task_type, project.config)
    check_project(project)
    project.save()
    write_question(project)
    record(actor, "project.create", project)
    return project


def team_of(organisation_id: int, team_id: int | None) -> Team | None:
    """The team that is asked for; None: everybody."""
    if team_id is None:
        return None
    found = Team.objects.filter(organisation=organisation_id, pk=team_id).first()
    if found is None:
        raise DomainError(
            "asks_team must be the number of a team of the same organisation, or null.", field="asks_team"
        )
    return found


def completed_settings(task_type: str, config: dict) -> dict:
    """What a setting is that nobody named stands in the project, too: phones and programs need not know it."""
    try:
        return task_types.get(task_type).completed(config) if task_type in task_types.NAMES else config
    except BadSetting as bad:
        raise DomainError(bad.message, field=f"config.{bad.field}", said=bad.said) from bad


def check_project(project: Project) -> None:
    """Everything that a form or a program can get wrong, one sentence each."""
    if not is_text(project.title, 120):
        raise DomainError("title must hold 1 to 120 characters.", field="title")
    if not _is_in_languages(project.titles, 120):
        raise DomainError(
            'titles must map languages to titles of up to 120 characters, for example {"zu": "Izinyoni"}.',
            field="titles",
        )
    if project.task_type not in task_types.NAMES:
        raise DomainError(
            "task_type must be one of {choices}.", field="task_type", said={"choices": ", ".join(task_types.NAMES)}
        )
    if project.medium not in (media := task_types.get(project.task_type).media):
        allowed = ", ".join(sorted(media))
        raise DomainError(
            "medium must be one of {allowed} for {task_type} tasks.",
            field="medium",
            said={"allowed": allowed, "task_type": project.task_type},
        )
    check_expects(project)
    _check_numbers(project)
    _check_words(project)
    _check_config(project)


def _check_numbers(project: Project) -> None:
    check_answers(project.min_answers, project.max_answers)
    for name, (least, most) in _RANGES.items():
        if not least <= getattr(project, name) <= most:
            raise DomainError(_BETWEEN[name], field=name, said={"name": name, "least": least, "most": most})
    if project.asks_belt not in BELTS:
        raise DomainError("asks_belt must be one of {choices}.", field="asks_belt", said={"choices": ", ".join(BELTS)})
    project.warnings = check_categories(project.warnings, "warnings")
    if not isinstance(project.suggestions_enabled, bool):
        raise DomainError("suggestions_enabled must be true or false.", field="suggestions_enabled")


def _check_words(project: Project) -> None:
    if not isinstance(project.language, str) or len(project.language) > 10 or not _LANGUAGE.match(project.language):
        raise DomainError("language must be a language tag, for example en or zh-Hant.", field="language")
    if not is_document(project.config):
        raise DomainError("config must be a JSON object of plain text.", field="config")
    if not _is_in_languages(project.instructions, MAX_INSTRUCTIONS):
        raise DomainError(
            'instructions must map languages to texts of up to {most} characters, for example {{"en": "Look at the picture."}}.',
            field="instructions",
            said={"most": MAX_INSTRUCTIONS},
        )
    known = {*settings.PHONE_LANGUAGES, project.language}
    for name, texts in (("titles", project.titles), ("instructions", project.instructions)):
        if strange := sorted(set(texts) - known):
            raise DomainError(
                "{name}.{given}: phones show {choices} only.",
                field=f"{name}.{strange[0]}",
                said={"name": name, "given": strange[0], "choices": ", ".join(sorted(known))},
            )


def _is_in_languages(texts: object, most: int) -> bool:
    return is_document(texts) and all(is_text(text, most, least=0) for text in texts.values())


def _check_config(project: Project) -> None:
    """Only what the task type knows, and little of it: phones pay for every byte."""
    config, kind = project.config, task_types.get(project.task_type)
    if len(json.dumps(config, ensure_ascii=False).encode()) > kind.config_bytes:
        raise DomainError(
            "config may hold {most} bytes: it goes to every phone.", field="config", said={"most": kind.config_bytes}
        )
    _check_settings_of(kind, config, "config")
    _check_medium(kind, project)
    for at, name, inner in kind.within(config):
        within = task_types.get(name)
        if project.medium not in within.media:
            field = f"config.{at}".rpartition(".")[0] + ".type"
            raise DomainError(
                "{field}: {name} cannot be asked of {medium} items.",
                field=field,
                said={"field": field, "name": name, "medium": Ours(project.medium)},
            )
        _check_settings_of(within, inner, f"config.{at}")


def _check_medium(kind: TaskType, project: Project) -> None:
    """Values that only items of some media can have."""
    for name, schema in kind.settings.items():
        media = schema["only"].get(project.config.get(name)) if "only" in schema else None
        if media and project.medium not in media:
            field = f"config.{name}"
            raise DomainError(
                "{field}: {name} cannot be asked of {medium} items.",
                field=field,
                said={"field": field, "name": project.config[name], "medium": Ours(project.medium)},
            )


def _check_settings_of(kind: TaskType, config: dict, at: str) -> None:
    """at: the field in which they stand."""
    keys = kind.settings
    if strange := sorted(config.keys() - keys.keys()):
        raise DomainError(
            "{at}.{given} is not known: {task_type} tasks have {choices}.",
            field=f"{at}.{strange[0]}",
            said={"at": at, "given": strange[0], "task_type": kind.name, "choices": ", ".join(sorted(keys))},
        )
    if "labels" in keys:
        _check_labels(config, f"{at}.labels")
    check_settings(kind, config, at)


def _check_labels(config: dict, at: str) -> None:
    labels = config.get("labels") if isinstance(config, dict) else None
    if not isinstance(labels, list) or not 1 <= len(labels) <= MAX_LABELS:
        raise DomainError("{at} must be a list of 1 to {most} labels.", field=at, said={"at": at, "most": MAX_LABELS})
    ids = [label.get("id") if isinstance(label, dict) else None for label in labels]
    for position, (label, label_id) in enumerate(zip(labels, ids, strict=True)):
        field = f"{at}[{position}]"
        if not isinstance(label_id, str) or not _LABEL_ID.match(label_id):
            raise DomainError(
                "{field}.id must be 1 to 40 lower-case letters, digits, - or _.",
                field=f"{field}.id",
                said={"field": field},
            )
        if strange := sorted(set(label) - _LABEL_KEYS):
            raise DomainError(
                "{field}.{given} is not known: a label has {choices}.",
                field=f"{field}.{strange[0]}",
                said={"field": field, "given": strange[0], "choices": ", ".join(sorted(_LABEL_KEYS))},
            )
        if not is_text(label.get("colour", ""), 20, least=0):
            raise DomainError(
                "{field}.colour must be a colour, for example #1f77b4.", field=f"{field}.colour", said={"field": field}
            )
        if not label.get("name") or not _is_in_languages(label["name"], MAX_NAME):
            raise DomainError(
                '{field}.name must map languages to names, for example {{"en": "Cat"}}.',
                field=f"{field}.name",
                said={"field": field},
            )
    if len(set(ids)) != len(ids):
        raise DomainError("{at} holds one id twice: every label needs its own.", field=at, said={"at": at})
    _check_label_names(labels, at)


def _check_label_names(labels: list[dict], at: str) -> None:
    """Each is seen, and none is another: they are all that people, and files, know of the labels."""
    for position, label in enumerate(labels):
        if not all(map(same_name, label["name"].values())):
            field = f"{at}[{position}].name"
            raise DomainError("{field} is blank: write what the label is called.", field=field, said={"field": field})
    said = Counter((language, same_name(name)) for label in labels for language, name in label["name"].items())
    if twice := next((name for (_, name), times in said.items() if times > 1), None):
        raise DomainError(
            "{at}: two labels are named {name}: give every label a name of its own.",
            field=at,
            said={"at": at, "name": twice[:60]},
        )
