"""Parquet out: the columns of the CSV for programs, numbers and truth values as such, all else as text (lists and objects as JSON).

https://parquet.apache.org/docs/file-format/; written a row group at a time, so that memory does not grow with the release.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from labelling.formats.csv import Columns, lines_of
from labelling.formats.frozen import Frozen

GROUP_ROWS = 5_000
WHOLE = ("item", "confidence_ppm", "agreement_ppm", "answers_used")


class _Sink(io.RawIOBase):
    """What was written since it was last taken."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._parts.append(piece)
        self._at += len(piece)
        return len(piece)

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


def write(frozen: Frozen) -> Iterator[bytes]:
    import pyarrow as pa  # here, for a process that writes none need not hold it (60 MB)
    import pyarrow.parquet as pq

    columns = Columns.of(frozen)
    made = {int: pa.int64(), bool: pa.bool_(), str: pa.string()}
    kinds = {name: made[kind] for name, kind in kinds_of(columns).items()}
    names = list(kinds)
    schema, sink, lines = pa.schema(kinds.items()), _Sink(), lines_of(frozen)

    def group() -> pa.Table:
        rows = [dict(zip(columns.names(), columns.values(line), strict=True)) for line in islice(lines, GROUP_ROWS)]
        cells = [
            pa.array([_cell(row[name], kinds[name] == pa.string()) for row in rows], kinds[name]) for name in names
        ]
        return pa.Table.from_arrays(cells, schema=schema)

    with pq.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd") as out:
        while (table := group()).num_rows:
            out.write_table(table)
            yield sink.take()
    yield sink.take()


def kinds_of(columns: Columns) -> dict[str, type]:
    """The columns in order, and what each of their cells is."""
    return {name: int if name in WHOLE else bool if name == "sure" else str for name in columns.names()}


def _cell(value: Any, as_text: bool) -> Any:
    return value if value is None or not as_text or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
