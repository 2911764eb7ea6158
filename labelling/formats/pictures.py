"""The decided pictures of a release, each under every name that it was sent by."""

from __future__ import annotations

from collections.abc import Iterator

from labelling.formats.frozen import Frozen


def pictures(frozen: Frozen) -> Iterator[tuple[int, str, dict]]:
    """Image id, name and line: the items, then again the same pictures under the further names that they were sent by. Formats of marks
    say of a picture without marks that nothing is there: one that nobody has decided is left out."""
    last, again = 0, False
    for row in _decided(frozen):
        last, again = max(last, row["item"]), again or bool(row.get("other_rows"))
        yield row["item"], _name(row["media"]["file_name"], row["external_id"], row), row
    if again:
        others = ((row, other) for row in _decided(frozen) for other in row.get("other_rows", []))
        for number, (row, other) in enumerate(others, last + 1):
            yield number, _name(other["file_name"], other["external_id"], row), row


def _decided(frozen: Frozen) -> Iterator[dict]:
    return (row for row in frozen.rows() if row["decision"] is not None)


def _name(file_name: str, external_id: str, row: dict) -> str:
    return file_name or external_id or str(row["item"])
