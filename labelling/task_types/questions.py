"""What a task type must know of an item to check and compare answers: plain data, so that the types stay pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypedDict

from labelling.task_types.parts import parts_of


def label_ids(config: Mapping[str, Any]) -> list[str]:
    return [label["id"] for label in config.get("labels") or ()] or [row[0] for row in config.get("tree") or ()]


def merged_into(past_labels: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """{label that is asked no more: the label that it is one with now}"""
    return {past["id"]: past["into"] for past in past_labels if past.get("into")}


def known_labels(config: Mapping[str, Any], past_labels: Sequence[Mapping[str, Any]]) -> list[dict]:
    """The labels that answers and decisions can hold: those of now, and after them those that were retired and stay."""
    stay = [{name: past[name] for name in past if name != "into"} for past in past_labels if not past.get("into")]
    return [*config.get("labels", []), *stay]


def deciding_config(project) -> dict[str, Any]:
    """The settings by which answers to any version of the question are decided together."""
    if not project.past_labels:
        return project.config
    return {**project.config, "labels": known_labels(project.config, project.past_labels)}


class Size(TypedDict):
    width_px: int | None
    height_px: int | None
    duration_ms: int | None


class Sized(Protocol):
    """A file of a picture, a sound or a clip, however it is kept."""

    @property
    def width_px(self) -> int | None: ...
    @property
    def height_px(self) -> int | None: ...
    @property
    def duration_ms(self) -> int | None: ...


def size_of(media: Sized | None) -> Size:
    if media is None:
        return {"width_px": None, "height_px": None, "duration_ms": None}
    return {"width_px": media.width_px, "height_px": media.height_px, "duration_ms": media.duration_ms}


def question_of(
    config: Mapping[str, Any],
    payload: Mapping[str, Any],
    *,
    width_px: int | None = None,
    height_px: int | None = None,
    duration_ms: int | None = None,
    language: str = "en",
) -> dict:
    """language: of whoever reads an answer that is shown."""
    size = {"width_px": width_px, "height_px": height_px, "duration_ms": duration_ms}
    return {
        "labels": label_ids(config),
        "config": config,
        "text": payload.get("text", ""),
        "parts": parts_of(payload, size),
        "width_px": width_px or 0,
        "height_px": height_px or 0,
        "duration_ms": duration_ms or 0,
        "language": language,
    }


def question_of_item(item) -> dict:
    """The same from rows; the item's project and media should be fetched with it."""
    return question_of(item.project.config, item.payload, **_size(item))


def deciding_question(item) -> dict:
    """By which answers to it are compared, whichever version they answered."""
    return question_of(deciding_config(item.project), item.payload, **_size(item))


def shown_question(project, item=None, language: str = "en") -> dict:
    """By which an answer to any version is shown; the item's media should be fetched with it."""
    size = _size(item) if item else {}
    return question_of(deciding_config(project), item.payload if item else {}, **size, language=language)


def _size(item) -> dict[str, Any]:
    names = ("width_px", "height_px", "duration_ms")
    return {name: getattr(item.media, name) for name in names} if item.media else {}
