"""A requester takes a release away. docs/decisions/taking-away.md"""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.db import transaction

from kernel.errors import Conflict
from labelling.models import Release
from ledger import clock
from people.audit import record
from people.models import Person


@transaction.atomic
def remove_release(actor: Person, release: Release) -> None:
    """Its file goes, its number and its hash stay: whoever has a copy can still show that it is the one."""
    if release.state == "building":
        raise Conflict("This release is being made: wait until it is ready.", field="state", code="not_ready")
    if release.archived_at is not None:
        return
    stored, release.stored, release.archived_at = release.stored, "", clock.now()
    release.save(update_fields=["stored", "archived_at"])
    record(actor, "release.remove", release, sha256=release.sha256)
    if stored:
        transaction.on_commit(lambda: default_storage.delete(stored))
