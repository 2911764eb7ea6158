"""Ask for a release: what is decided now, frozen for download."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from delivery.outbox import emit
from kernel.errors import DomainError
from labelling.models import Decision, Project, Release
from labelling.releases.release_choice import read_choice
from people.audit import record
from people.models import Person


@transaction.atomic
def create_release(actor: Person, project: Project, **choice) -> Release:
    """Numbered from 1 in its project, built in the background. `choice`: labelling/releases/release_choice.py.
    Refused while there is nothing that it could hold."""
    wanted = read_choice(project, choice)
    Project.objects.select_for_update().get(pk=project.pk)
    if not (
        wanted.get("gold") or wanted.get("undecided") or Decision.objects.filter(project=project, final=True).exists()
    ):
        raise DomainError("Nothing is decided yet: a release needs at least one decided item.", field="project")
    last = Release.objects.filter(project=project).aggregate(last=Max("number"))["last"] or 0
    release = Release.objects.create(project=project, number=last + 1, created_by=actor, wanted=wanted)
    emit("release.requested", {"release": release.pk})
    record(actor, "release.create", release)
    return release
