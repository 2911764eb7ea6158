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

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR_BYTES = 20
_LOCAL_HEADER_BYTES = 30
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
        raise Unsafe("file", "The zip is in the zip64 format: split it into zips under 4 GB.")
    if entries > limits.ARCHIVE_ENTRIES or directory_bytes > limits.ARCHIVE_DIRECTORY_BYTES:
        raise Unsafe("file", f"The zip holds more than {limits.ARCHIVE_ENTRIES:,} files: split it.")


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
    seen: set[str] = set()
    for info in archive.infolist():
        if info.is_dir() or _is_dust(info.filename):
            continue
        refused = _refusal(info) or ("There is another file of the same name." if info.filename in seen else "")
        seen.add(info.filename)
        yield Entry(info, info.filename.replace("\\", "/"), refused)


def _is_dust(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and (parts[0] == "__MACOSX" or parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini"))


def _refusal(info: zipfile.ZipInfo) -> str:
    """Why an entry is not taken, or "": its name would lead elsewhere, or it is no plain file."""
    name = info.filename.replace("\\", "/")
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
        return "The file is empty."
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
