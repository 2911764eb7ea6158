"""A zip as a stream: one file after the other, so that memory does not grow with their number."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

MADE_AT = (1980, 1, 1, 0, 0, 0)  # the same files are the same bytes


class _Sink(io.RawIOBase):
    """What is written since it was last taken. It cannot be sought in, which zipfile knows how to live with."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


def zipped(files: Iterable[tuple[str, bytes | Iterable[bytes]]]) -> Iterator[bytes]:
    """A file that is large comes in pieces."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name, MADE_AT)
            info.compress_type = zipfile.ZIP_DEFLATED
            pieces = [content] if isinstance(content, bytes) else content
            with archive.open(info, "w", force_zip64=not isinstance(content, bytes)) as out:
                for piece in pieces:
                    out.write(piece)
                    yield sink.take()
    yield sink.take()


class Stems:
    """The name of the file beside a picture: its own with another ending, numbered where two pictures would share one."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, name: str, number: int) -> str:
        path = PurePosixPath(name.replace("\\", "/"))
        path = path.with_suffix("") if path.name else path
        parts = [part for part in path.parts if part not in ("/", "..", ".")]
        stem = "/".join(parts) or str(number)
        stem = stem if stem not in self._taken else f"{stem}-{number}"
        self._taken.add(stem)
        return stem
