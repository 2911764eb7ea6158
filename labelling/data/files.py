"""The files of an upload, whether they lie in a zip or were sent one by one: their names, their first bytes, a copy of each."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from django.core.files.storage import default_storage

from intake import archives, limits
from intake.errors import Unsafe
from intake.media import spool
from intake.sniff import HEAD_BYTES
from labelling.models import Upload


@dataclass(frozen=True)
class Entry:
    """One file, or why it is not taken. `key` is how it is found again."""

    name: str
    key: Any
    refused: str = ""
    notes: tuple[str, ...] = ()  # what to know of it, though it is taken


class Files(Protocol):
    entries: list[Entry]
    where: str

    def head(self, entry: Entry) -> bytes:
        """Its first bytes, b"" where they cannot be read."""

    def copy(self, entry: Entry, path: Path) -> None:
        """Raise Unsafe for what is damaged."""


class Zipped:
    where = "zip"

    def __init__(self, archive: zipfile.ZipFile):
        self._archive = archive
        self.entries = [Entry(one.name, one.info, one.refused) for one in archives.entries(archive)]
        read_as = archives.names_read_as(archive)
        odd = next((k for k, one in enumerate(self.entries) if not one.name.isascii()), None)
        if read_as and odd is not None:  # said once, beside the first name that it is about
            self.entries[odd] = replace(self.entries[odd], notes=(read_as,))

    def head(self, entry: Entry) -> bytes:
        try:
            with self._archive.open(entry.key) as packed:
                return packed.read(HEAD_BYTES)
        except (zipfile.BadZipFile, OSError, RuntimeError):
            return b""

    def copy(self, entry: Entry, path: Path) -> None:
        archives.extract(self._archive, entry.key, path)


class Sent:
    """The parts of an upload, in the order in which they came; a path that came twice with other bytes is numbered."""

    where = "upload"

    def __init__(self, upload: Upload):
        self.entries, taken = [], set()
        parts = upload.parts.order_by("pk").values_list("path", "stored")
        for number, (path, stored) in enumerate(
            ((path, stored) for path, stored in parts if not archives.is_dust(path)), 1
        ):
            name = path if path not in taken else f"{number}-{path}"
            taken.add(name)
            self.entries.append(Entry(name, stored))

    def head(self, entry: Entry) -> bytes:
        with default_storage.open(entry.key) as file:
            return file.read(HEAD_BYTES)

    def copy(self, entry: Entry, path: Path) -> None:
        with default_storage.open(entry.key) as file:
            _, size_bytes, _ = spool(file, path, limits.TABLE_BYTES)
        if not size_bytes:
            raise Unsafe("file", "The file is empty.")
