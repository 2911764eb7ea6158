"""A project is put away, and brought back. docs/decisions/taking-away.md"""

from __future__ import annotations

from django.db import transaction

from labelling.batches.close_batch import close_batches
from labelling.models import Batch, Project
from ledger import clock
from people.audit import record
from people.models import Person


@transaction.atomic
def archive_project(actor: Person, project: Project) -> None:
    """It leaves the lists. Open batches are closed as by hand: what is out may be answered and is paid, the rest comes back."""
    if project.archived_at is not None:
        return
    running = Batch.objects.filter(project=project, state=Batch.State.OPEN)
    close_batches(actor, list(running.values_list("pk", flat=True)))
    project.archived_at = clock.now()
    project.save(update_fields=["archived_at"])
    record(actor, "project.archive", project)


@transaction.atomic
def bring_back_project(actor: Person, project: Project) -> None:
    """An archived project is in the lists again; its batches stay closed."""
    if project.archived_at is not None:
        project.archived_at = None
        project.save(update_fields=["archived_at"])
        record(actor, "project.bring_back", project)
