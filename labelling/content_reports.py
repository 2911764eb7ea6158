"""What disturbed somebody and was not announced: a person looks, and where it is so the project warns of it from then on."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet

from delivery.outbox import emit
from kernel.content_warnings import CATEGORIES, check_categories
from kernel.errors import Conflict
from labelling.models import ContentReport, Lease, Project
from ledger import clock
from people.audit import record
from people.models import Person, Worker

MAX_WAITING, MAX_SHOWN = 50, 20


def report_content(lease: Lease) -> None:
    """By her who gave this lease back for it. Safe to repeat."""
    project = lease.batch.project
    _, is_new = ContentReport.objects.get_or_create(lease=lease, defaults={"project": project})
    if is_new and _waiting().filter(project=project).count() == 1:
        emit("content.reported", {"project": project.pk})


def _waiting() -> QuerySet[ContentReport]:
    return ContentReport.objects.filter(decided_at=None)


def projects_reported() -> Sequence[Project]:
    """Those that wait for an admin, who waits longest first; each with its newest reports as `reports`."""
    waits = Q(content_reports__decided_at=None)
    first, n = Min("content_reports__made_at", filter=waits), Count("content_reports", filter=waits)
    rows = Project.objects.annotate(first=first, n=n).filter(n__gte=1).select_related("organisation")
    found = list(rows.order_by("first")[:MAX_WAITING])
    for project in found:
        project.reports = _waiting().filter(project=project).select_related("lease").order_by("-pk")[:MAX_SHOWN]  # type: ignore[attr-defined]
    return found


@transaction.atomic
def decide_content(actor: Person, project: Project, warnings: list[str]) -> list[str]:
    """An admin's word on all reports of a project that wait; `project` is locked by the caller. warnings: what it has to warn of,
    besides what it warns of already; none: the reports are not so. Returns what is new."""
    found = check_categories(warnings, "warnings")
    reports = _waiting().filter(project=project)
    if not reports.update(found=found, decided_by=actor, decided_at=clock.now()):
        raise Conflict("Somebody has decided this already.", code="decided")
    added = [one for one in found if one not in project.warnings]
    project.warnings = [one for one in CATEGORIES if one in {*project.warnings, *found}]
    project.save(update_fields=["warnings"])
    record(actor, "project.warn", project, added=added)
    if added:
        emit("content.found", {"project": project.pk})
    return added


def found_in(project: Project) -> set[str]:
    """What a person has found in it: its requester cannot take that away."""
    return {one for found in project.content_reports.values_list("found", flat=True) for one in found}


def avoided_by(project: Project) -> dict[str, int]:
    """How many workers never want to see what a project warns of, by category, and how many in all."""
    rows = Worker.objects.filter(avoids__overlap=project.warnings) if project.warnings else Worker.objects.none()
    counts = {one: Count("pk", filter=Q(avoids__contains=[one])) for one in project.warnings}
    return rows.aggregate(all=Count("pk"), **counts)
