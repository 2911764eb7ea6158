"""Parquet to JSON Lines, row group by row group; pictures and sounds in its cells to a zip beside them, which the lines name.

Runs in the child of intake.zygote only. A cell that is a file is bytes, or {"bytes", "path"} as Hugging Face's datasets write it (datasets,
features/image.py); labels that are numbers there get their names (features/features.py, ClassLabel).
"""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from intake import limits
from intake.decoders.table import COLUMNS
from intake.errors import Unsafe
from intake.sniff import HEAD_BYTES, sniff

ROWS, FILES = "rows.jsonl", "files.zip"
BATCH_ROWS = 256
MOST_ROWS = 5_000_000
BUFFER_BYTES = 1 << 20
_MEDIA = ("image", "audio", "video", "pages")
_BROKEN = "The Parquet file is damaged, cut off or locked: write it again."


def decode(path: Path, decoder: str, out: Path) -> dict:
    pa.set_cpu_count(1)
    pa.set_memory_pool(pa.system_memory_pool())
    with path.open("rb") as source:
        try:
            table = pq.ParquetFile(source, buffer_size=BUFFER_BYTES, pre_buffer=False)
        except (pa.ArrowException, OSError, ValueError) as broken:
            raise Unsafe("file", _BROKEN) from broken
        _check(table)
        written = _Written(out, _label_names(table.schema_arrow.metadata))
        try:
            for row in _rows(table):
                written.add(row)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowKeyError) as broken:
            raise Unsafe("file", _BROKEN) from broken
        return written.close()


def _check(table: pq.ParquetFile) -> None:
    if table.metadata.num_rows == 0:
        raise Unsafe("file", "There are no rows in the Parquet file.")
    if table.metadata.num_rows > MOST_ROWS:
        raise Unsafe("file", f"The table has {table.metadata.num_rows:,} rows: at most {MOST_ROWS:,} are taken.")
    if table.metadata.num_columns > COLUMNS:
        raise Unsafe("file", f"The table has {table.metadata.num_columns} columns: leave only those that you need.")


def _rows(table: pq.ParquetFile) -> Iterator[dict[str, Any]]:
    for batch in table.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
        yield from batch.to_pylist(maps_as_pydicts="lossy")


def _label_names(metadata: dict[bytes, bytes] | None) -> dict[str, list[str]]:
    """The names of labels that are kept as numbers, by their columns."""
    features: Any = {}
    with suppress(ValueError, KeyError, TypeError):
        features = json.loads((metadata or {})[b"huggingface"])["info"]["features"]
    found = features.items() if isinstance(features, dict) else ()
    return {
        column: one["names"]
        for column, one in found
        if isinstance(one, dict) and one.get("_type") == "ClassLabel" and isinstance(one.get("names"), list)
    }


class _Written:
    """The lines, and the files that they name."""

    def __init__(self, out: Path, label_names: dict[str, list[str]]) -> None:
        self._out, self._label_names = out, label_names
        self._lines = (out / ROWS).open("wb")
        self._files: zipfile.ZipFile | None = None
        self._names: set[str] = set()
        self._bytes, self._number = 0, 0
        self._left_out: dict[str, None] = {}

    def add(self, row: dict[str, Any]) -> None:
        self._number += 1
        said = {column: self._cell(column, value) for column, value in row.items()}
        line = json.dumps(said, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace") + b"\n"
        self._count(len(line))
        self._lines.write(line)

    def close(self) -> dict:
        self._lines.close()
        variants = {"rows": {"file": ROWS}}
        if self._files:
            self._files.write(self._out / ROWS, ROWS)
            self._files.close()
            variants["files"] = {"file": FILES}
        columns = ", ".join(self._left_out)[:200]
        notes = [f"What {columns} holds is no picture, sound, clip or text, and was left out."] if columns else []
        return {"kind": "table", "variants": variants, "notes": notes}

    def _count(self, size_bytes: int) -> None:
        self._bytes += size_bytes
        if self._bytes > limits.UNPACKED_BYTES:
            most = limits.UNPACKED_BYTES // limits.MB
            raise Unsafe("file", f"The Parquet file unpacks to more than {most} MB: split it.")

    # --- cells --------------------------------------------------------------------------------------------------------
    def _cell(self, column: str, value: Any) -> Any:
        names = self._label_names.get(column)
        if names and isinstance(value, int) and 0 <= value < len(names):
            return str(names[value])
        return self._plain(column, value)

    def _plain(self, column: str, value: Any) -> Any:
        """What JSON can say of it."""
        if value is None or isinstance(value, bool | int | str):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else None
        if isinstance(value, bytes):
            return self._of_bytes(column, value, "")
        if isinstance(value, dict):
            return self._of_struct(column, value)
        if isinstance(value, list | tuple):
            return [self._plain(column, one) for one in value]
        if isinstance(value, datetime):
            return value.isoformat(" ", "seconds" if not value.microsecond else "auto")
        if isinstance(value, date | time):
            return value.isoformat()
        return str(value)  # a decimal, a duration

    def _of_struct(self, column: str, value: dict[Any, Any]) -> Any:
        if value.keys() == {"bytes", "path"}:
            content, path = value["bytes"], value["path"]
            return self._of_bytes(column, content, path or "") if isinstance(content, bytes) else path
        return {str(name): self._plain(column, one) for name, one in value.items()}

    def _of_bytes(self, column: str, content: bytes, path: str) -> str | None:
        """The name of the file that it is; a text, where it is one."""
        try:
            found = sniff(content[:HEAD_BYTES])
        except Unsafe:
            found = None
        if found and found.kind in _MEDIA:
            return self._file(column, content, path, found.decoder)
        if found and found.kind == "text":
            with suppress(UnicodeDecodeError):
                return content.decode()
        if content:
            self._left_out[column] = None
        return None

    def _file(self, column: str, content: bytes, path: str, decoder: str) -> str:
        self._count(len(content))
        if self._files is None:
            self._files = zipfile.ZipFile(self._out / FILES, "w", zipfile.ZIP_STORED)
        name = self._name(column, path, decoder)
        self._files.writestr(zipfile.ZipInfo(name), content)
        return name

    def _name(self, column: str, path: str, decoder: str) -> str:
        """As it was called where it came from; by its row, where two are called the same or it is called nothing."""
        kept = [part for part in PurePosixPath(path.replace("\\", "/")).parts if part not in ("/", "..", ".")]
        name = "".join(filter(str.isprintable, "/".join(kept)))[-200:]
        if not name or name in self._names or name == ROWS:
            ending = {"JPEG": "jpg", "TIFF": "tif", "JPEG2000": "jp2"}.get(decoder, decoder.lower())
            plain = "".join(sign if sign.isalnum() else "-" for sign in column)[:40] or "file"
            name = f"{plain}/{self._number:07d}-{len(self._names)}.{ending}"
        self._names.add(name)
        return name
