"""Ask for a release: what is decided now, frozen for download."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from delivery.outbox import emit
from labelling.models import Decision, Project, Release
from people.models import AuditEntry, Person
from people.refusals import Refusal


@transaction.atomic
def create_release(actor: Person, project: Project) -> Release:
    """Numbered from 1 in its project, built in the background. Refused while nothing is decided."""
    Project.objects.select_for_update().get(pk=project.pk)
    if not Decision.objects.filter(project=project, final=True).exists():
        raise Refusal("Nothing is decided yet: a release needs at least one decided item.", field="project")
    last = Release.objects.filter(project=project).aggregate(last=Max("number"))["last"] or 0
    release = Release.objects.create(project=project, number=last + 1, created_by=actor)
    emit("release.requested", {"release": release.pk})
    AuditEntry.objects.create(actor=actor, action="release.create", target=f"release:{release.pk}")
    return release
