"""Label Studio JSON out: a task an item, its decision as one annotation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from labelling import task_types
from labelling.formats.frozen import Frozen
from labelling.formats.label_studio.results import About, results_of
from labelling.task_types.label_names import names_in, names_of

IDS = "external_id"


def write(frozen: Frozen) -> Iterator[bytes]:
    """A task a line. An item that nobody has decided is left out: without results it would say that nothing is there."""
    names, before = names_of({**frozen.config, "labels": frozen.labels}), "[\n"
    for row in _decided(frozen):
        task = json.dumps(_task(frozen, row, names | names_in(row["decision"])), ensure_ascii=False)
        yield f"{before}{task}".encode()
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def _decided(frozen: Frozen) -> Iterator[dict]:
    """The items, each followed by the further names that its content was sent by."""
    for row in frozen.rows():
        if row["decision"] is not None:
            yield row
            media = row.get("media")
            for other in row.get("other_rows") or ():
                named = {"media": {**media, "file_name": other["file_name"]}} if media else {}
                yield row | named | {IDS: other[IDS], "metadata": other["metadata"]}


def _task(frozen: Frozen, row: dict, names: dict[str, str]) -> dict[str, Any]:
    about = _about(frozen, row, names)
    known = row.get("provenance", {}).get("source") == "known"
    annotation = {
        "id": row["item"],
        "was_cancelled": False,
        "ground_truth": known,
        "result": results_of(frozen.drawing(row), about),
    }
    return {
        "id": row["item"],
        "data": _data(row, about),
        "meta": row.get("metadata") or {},
        "annotations": [annotation],
        "predictions": [],
    }


def _about(frozen: Frozen, row: dict, names: dict[str, str]) -> About:
    media, parts = row.get("media") or {}, row.get("parts") or []
    kind = task_types.get(frozen.task_type)
    ids = kind.compared(parts) if kind.asked and parts else []
    lowest = kind.number.range_of(frozen.config)[0] if kind.number else 1
    return About(
        to_name=media.get("kind") or ("parts" if parts else "text"),
        names=names,
        text=row.get("text") or "",
        width_px=media.get("width_px") or 0,
        height_px=media.get("height_px") or 0,
        duration_ms=media.get("duration_ms") or 0,
        frames=media.get("frames"),
        compared=ids,
        is_tree="tree" in frozen.config,
        is_rating=lowest > 0,
    )


def _data(row: dict, about: About) -> dict[str, Any]:
    named = {IDS: row[IDS]}
    if row.get("parts"):
        return named | {"parts": row["parts"]} | _compared(row["parts"], about.compared)
    if media := row.get("media"):
        return named | {about.to_name: media["file_name"] or row[IDS] or str(row["item"])}
    return named | {"text": row["text"]}


def _compared(parts: list[dict], ids: Sequence[str]) -> dict[str, Any]:
    """What is compared once more, as Label Studio's own tags show it: two side by side, or a list."""
    said = {part["id"]: part.get("text") or part.get("file_name") or "" for part in parts if part["id"] in ids}
    sides = dict(zip(("left", "right"), said.values(), strict=False)) if len(said) == 2 else {}
    return sides | {"items": [{"id": part, "title": part, "body": text} for part, text in said.items()]}
