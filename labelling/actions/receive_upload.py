"""Take in what a requester sends in one request. Nothing is opened here: the import does that, in the background."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction

from intake.errors import Unsafe
from intake.remote import check_url
from labelling.actions.upload_session import (
    Kept,
    check_paths,
    discard,
    keep_files,
    keep_text,
    make_uploads,
    record_parts,
)
from labelling.importing.quota import check_quota
from labelling.models import Dataset, Upload, UploadSession
from people.models import Person
from people.refusals import Refusal

FILES = 500
URLS = 10_000


def receive_upload(
    actor: Person,
    dataset: Dataset,
    files: Sequence[BinaryIO] = (),
    urls: Sequence[str] = (),
    paths: Sequence[str] = (),
) -> list[Upload]:
    """A session of one request: one Upload for each table and each zip, one for all the single media, one for the
    addresses; imported later.

    `files` are open files with a `name` and, where known, a `size` (Django's uploaded files), `paths` where they lay. A
    table that comes along with media names them, so they stay together.
    """
    _check_counts(files, urls)
    check_paths(files, paths)
    if urls and dataset.project.medium == "text":
        raise Refusal("urls: this project takes texts, not addresses: send the texts that stand there.", field="urls")
    check_quota(dataset.project.organisation_id, 1, sum(getattr(file, "size", None) or 0 for file in files))
    addresses = "".join(f"{_checked_url(url)}\n" for url in urls)
    kept = keep_files(dataset, files, paths)
    listed = None
    try:
        listed = keep_text(dataset, f"{len(urls)} addresses", addresses) if urls else None
        return _recorded(actor, dataset, kept, listed)
    except Exception:  # refused, or no room on the disk: nothing of it stays
        discard([*kept, *([listed] if listed else [])])
        raise


@transaction.atomic
def _recorded(actor: Person, dataset: Dataset, kept: list[Kept], listed: Kept | None) -> list[Upload]:
    session = UploadSession.objects.create(id=uuid.uuid4(), dataset=dataset, created_by=actor)
    record_parts(session, kept)
    return make_uploads(actor, session, listed)


def _check_counts(files: Sequence, urls: Sequence) -> None:
    if not files and not urls:
        raise Refusal("files is empty: send files, or urls.", field="files")
    if len(files) > FILES:
        raise Refusal(f"files holds {len(files)} files: send at most {FILES} at once, or a zip.", field="files")
    if len(urls) > URLS:
        raise Refusal(f"urls holds {len(urls)} addresses: send at most {URLS:,} at once, or a CSV.", field="urls")


def _checked_url(url) -> str:
    try:
        check_url(url if isinstance(url, str) else "")
    except Unsafe as unsafe:
        raise Refusal(f"urls: {str(url)[:200]}: {unsafe.message}", field="urls") from unsafe
    return url
