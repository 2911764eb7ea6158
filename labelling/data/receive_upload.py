"""Take in what a requester sends in one request. Nothing is opened here: the import does that, in the background."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction

from intake.errors import Unsafe
from intake.remote import URL_CHARS, check_url
from kernel.errors import DomainError
from labelling.data.upload_session import (
    Kept,
    check_paths,
    discard,
    keep_files,
    keep_text,
    make_uploads,
    record_parts,
)
from labelling.models import Dataset, Upload, UploadSession
from labelling.projects.quota import check_quota
from people.models import Person

FILES = 500
URLS = 10_000
_LINE_ENDS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


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
        raise DomainError(
            "urls: this project takes texts, not addresses: send the texts that stand there.", field="urls"
        )
    check_quota(dataset.project.organisation_id, 1, sum(getattr(file, "size", None) or 0 for file in files))
    _check_urls(urls)
    addresses = "".join(f"{_in_one_line(url)}\n" for url in urls)
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
        raise DomainError("files is empty: send files, or urls.", field="files")
    if len(files) > FILES:
        raise DomainError(
            "files holds {count} files: send at most {files} at once, or a zip.",
            field="files",
            said={"count": len(files), "files": FILES},
        )
    if len(urls) > URLS:
        raise DomainError(
            "urls holds {count} addresses: send at most {urls} at once, or a CSV.",
            field="urls",
            said={"count": len(urls), "urls": f"{URLS:,}"},
        )


def _check_urls(urls: Sequence) -> None:
    """A bad one costs its row, in the report; only where there is no good one, there is nothing to import."""
    first: Unsafe | None = None
    for url in urls:
        try:
            check_url(url.strip() if isinstance(url, str) else "")
            return
        except Unsafe as unsafe:
            first = first or unsafe
    if first:
        raise DomainError(
            "urls: {address}: {message}", field="urls", said={"address": str(urls[0])[:200], "message": first.message}
        ) from first


def _in_one_line(url) -> str:
    """As it came; a line end or half a sign in it becomes one that no address has, so that its row says so."""
    text = url if isinstance(url, str) else json.dumps(url)
    return "".join("\x7f" if sign in _LINE_ENDS or "\ud800" <= sign <= "\udfff" else sign for sign in text.strip())[
        : URL_CHARS + 1
    ]
