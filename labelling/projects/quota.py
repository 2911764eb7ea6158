"""How much of an organisation may wait to be imported. Who has paid nothing yet may try everything, in small.

A recording of instructions waits for nothing and stays: it counts in the same bytes for as long as it is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from intake.limits import MB
from intake.models import Media
from kernel.errors import Conflict
from labelling.models import Project, Spoken, Upload, UploadPart, UploadSession
from ledger import factories
from ledger.models import Account


@dataclass(frozen=True)
class Quota:
    uploads: int
    size_bytes: int


UNPAID = Quota(uploads=5, size_bytes=200 * MB)
PAID = Quota(uploads=100, size_bytes=20_000 * MB)
_SIZE = Sum("size_bytes", default=0)


def check_quota(organisation_id: int, uploads: int, size_bytes: int, session: UploadSession | None = None) -> None:
    """Refuse what is too much together with what waits already, with what is being sent in other sessions, and with recordings."""
    wait = _waiting(organisation_id, session) | {"kept": _recorded_bytes(organisation_id)}
    quota, paid = _quota_of(organisation_id)
    if wait["uploads"] + uploads <= quota.uploads and wait["bytes"] + wait["kept"] + size_bytes <= quota.size_bytes:
        return
    if wait["kept"]:
        raise _too_much_with_recordings("files", wait, quota)
    waiting = {"uploads": wait["uploads"], "mb": wait["bytes"] // MB}
    raise Conflict(
        "files: {uploads} uploads with {mb} MB wait to be imported, and at most {most} with {most_mb} MB may wait. Send this when "
        "they are done."
        if paid
        else "files: {uploads} uploads with {mb} MB wait to be imported, and at most {most} with {most_mb} MB may wait. Send this when "
        "they are done, or make a first deposit.",
        field="files",
        code="quota",
        said=waiting | {"most": quota.uploads, "most_mb": quota.size_bytes // MB},
    )


def check_recording(project: Project, language: str, size_bytes: int) -> None:
    """Refuse a recording that is too much; that in whose place it comes does not count."""
    before = Spoken.objects.filter(project=project, language=language)
    wait = _waiting(project.organisation_id) | {"kept": _recorded_bytes(project.organisation_id, before)}
    quota, _ = _quota_of(project.organisation_id)
    if wait["bytes"] + wait["kept"] + size_bytes > quota.size_bytes:
        raise _too_much_with_recordings("file", wait, quota)


def _quota_of(organisation_id: int) -> tuple[Quota, bool]:
    funds = factories.funds_of(organisation_id)
    paid = Account.objects.filter(kind=funds.kind, owner=funds.owner).exists()  # opened by the first deposit
    return (PAID if paid else UNPAID), paid


def _waiting(organisation_id: int, session: UploadSession | None = None) -> dict[str, int]:
    unfinished = Upload.objects.filter(
        dataset__project__organisation=organisation_id, state__in=(*Upload.UNFINISHED, Upload.State.ASKS)
    )
    parts = UploadPart.objects.filter(
        session__dataset__project__organisation=organisation_id, session__finished_at=None
    ).exclude(session=session)
    wait = unfinished.aggregate(uploads=Count("pk"), bytes=_SIZE)
    return wait | {"bytes": wait["bytes"] + parts.aggregate(bytes=_SIZE)["bytes"]}


def _recorded_bytes(organisation_id: int, but: QuerySet[Spoken] | None = None) -> int:
    """Of what people recorded: what the server speaks by itself is small, and nobody sent it."""
    kept = Spoken.objects.filter(project__organisation=organisation_id, is_recorded=True)
    if but is not None:
        kept = kept.exclude(pk__in=but)
    return Media.objects.filter(pk__in=kept.values("media")).aggregate(bytes=_SIZE)["bytes"]


def _too_much_with_recordings(field: str, wait: dict[str, int], quota: Quota) -> Conflict:
    return Conflict(
        "{uploads} uploads with {mb} MB wait to be imported, and recordings of instructions take {kept_mb} MB: {most} uploads and "
        "{most_mb} MB together are the most. Take a recording away, or send this when the uploads are done.",
        field=field,
        code="quota",
        said={
            "uploads": wait["uploads"],
            "mb": wait["bytes"] // MB,
            "kept_mb": wait["kept"] // MB,
            "most": quota.uploads,
            "most_mb": quota.size_bytes // MB,
        },
    )
