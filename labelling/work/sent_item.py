"""An item as the phone app reads it, whoever looks: a worker at work, a requester who tries her own task, a reviewer who corrects."""

from __future__ import annotations

from typing import Any

from intake.models import Media
from intake.urls import variant_urls
from labelling.models import Item

_SIZES = ("width_px", "height_px", "duration_ms")


def item_as_sent(item: Item, number: int) -> dict[str, Any]:
    """`number` is what the reader may know it by."""
    return {"id": number, **item.payload, **media_of(item.media)}


def media_of(media: Media | None) -> dict[str, Any]:
    """`media` of an item, where it has any."""
    return media_as_sent(media.kind, media, media.variants) if media else {}


def media_as_sent(kind: str, sized: Any, variants: dict[str, dict]) -> dict[str, Any]:
    """`sized` is whatever has the sizes: the media, or a row that was read with them."""
    sizes = {name: getattr(sized, name) for name in _SIZES}
    return {"media": {"kind": kind, **sizes, "variants": variant_urls(variants)}}
