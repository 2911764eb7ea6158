"""The picture cut into regions beforehand, so that a tap on the phone colours in one of them: a map of the smallest and the order in which
they merge into larger ones. `regions.webp`: the number of each pixel's region, as grey, without loss. `tree.json`: {"version": 1,
"regions": n, "merges": [[a, b], ...]}: a and b become one region, which is called n, n + 1, ... in this order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from labelling.task_types.mask.hierarchy import merge_order, relabelled
from labelling.task_types.mask.superpixels import superpixels

MAP_PX = 640  # of the longer side
MOST = 256  # regions in the map: one byte each


def make(picture: Any, size: tuple[int, int], out: Path) -> None:
    pixels = seen(picture)
    smallest = superpixels(pixels)
    merges = merge_order(pixels, smallest)
    count = min(MOST, int(smallest.max()) + 1)
    before = len(merges) + 1 - count
    map_, after = relabelled(smallest, merges, before)
    # method 6 takes fifty times as long and saves nothing
    Image.fromarray(map_.astype(np.uint8), "L").save(out / "mask.regions.webp", "WEBP", lossless=True, method=4)
    tree = {"version": 1, "regions": count, "merges": after}
    (out / "mask.tree.json").write_text(json.dumps(tree, separators=(",", ":")))


def seen(picture: Any) -> np.ndarray:
    """(h, w, 3) uint8, no longer than MAP_PX."""
    width, height = picture.size
    image = picture.reduced(max(1, max(width, height) // (2 * MAP_PX)))
    shrink = max(1.0, max(image.size) / MAP_PX)
    size = [max(1, round(side / shrink)) for side in image.size]
    return np.asarray(
        image.convert("RGB").resize(size, Image.Resampling.LANCZOS) if shrink > 1 else image.convert("RGB")
    )
