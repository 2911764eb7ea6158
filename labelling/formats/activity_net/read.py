"""ActivityNet in: of each clip its segments; of files of results those that were found. A clip's file may be called `v_` and its name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from labelling.formats.rows import BadTable, Refused, Row
from labelling.formats.stretches import Stretch, Stretches, stem_of, text_of
from people.strict_json import read_json

_PREFIX = "v_"
_TEST = "testing"  # of these clips the file does not tell what is in them


def is_one(start: str, name: str) -> bool:
    opening = start.lstrip()
    told = any(f'"{key}"' in opening for key in ("database", "taxonomy", "results", "external_data"))
    return name.lower().endswith(".json") and opening.startswith("{") and told and '"version"' in opening.lower()


def is_table(start: str) -> bool:
    """Alone it would be taken for one of COCO's, whose keys it shares."""
    return is_one(start, ".json") and '"images"' not in start


def alone(path: Path) -> Iterator[Row | Refused]:
    raise BadTable("An ActivityNet file tells of clips: send it in a zip together with them.")


def of_many(content: bytes) -> Mapping[str, Stretches]:
    """What is said of each clip, by its name without an ending; ValueError for what is none."""
    found = _clips(content)
    return {f"{_PREFIX}{name}": said for name, said in found.items()} | found


def read(content: bytes, classes: Sequence[str]) -> tuple[str, Stretches]:
    """Of one that speaks of a single clip."""
    found = _clips(content)
    if len(found) > 1:
        raise ValueError("it speaks of several clips, none of which is here.")
    return next(iter(found.items()), ("", Stretches(())))


def _clips(content: bytes) -> dict[str, Stretches]:
    text = text_of(content)
    try:
        whole = read_json(text)
    except ValueError:
        raise ValueError("it is no JSON.") from None
    clips = (whole.get("database") or whole.get("results")) if isinstance(whole, dict) else None
    if not isinstance(clips, dict):
        raise ValueError("it has no database of clips.")
    given = ((stem_of(name), _given(said)) for name, said in clips.items())
    return {name: Stretches(tuple(_stretch(one) for one in marks)) for name, marks in given if marks is not None}


def _given(said: Any) -> list[dict[str, Any]] | None:
    """None of a clip of which the file does not tell what is in it."""
    marks = said.get("annotations") if isinstance(said, dict) else said
    untold = isinstance(said, dict) and said.get("subset") == _TEST and not marks
    return [one for one in marks if isinstance(one, dict)] if isinstance(marks, list) and not untold else None


def _stretch(one: dict[str, Any]) -> Stretch:
    """What has no two numbers is a stretch of no time, which is left out with a sentence."""
    label, segment = one.get("label"), one.get("segment")
    start, end = segment if isinstance(segment, list) and len(segment) == 2 else (0, 0)
    good = all(isinstance(at, int | float) and not isinstance(at, bool) and math.isfinite(at) for at in (start, end))
    labels = (label,) if isinstance(label, str) and label else ()
    return (
        Stretch(labels, 1000 * start, 1000 * end) if good and max(abs(start), abs(end)) < 1e9 else Stretch(labels, 0, 0)
    )
