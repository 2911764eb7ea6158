"""Take in what a requester sends. Nothing is opened here: the import does that, in the background."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from delivery.outbox import emit_many
from intake import limits
from intake.errors import Unsafe
from intake.media import clean_name, spool
from intake.remote import check_url
from intake.sniff import sniff
from labelling.importing.quota import check_quota
from labelling.models import Dataset, Upload
from ledger.locks import lock_until_commit
from people.models import AuditEntry, Person
from people.refusals import Refusal

FILES = 500
URLS = 10_000
_JSONL, _JSON, _CSV = (".jsonl", ".ndjson"), (".json",), (".csv", ".tsv")


def receive_upload(
    actor: Person, dataset: Dataset, files: Sequence[BinaryIO] = (), urls: Sequence[str] = ()
) -> list[Upload]:
    """One Upload for each table and each zip, one for all the single media, one for the addresses; imported later.

    `files` are open files with a `name` and, where known, a `size` (Django's uploaded files). A table that comes along
    with media names them, so they stay together.
    """
    _check_counts(files, urls)
    if urls and dataset.project.medium == "text":
        raise Refusal("urls: this project takes texts, not addresses: send the texts that stand there.", field="urls")
    with tempfile.TemporaryDirectory(prefix="ilima-receive-") as folder:
        received = _received(files, Path(folder), dataset.project.medium)
        if urls:
            path = Path(folder) / "urls"
            path.write_text("".join(f"{_checked_url(url)}\n" for url in urls))
            received.append((Upload.Kind.URLS, f"{len(urls)} addresses", path))
        size_bytes = sum(path.stat().st_size for _, _, path in received)
        check_quota(dataset.project.organisation_id, len(received), size_bytes)
        return _keep_all(actor, dataset, received)


def _keep_all(actor: Person, dataset: Dataset, received: Sequence[tuple[str, str, Path]]) -> list[Upload]:
    """All of them or none: others may have used the quota up meanwhile, or the room on the disk."""
    kept: list[tuple[str, str, str, str, int]] = []
    try:
        for kind, name, path in received:
            kept.append((kind, name, *_keep(dataset, path), path.stat().st_size))
        return _record(actor, dataset, kept)
    except Exception:
        for _, _, stored, *_ in kept:
            default_storage.delete(stored)
        raise


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


def _received(files: Sequence[BinaryIO], folder: Path, medium: str) -> list[tuple[str, str, Path]]:
    """Kind, name and place of what becomes an upload each."""
    tables, zips, single = [], [], []
    for position, file in enumerate(files):
        name, path = clean_name(getattr(file, "name", "") or "") or f"file {position + 1}", folder / str(position)
        kind = _spooled(file, name, path)
        {"zip": zips, "table": tables}.get(kind, single).append((name, path))
    if medium != "text" and len(tables) == 1 and single:
        single, tables = [*single, *tables], []
    bundle = [(Upload.Kind.FILES, _files_name(single), _bundle(single, folder / "bundle"))] if single else []
    kinds = [
        (Upload.Kind.CSV if name.lower().endswith(_CSV) else Upload.Kind.JSONL, name, path) for name, path in tables
    ]
    return [*kinds, *((Upload.Kind.ZIP, name, path) for name, path in zips), *bundle]


def _spooled(file: BinaryIO, name: str, path: Path) -> str:
    """zip or table or single, by the first bytes; a refusal for what is never taken, before anything is kept."""
    most = limits.ARCHIVE_BYTES
    try:
        _, size_bytes, head = spool(file, path, most)
        kind = sniff(head).kind
        if kind == "text" and size_bytes > limits.TABLE_BYTES:
            raise Unsafe("file", f"The table is larger than {limits.TABLE_BYTES // limits.MB} MB: send it in parts.")
        if kind not in ("zip", "text") and size_bytes > limits.MEDIA_BYTES:
            raise Unsafe("file", f"The file is larger than {limits.MEDIA_BYTES // limits.MB} MB.")
    except Unsafe:
        if path.stat().st_size >= most:
            raise Refusal(f"{name}: The file is larger than {most // limits.MB} MB.", field="files") from None
        return "single"  # its reason stands in the report of the import, next to the good files
    if kind == "text":
        return "table" if name.lower().endswith(_JSONL + _JSON + _CSV) else "single"
    return kind if kind == "zip" else "single"


def _files_name(single: list[tuple[str, Path]]) -> str:
    return single[0][0] if len(single) == 1 else f"{len(single)} files"


def _bundle(single: list[tuple[str, Path]], path: Path) -> Path:
    """The single files in one zip, unpacked: an upload is one stored thing, whatever it came as."""
    taken: set[str] = set()
    if sum(file.stat().st_size for _, file in single) > limits.ARCHIVE_BYTES:
        most = f"{limits.ARCHIVE_BYTES // limits.MB} MB"
        raise Refusal(f"files are larger than {most} together: send them in parts.", field="files")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as bundle:
        for number, (name, file) in enumerate(single, 1):
            info = zipfile.ZipInfo(
                name if name not in taken else f"{number}-{name}"
            )  # its date is fixed: same bytes each time
            info.file_size = file.stat().st_size
            taken.add(info.filename)
            with file.open("rb") as source, bundle.open(info, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)
    return path


def _keep(dataset: Dataset, path: Path) -> tuple[str, str]:
    """Storage name and hash of what was sent."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    with path.open("rb") as file:
        name = f"uploads/{dataset.project.organisation_id}/{secrets.token_urlsafe(16)}"
        return default_storage.save(name, File(file)), sha256


@transaction.atomic
def _record(actor: Person, dataset: Dataset, kept: list[tuple[str, str, str, str, int]]) -> list[Upload]:
    """Counted again with the organisation's uploads locked: ten at once are no more than ten one after another."""
    lock_until_commit(f"labelling.uploads:{dataset.project.organisation_id}")
    check_quota(dataset.project.organisation_id, len(kept), sum(size_bytes for *_, size_bytes in kept))
    uploads = [
        Upload.objects.create(
            dataset=dataset,
            kind=kind,
            file_name=name,
            stored=stored,
            sha256=sha256,
            size_bytes=size_bytes,
            created_by=actor,
        )
        for kind, name, stored, sha256, size_bytes in kept
    ]
    emit_many("upload.received", ({"upload": upload.pk} for upload in uploads))
    for upload in uploads:
        AuditEntry.objects.create(actor=actor, action="upload.receive", target=f"upload:{upload.pk}")
    return uploads
