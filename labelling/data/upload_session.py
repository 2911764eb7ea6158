"""One upload in as many requests as it takes: begin, add files (again after a broken line), finish. All safe to repeat.

Nothing is imported before the end, so that a table that came in the first request meets the pictures of the last.
"""

from __future__ import annotations

import hashlib
import secrets
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Sum

from delivery.outbox import emit_many
from intake import limits
from intake.errors import Unsafe
from intake.media import spool
from intake.sniff import sniff
from kernel.errors import Conflict, DomainError
from kernel.locks import lock_until_commit
from labelling.access import get_upload_session_for
from labelling.data.add_items import clean_path
from labelling.data.reading import checked_reading
from labelling.data.tables import CSV, JSON, JSONL, is_plain, table_kind
from labelling.models import Dataset, Upload, UploadPart, UploadSession
from labelling.projects.quota import check_quota
from ledger import clock
from people.audit import record
from people.models import Person

UNFINISHED_DAYS = 7  # then what was sent of an upload that nobody finished is thrown away


@dataclass(frozen=True)
class Kept:
    """A file in the storage that no row names yet."""

    path: str
    kind: str
    stored: str
    sha256: str
    size_bytes: int


def begin_upload(actor: Person, dataset: Dataset, session_id: uuid.UUID) -> UploadSession:
    session, _ = UploadSession.objects.get_or_create(id=session_id, defaults={"dataset": dataset, "created_by": actor})
    if session.dataset_id != dataset.pk:
        raise Conflict("This id was used for another upload: give a new one a new id.", field="id", code="id_taken")
    return session


def add_files(actor: Person, session_id, files: Sequence[BinaryIO], paths: Sequence[str] = ()) -> int:
    """How many of the files are new; one that has arrived already is not doubled."""
    session = get_upload_session_for(actor, session_id, write=True)
    _check_open(session)
    check_paths(files, paths)
    if not files:
        raise DomainError("files is empty: send files.", field="files")
    kept = keep_files(session.dataset, files, paths)
    try:
        return _added(session, kept)
    except Exception:  # refused, or no room on the disk: nothing of it stays
        discard(kept)
        raise


@transaction.atomic
def _added(session: UploadSession, kept: list[Kept]) -> int:
    _check_open(UploadSession.objects.select_for_update().get(pk=session.pk))
    known = set(session.parts.values_list("path", "sha256"))
    new = [one for one in kept if (one.path, one.sha256) not in known]
    there = session.parts.aggregate(files=Count("pk"), size_bytes=Sum("size_bytes", default=0))
    size_bytes = there["size_bytes"] + sum(one.size_bytes for one in new)
    if there["files"] + len(new) > limits.ARCHIVE_ENTRIES or size_bytes > limits.ARCHIVE_UNPACKED_BYTES:
        most = f"{limits.ARCHIVE_ENTRIES:,} files of {limits.ARCHIVE_UNPACKED_BYTES // limits.MB:,} MB together"
        raise DomainError(
            "files: an upload takes at most {most}: finish this one and begin another.",
            field="files",
            said={"most": most},
        )
    check_quota(session.dataset.project.organisation_id, 1, size_bytes, session)
    record_parts(session, new)
    transaction.on_commit(lambda: discard([one for one in kept if one not in new]))
    return len(new)


@transaction.atomic
def finish_upload(actor: Person, session_id, reading: Mapping | None = None) -> list[Upload]:
    """The uploads that it became; asked for again, the same. `reading`: how its tables are to be read (importing.reading)."""
    session = get_upload_session_for(actor, session_id, write=True, lock=True)
    if session.finished_at:
        return list(Upload.objects.filter(session=session).order_by("pk"))
    said = checked_reading(reading, session.dataset.project.medium) if reading else None
    return make_uploads(actor, session, reading=said)


def _check_open(session: UploadSession) -> None:
    if session.finished_at:
        raise Conflict("This upload is finished: begin another one.", field="id", code="finished")


def check_paths(files: Sequence, paths: Sequence) -> None:
    if paths and len(paths) != len(files):
        raise DomainError(
            "paths holds {count} for {files} files: send one for each, or none.",
            field="paths",
            said={"count": len(paths), "files": len(files)},
        )


# --- files ------------------------------------------------------------------------------------------------------------
def keep_files(dataset: Dataset, files: Sequence[BinaryIO], paths: Sequence[str] = ()) -> list[Kept]:
    """Every file in the storage, or none; the same one twice once."""
    kept: dict[tuple[str, str], Kept] = {}
    try:
        with tempfile.TemporaryDirectory(prefix="ilima-receive-") as folder:
            for position, file in enumerate(files):
                path, name = Path(folder) / "file", paths[position] if paths else getattr(file, "name", "") or ""
                name = clean_path(name) or f"file {position + 1}"
                sha256, size_bytes, kind = _spooled(file, name, path)
                if (name, sha256) not in kept:
                    kept[name, sha256] = Kept(name, kind, _stored(dataset, path), sha256, size_bytes)
    except Exception:  # refused, or no room on the disk: nothing of it stays
        discard(list(kept.values()))
        raise
    return list(kept.values())


def _stored(dataset: Dataset, path: Path) -> str:
    with path.open("rb") as copy:
        return default_storage.save(_new_name(dataset), File(copy))


def keep_text(dataset: Dataset, name: str, text: str) -> Kept:
    content = text.encode()
    stored = default_storage.save(_new_name(dataset), ContentFile(content))
    return Kept(name, "urls", stored, hashlib.sha256(content).hexdigest(), len(content))


def _new_name(dataset: Dataset) -> str:
    return f"uploads/{dataset.project.organisation_id}/{secrets.token_urlsafe(16)}"


def discard(kept: Sequence[Kept]) -> None:
    for one in kept:
        default_storage.delete(one.stored)


def _spooled(file: BinaryIO, name: str, path: Path) -> tuple[str, int, str]:
    """Hash, size, and zip or table or single, by the first bytes; a refusal for what is too large to be kept at all."""
    most = limits.ARCHIVE_BYTES
    try:
        sha256, size_bytes, head = spool(file, path, most)
    except Unsafe:
        raise DomainError(
            "{name}: The file is larger than {most} MB.", field="files", said={"name": name, "most": most // limits.MB}
        ) from None
    return sha256, size_bytes, _kind(head, name, size_bytes)


def _kind(head: bytes, name: str, size_bytes: int) -> str:
    """What it is taken for; why a single file is not taken stands in the report of the import, next to the good ones."""
    if size_bytes <= limits.TABLE_BYTES and table_kind(head, name):
        return UploadPart.Kind.TABLE
    try:
        kind = sniff(head).kind
    except Unsafe:
        return UploadPart.Kind.SINGLE
    return UploadPart.Kind.ZIP if kind == "zip" else UploadPart.Kind.SINGLE


# --- rows -------------------------------------------------------------------------------------------------------------
def record_parts(session: UploadSession, kept: Sequence[Kept]) -> None:
    fields = ("path", "kind", "stored", "sha256", "size_bytes")
    parts = [UploadPart(session=session, **{name: getattr(one, name) for name in fields}) for one in kept]
    UploadPart.objects.bulk_create(parts, batch_size=1_000)


def make_uploads(
    actor: Person, session: UploadSession, listed: Kept | None = None, reading: dict | None = None
) -> list[Upload]:
    """What the session holds, sorted: each table and each zip an upload; all the single files one, with the tables that
    name them. Counted with the organisation's uploads locked: ten at once are no more than ten one after another."""
    organisation_id = session.dataset.project.organisation_id
    lock_until_commit(f"labelling.uploads:{organisation_id}")
    groups = _groups(list(session.parts.order_by("pk")), session.dataset.project.medium)
    uploads = [_upload(actor, session, parts, reading) for parts in groups]
    if listed:
        fields = {"file_name": listed.path, "stored": listed.stored, "sha256": listed.sha256}
        uploads.append(_row(actor, session, kind=Upload.Kind.URLS, size_bytes=listed.size_bytes, **fields))
    if not uploads:
        raise DomainError("files is empty: send files before you finish.", field="files")
    check_quota(organisation_id, len(uploads), sum(upload.size_bytes for upload in uploads), session)
    for upload, parts in zip(uploads, groups, strict=False):
        upload.save(force_insert=True)
        UploadPart.objects.filter(pk__in=[part.pk for part in parts]).update(upload=upload)
    if listed:
        uploads[-1].save(force_insert=True)
    session.finished_at = clock.now()
    session.save(update_fields=["finished_at"])
    emit_many("upload.received", ({"upload": upload.pk} for upload in uploads))
    for upload in uploads:
        record(actor, "upload.receive", upload)
    return uploads


def _groups(parts: list[UploadPart], medium: str) -> list[list[UploadPart]]:
    by_kind = {kind: [part for part in parts if part.kind == kind] for kind in UploadPart.Kind.values}
    tables, single = by_kind[UploadPart.Kind.TABLE], by_kind[UploadPart.Kind.SINGLE]
    if medium != "text" and single:
        tables, single = [], [part for part in parts if part.kind != UploadPart.Kind.ZIP]
    return [*([one] for one in tables), *([one] for one in by_kind[UploadPart.Kind.ZIP]), *([single] if single else [])]


def _upload(actor: Person, session: UploadSession, parts: list[UploadPart], reading: dict | None) -> Upload:
    first, size_bytes = parts[0], sum(part.size_bytes for part in parts)
    if len(parts) > 1 or (first.kind == UploadPart.Kind.SINGLE and not _is_list(first, session)):
        name = first.path if len(parts) == 1 else f"{len(parts)} files"
        sha256 = hashlib.sha256("".join(part.sha256 for part in parts).encode()).hexdigest()
        fields = {"kind": Upload.Kind.FILES, "file_name": name[-255:], "sha256": sha256}
    else:
        kind = Upload.Kind.ZIP if first.kind == UploadPart.Kind.ZIP else _table_of(first.path)
        fields = {"kind": kind, "file_name": first.path[-255:], "stored": first.stored, "sha256": first.sha256}
    return _row(actor, session, size_bytes=size_bytes, reading=reading, **fields)


def _is_list(part: UploadPart, session: UploadSession) -> bool:
    """A text file that came alone may hold an item a line."""
    return is_plain(part.path) and session.parts.count() == 1


def _table_of(path: str) -> str:
    endings = ((Upload.Kind.CSV, CSV), (Upload.Kind.JSONL, JSONL + JSON))
    return next((kind for kind, known in endings if path.lower().rsplit(".", 1)[-1] in known), Upload.Kind.TABLE)


def _row(actor: Person, session: UploadSession, **fields) -> Upload:
    return Upload(dataset=session.dataset, session=session, created_by=actor, **fields)


def drop_unfinished() -> int:
    """Throw away what was sent of uploads that nobody finished: how many."""
    before = clock.now() - timedelta(days=UNFINISHED_DAYS)
    dropped = 0
    for pk in UploadSession.objects.filter(finished_at=None, created_at__lt=before).values_list("pk", flat=True)[:500]:
        dropped += _dropped(pk)
    return dropped


@transaction.atomic
def _dropped(pk) -> bool:
    session = UploadSession.objects.select_for_update().filter(pk=pk, finished_at=None).first()
    if session is None:  # finished meanwhile
        return False
    names = list(session.parts.values_list("stored", flat=True))
    session.delete()
    for name in names:
        transaction.on_commit(partial(default_storage.delete, name))
    return True
