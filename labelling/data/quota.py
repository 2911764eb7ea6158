"""How much of an organisation may wait to be imported. Who has paid nothing yet may try everything, in small."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Sum

from intake.limits import MB
from kernel.errors import Conflict
from labelling.models import Upload, UploadPart, UploadSession
from ledger import factories
from ledger.models import Account

SLOW_ADDRESSES = 10  # of one upload that may take their whole time; then the others are not tried


@dataclass(frozen=True)
class Quota:
    uploads: int
    size_bytes: int


UNPAID = Quota(uploads=5, size_bytes=200 * MB)
PAID = Quota(uploads=100, size_bytes=20_000 * MB)


def check_quota(organisation_id: int, uploads: int, size_bytes: int, session: UploadSession | None = None) -> None:
    """Refuse what is too much together with what waits already, and with what is being sent in other sessions."""
    funds = factories.funds_of(organisation_id)
    paid = Account.objects.filter(kind=funds.kind, owner=funds.owner).exists()  # opened by the first deposit
    quota = PAID if paid else UNPAID
    unfinished = Upload.objects.filter(
        dataset__project__organisation=organisation_id, state__in=(*Upload.UNFINISHED, Upload.State.ASKS)
    )
    wait = unfinished.aggregate(uploads=Count("pk"), size_bytes=Sum("size_bytes", default=0))
    parts = UploadPart.objects.filter(
        session__dataset__project__organisation=organisation_id, session__finished_at=None
    ).exclude(session=session)
    wait["size_bytes"] += parts.aggregate(size_bytes=Sum("size_bytes", default=0))["size_bytes"]
    if wait["uploads"] + uploads <= quota.uploads and wait["size_bytes"] + size_bytes <= quota.size_bytes:
        return
    waiting = {"uploads": wait["uploads"], "mb": wait["size_bytes"] // MB}
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


class Patience:
    """With addresses whose server takes all its time: bounded for each upload, across its slices."""

    def __init__(self, spent: int, sentences: Collection[str]):
        self._left, self._sentences = SLOW_ADDRESSES - spent, sentences

    @property
    def ended(self) -> bool:
        return self._left <= 0

    def saw(self, reason: str) -> None:
        self._left -= reason in self._sentences
