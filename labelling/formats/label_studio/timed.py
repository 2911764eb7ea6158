"""Regions of sounds and clips: stretches of time, and objects that move. Seconds, and frames from 1."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from labelling.formats.label_studio.outlines import labels_of, share_of
from labelling.formats.stretches import Stretch, Stretches
from labelling.formats.trails import Box, Seen, Trail, Trails

Result = dict[str, Any]


def stretches_of(regions: Sequence[Sequence[Result]]) -> Stretches:
    """What states no times is one of none, which is left out with a sentence."""
    return Stretches(tuple(one for region in regions for one in _stretches(region)))


def _stretches(region: Sequence[Result]) -> list[Stretch]:
    labels = tuple(label for one in region for label in labels_of(one))
    value = region[0]["value"]
    ranges = value.get("ranges")
    if isinstance(ranges, list):
        return [Stretch(labels, *_of_frames(one, value)) for one in ranges]
    start, end = (_number(value.get(name)) for name in ("start", "end"))
    return [Stretch(labels, 1000 * (start or 0.0), 1000 * (end or 0.0))]


def _of_frames(one: Any, value: Mapping[str, Any]) -> tuple[float, float]:
    """Milliseconds from the start of the first frame to the end of the last; nothing where the file does not say how long frames are."""
    frames, seconds = (_number(value.get(name)) for name in ("framesCount", "duration"))
    first, last = (_number(one.get(name)) if isinstance(one, dict) else None for name in ("start", "end"))
    if not frames or not seconds or first is None or last is None:
        return 0.0, 0.0
    frame_ms = 1000 * seconds / frames
    return (first - 1) * frame_ms, last * frame_ms


def _number(given: Any) -> float | None:
    good = isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given) and abs(given) < 1e9
    return float(given) if good else None


def trails_of(regions: Sequence[Sequence[Result]]) -> Trails:
    """Places are shares of the clip."""
    return Trails(tuple(trail for n, region in enumerate(regions, 1) for trail in _trails(n, region)), unit=True)


def _trails(number: int, region: Sequence[Result]) -> list[Trail]:
    labels, value = tuple(label for one in region for label in labels_of(one)), region[0]["value"]
    if not labels:
        return [Trail(str(number), (), fault="it has no label.")]
    sequence = value.get("sequence")
    try:
        keys = (
            sorted((_key(one) for one in sequence if isinstance(one, dict)), key=lambda key: key[0][0])
            if sequence
            else []
        )
    except (ValueError, TypeError):
        return [Trail(str(number), labels, fault="one of its key frames has no frame or no box.")]
    if not keys:
        return [Trail(str(number), labels, fault="it has no key frames.")]
    last = _number(value.get("framesCount"))
    return [Trail(str(number), labels, tuple(part)) for part in _while_there(keys, int(last) if last else None)]


def _key(one: Mapping[str, Any]) -> tuple[Seen, bool]:
    frame = _number(one.get("frame"))
    if frame is None or frame < 1 or one.get("rotation"):
        raise ValueError
    x, y, width, height = share_of(one, "x", "y", "width", "height")
    box: Box = (x, y, width, height)
    return (int(frame) - 1, box), one.get("enabled", True) is not False


def _while_there(keys: Sequence[tuple[Seen, bool]], frames: int | None) -> list[list[Seen]]:
    """A key frame that is not enabled is the last before the next; after the last that is, the object stays to the clip's end."""
    parts: list[list[Seen]] = []
    goes_on = False
    for seen, enabled in keys:
        if not goes_on:
            parts.append([])
        parts[-1].append(seen)
        goes_on = enabled
    last, box = parts[-1][-1]
    if goes_on and frames and frames - 1 > last:
        parts[-1].append((frames - 1, box))
    return parts
