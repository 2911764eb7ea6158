"""A file of a stranger's to a Media row: a private original and variants that are safe to serve."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from pathlib import Path
from typing import BinaryIO, Protocol

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError

from intake import limits
from intake.errors import Unsafe
from intake.models import Media
from intake.sandbox import sandbox
from intake.sniff import HEAD_BYTES, sniff_media

CHUNK_BYTES = 1 << 20


def store(organisation_id: int, file: BinaryIO, file_name: str = "") -> Media:
    """Take the file in, or raise Unsafe(field, message). The same bytes again give the same row.

    Not in a transaction: storage cannot be rolled back. A crash half-way leaves files that no row names, never a row
    that names no file.
    """
    with tempfile.TemporaryDirectory(prefix="ilima-intake-") as folder:
        path = Path(folder) / "original"
        sha256, size_bytes, head = spool(file, path, limits.MEDIA_BYTES)
        known = Media.objects.filter(organisation_id=organisation_id, sha256=sha256).first()
        if known:
            return known
        sniffed = sniff_media(head, size_bytes)
        out = Path(folder) / "variants"
        out.mkdir()
        made = sandbox.decode(path, sniffed.kind, sniffed.decoder, out)
        return _save(organisation_id, path, out, made, file_name, sha256, size_bytes, sniffed.content_type)


def discard(media: Media) -> bool:
    """Take a Media back that nothing came to use; False, and nothing changed, when something does use it."""
    try:
        with transaction.atomic():
            Media.objects.filter(pk=media.pk).delete()
    except ProtectedError:
        return False
    for name in {media.original, *(variant["name"] for variant in media.variants.values())}:
        default_storage.delete(name)
    return True


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


def spool(file: Readable, path: Path, most_bytes: int) -> tuple[str, int, bytes]:
    """Copy to `path`, a chunk at a time: (sha256, size, first bytes). Unsafe as soon as it is larger than it may be."""
    digest, size_bytes, head = hashlib.sha256(), 0, b""
    with path.open("wb") as copy:
        while chunk := file.read(CHUNK_BYTES):
            head = (head + chunk)[:HEAD_BYTES] if len(head) < HEAD_BYTES else head
            size_bytes += len(chunk)
            if size_bytes > most_bytes:
                raise Unsafe("file", f"The file is larger than {most_bytes // limits.MB} MB.")
            digest.update(chunk)
            copy.write(chunk)
    return digest.hexdigest(), size_bytes, head


def _save(organisation_id, path, out, made, file_name, sha256, size_bytes, content_type) -> Media:
    token = secrets.token_urlsafe(16)  # names that nobody can guess and that tell nothing of the content
    places = {path: f"originals/{organisation_id}/{token}"}
    for variant in made["variants"].values():
        places[out / variant["file"]] = f"variants/{organisation_id}/{token}/{variant['file']}"
    kept = keep_all(places)
    original = kept.pop(path)
    variants = {
        name: {"name": kept[out / variant.pop("file")], **variant} for name, variant in made.pop("variants").items()
    }
    row = {
        "original": original,
        "file_name": clean_name(file_name),
        "content_type": content_type,
        "size_bytes": size_bytes,
    }
    media, is_new = Media.objects.get_or_create(
        organisation_id=organisation_id, sha256=sha256, defaults={**row, **made, "variants": variants}
    )
    if not is_new:  # another import of the same bytes was quicker
        for name in (original, *kept.values()):
            default_storage.delete(name)
    return media


def keep_all(places: dict[Path, str]) -> dict[Path, str]:
    """The files in storage, under these names: all, or when there is no room for all, none."""
    kept: dict[Path, str] = {}
    try:
        for path, name in places.items():
            with path.open("rb") as file:
                kept[path] = default_storage.save(name, File(file))
    except OSError:
        for name in kept.values():
            default_storage.delete(name)
        raise
    return kept


def clean_name(name: str) -> str:
    """A file's name fit to be shown and exported: its last part, one line, without control or direction marks."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable())[:255]
