"""What a task type must know of an item to check and compare answers: plain data, so that the types stay pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def label_ids(config: Mapping[str, Any]) -> list[str]:
    return [label["id"] for label in config.get("labels", [])]


def question_of(
    config: Mapping[str, Any],
    payload: Mapping[str, Any],
    *,
    width_px: int | None = None,
    height_px: int | None = None,
    duration_ms: int | None = None,
) -> dict:
    return {
        "labels": label_ids(config),
        "config": config,
        "text": payload.get("text", ""),
        "width_px": width_px or 0,
        "height_px": height_px or 0,
        "duration_ms": duration_ms or 0,
    }


def question_of_item(item) -> dict:
    """The same from rows; the item's project and media should be fetched with it."""
    media = item.media
    size = {name: getattr(media, name) for name in ("width_px", "height_px", "duration_ms")} if media else {}
    return question_of(item.project.config, item.payload, **size)
