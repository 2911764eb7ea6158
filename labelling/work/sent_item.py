"""An item as the phone app reads it, whoever looks: a worker at work, a requester who tries her own task, a reviewer who corrects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from intake.models import Media
from intake.urls import variant_urls
from labelling import task_types
from labelling.models import Item
from labelling.task_types.parts import arranged, has_files, without_private

_SIZES = ("width_px", "height_px", "duration_ms")


def item_as_sent(item: Item, number: int, order: Sequence[str] | None = None) -> dict[str, Any]:
    """`number` is what the reader may know it by; `order`: the parts that are shown in an order of their own."""
    sent = {"id": number, **item.payload, **_own_media(item)}
    if "parts" in sent:
        files = item.part_media.select_related("media") if has_files(sent) else ()
        sent["parts"] = parts_as_sent(arranged(sent["parts"], order), {one.part: media_of(one.media) for one in files})
    return sent


def parts_as_sent(parts: Sequence[Mapping[str, Any]], files: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Each part without what is not the reader's, and where it is a file with its `media`."""
    return [without_private(part) | files.get(part["id"], {}) for part in parts]


def _own_media(item: Item) -> dict[str, Any]:
    if item.media is None or not has_aids(item.media.variants):
        return media_of(item.media)
    return media_as_sent(item.media.kind, item.media, item.media.variants, item.project.task_type)


def media_of(media: Media | None) -> dict[str, Any]:
    """`media` of an item, where it has any."""
    return media_as_sent(media.kind, media, media.variants) if media else {}


def media_as_sent(kind: str, sized: Any, variants: dict[str, dict], task_type: str = "") -> dict[str, Any]:
    """`sized` is whatever has the sizes: the media, or a row that was read with them. task_type: of its project, whose aids go along."""
    plain = {name: made for name, made in variants.items() if not _is_aid(name)}
    sent = {"kind": kind, **{name: getattr(sized, name) for name in _SIZES}, "variants": variant_urls(plain)}
    if task_type and (aids := aids_for(task_type, variants)):
        sent["aids"] = variant_urls(aids)
    return {"media": sent}


def aids_for(task_type: str, variants: dict[str, dict]) -> dict[str, dict]:
    """The files beside a picture that help to answer a question of this type. The same picture may be in projects of others, too."""
    kind = task_types.get(task_type)
    return {
        name: made for name, made in variants.items() if _is_aid(name) and (kind.is_composed or name in kind.aid_names)
    }


def has_aids(variants: dict[str, dict]) -> bool:
    return any(map(_is_aid, variants))


def _is_aid(name: str) -> bool:
    """They bear the name of their type before a full stop."""
    return "." in name
