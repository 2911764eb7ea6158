"""Change a project after it was made. What takes effect when: docs/decisions/question-versions.md.

What is promised to workers (price, pay rule, number of answers that a batch is funded for) stands in the batch, and does not move.
"""

from __future__ import annotations

from django.db import transaction

from delivery.outbox import emit
from kernel.errors import DomainError
from labelling.content_reports import found_in
from labelling.models import Project
from labelling.projects.check_settings import check_fixed
from labelling.projects.create_project import check_project, completed_settings, team_of
from labelling.projects.write_question import write_question
from people.audit import record
from people.models import Person

EDITABLE = (
    "title", "titles", "instructions", "language", "config", "target_ppm", "min_answers", "max_answers", "gold_share_bps",
    "estimated_task_s", "asks_belt", "asks_exam", "asks_team", "warnings", "suggestions_enabled",
    "label_api_threshold_ppm", "label_api_audit_bps",
    "expects",
)  # fmt: skip


@transaction.atomic
def edit_project(actor: Person, project: Project, **changes) -> Project:
    """`project` is locked by the caller. DomainError names the field, and nothing has changed. The same again changes nothing."""
    if isinstance(changes.get("config"), dict):
        changes["config"] = completed_settings(project.task_type, changes["config"])
    if "asks_team" in changes:
        changes["asks_team"] = team_of(project.organisation_id, changes["asks_team"])
    changed = {name: value for name, value in changes.items() if value != getattr(project, name)}
    if unknown := sorted(changed.keys() - set(EDITABLE)):
        raise DomainError(
            "{unknown} cannot be changed: make a new project for it.", field=unknown[0], said={"unknown": unknown[0]}
        )
    if not changed:
        return project
    config = changed.get("config", project.config)
    if isinstance(config, dict) and project.config.get("labels") != config.get("labels"):
        raise DomainError(
            "config.labels is changed by its own door, /labels, which says what becomes of what was answered.",
            field="config.labels",
        )
    before = project.config
    for name, value in changed.items():
        setattr(project, name, value)
    check_project(project)
    check_fixed(project, before)
    _check_warnings(project)
    project.save(update_fields=list(changed))
    write_question(project)
    if "instructions" in changed:
        emit("instructions.written", {"project": project.pk})
    record(actor, "project.edit", project, changed=sorted(changed))
    return project


def _check_warnings(project: Project) -> None:
    if gone := found_in(project) - set(project.warnings):
        raise DomainError(
            "Somebody looked and found {given} in this project: it has to warn of it.",
            field="warnings",
            said={"given": ", ".join(sorted(gone))},
        )
