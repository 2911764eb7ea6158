"""Zip files of strangers: read entry by entry, as streams. Nothing is ever written under a name from inside a zip."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from intake import limits
from intake.errors import Unsafe
from intake.zip_names import read_names

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_END64_LOCATOR_BYTES = 20
_LOCAL_HEADER_BYTES = 30
EMPTY = "The file is empty."
_DUST = (".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db")
_TAKEN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True)
class Entry:
    """One file of the archive, or why it is not taken."""

    info: zipfile.ZipInfo
    name: str
    refused: str = ""


def open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """A checked archive. Raises Unsafe for what is no zip, a bomb, or larger than may be taken."""
    _check_directory(file)
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise Unsafe("file", "The zip is damaged or cut off: make it again.") from None
    _check_sizes(archive.infolist())
    _check_overlap(archive.infolist())
    if any(info.filename == "[Content_Types].xml" for info in archive.infolist()):
        raise Unsafe("file", "This is an office document: save its table as CSV (UTF-8).")
    return archive


def _check_directory(file: BinaryIO) -> None:
    """The size of the list of contents, before anything of it is held in memory."""
    size_bytes = file.seek(0, 2)
    tail_bytes = min(size_bytes, _END.size + 0xFFFF + _END64_LOCATOR_BYTES)
    file.seek(size_bytes - tail_bytes)
    tail = file.read(tail_bytes)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise Unsafe("file", "The zip is damaged or cut off: make it again.")
    _, _, _, _, entries, directory_bytes, _, _ = _END.unpack_from(tail, at)
    if tail[max(0, at - _END64_LOCATOR_BYTES) : at].startswith(b"PK\x06\x07"):
        entries, directory_bytes = _directory_of_zip64(file, size_bytes - tail_bytes + at)
    if entries > limits.ARCHIVE_ENTRIES or directory_bytes > limits.ARCHIVE_DIRECTORY_BYTES:
        raise Unsafe("file", f"The zip holds more than {limits.ARCHIVE_ENTRIES:,} files: split it.")


def _directory_of_zip64(file: BinaryIO, end: int) -> tuple[int, int]:
    """How many entries, in how many bytes: from where zipfile reads it, too."""
    file.seek(max(0, end - _END64_LOCATOR_BYTES - _END64.size))
    record = file.read(_END64.size)
    if len(record) < _END64.size or not record.startswith(b"PK\x06\x06"):
        raise Unsafe("file", "The zip is damaged or cut off: make it again.")
    *_, entries, directory_bytes, _ = _END64.unpack(record)
    return entries, directory_bytes


def _check_sizes(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > limits.ARCHIVE_ENTRIES:
        raise Unsafe("file", f"The zip holds more than {limits.ARCHIVE_ENTRIES:,} files: split it.")
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if unpacked > limits.ARCHIVE_UNPACKED_BYTES:
        raise Unsafe("file", f"The zip unpacks to more than {limits.ARCHIVE_UNPACKED_BYTES // limits.MB} MB: split it.")
    if unpacked > limits.ARCHIVE_RATIO_FROM_BYTES and unpacked > limits.ARCHIVE_RATIO * packed:
        raise Unsafe("file", f"The zip unpacks to {unpacked // max(packed, 1)} times its size: it is not taken.")


def _check_overlap(infos: list[zipfile.ZipInfo]) -> None:
    """Entries that share bytes unpack to far more than they hold (Fifield, A better zip bomb, WOOT 2019)."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise Unsafe("file", "The zip's files lie over one another: it is not taken.")
        end = info.header_offset + _LOCAL_HEADER_BYTES + info.compress_size


def entries(archive: zipfile.ZipFile) -> Iterator[Entry]:
    """The files in their order, folders and the dust of operating systems left out; refused ones with the reason."""
    infos, seen = archive.infolist(), set()
    names, _ = read_names(infos)
    for info, name in zip(infos, names, strict=True):
        name = name.replace("\\", "/")
        if info.is_dir() or is_dust(name):
            continue
        refused = _refusal(info, name) or ("There is another file of the same name." if name in seen else "")
        seen.add(name)
        yield Entry(info, name, refused)


def names_read_as(archive: zipfile.ZipFile) -> str:
    """A sentence where the zip does not say how its names are written, or ""."""
    spoken = read_names(archive.infolist())[1]
    return f"The zip does not say in which encoding its file names are: they were read as {spoken}." if spoken else ""


def is_dust(name: str) -> bool:
    """What operating systems leave beside files: never meant to be sent."""
    parts = PurePosixPath(name).parts
    return bool(parts) and ("__MACOSX" in parts or parts[-1].startswith("._") or parts[-1].lower() in _DUST)


def _refusal(info: zipfile.ZipInfo, name: str) -> str:
    """Why an entry is not taken, or "": its name would lead elsewhere, or it is no plain file."""
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or (len(name) > 1 and name[1] == ":") or "\x00" in name:
        return "The name leads out of the zip."
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return "This is a link or a device, not a file."
    if info.flag_bits & 0x1:
        return "The file is locked with a password."
    if info.compress_type not in _TAKEN_METHODS:
        return "The file is packed in a way that is not taken: use plain zip."
    if info.file_size == 0:
        return EMPTY
    if info.file_size > limits.TABLE_BYTES:
        return f"The file is larger than {limits.TABLE_BYTES // limits.MB} MB."
    return ""


def extract(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> None:
    """Copy one entry to `path`, never more than it says it is; its checksum is checked at the end."""
    left = info.file_size
    try:
        with archive.open(info) as packed, path.open("wb") as copy:
            while chunk := packed.read(min(1 << 20, left + 1)):
                left -= len(chunk)
                if left < 0:
                    raise Unsafe("file", "The file is larger than the zip says.")
                copy.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as broken:
        raise Unsafe("file", "The file is damaged inside the zip.") from broken
