"""What the largest variant does not show: the picture in tiles, at full size and at each half of it, all in one file.

`tiles.json` says where they lie: {"version": 1, "tile_px": 512, "levels": [{"width", "height", "bytes": [of each tile, row by row]}]},
the sharpest level first, the tiles one after another in this order. A phone reads the few that it shows by their range.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from intake.decoders.upright import Upright

TILE_PX = 512
QUALITY, METHOD = 80, 0  # the quickest method: as small as the others at this quality, three times as quick
WORTH = 1.25  # a level no larger than this beside the largest variant shows nothing new


def write_tiles(picture: Upright, shown_px: int, out: Path) -> dict:
    """The variants "tiles" and "tiles_index", or none where the largest variant, `shown_px` wide, shows nearly everything."""
    levels = []
    with (out / "tiles.webps").open("wb") as file:
        for factor in _factors(picture.size[0], shown_px):
            width, height = (-(-side // factor) for side in picture.size)
            sizes = [file.write(tile) for tile in _level(picture, factor)]
            levels.append({"width": width, "height": height, "bytes": sizes})
    if not levels:
        return {}
    index = {"version": 1, "tile_px": TILE_PX, "levels": levels}
    (out / "tiles.json").write_text(json.dumps(index, separators=(",", ":")))
    return {
        "tiles": {"file": "tiles.webps", "type": "application/octet-stream"},
        "tiles_index": {"file": "tiles.json", "type": "application/json"},
    }


def _factors(width_px: int, shown_px: int) -> Iterator[int]:
    factor = 1
    while width_px / factor > shown_px * WORTH:
        yield factor
        factor *= 2


def _level(picture: Upright, factor: int) -> Iterator[bytes]:
    width, height = picture.size
    step = TILE_PX * factor
    for top in range(0, height, step):
        for left in range(0, width, step):
            tile = picture.region((left, top, min(left + step, width), min(top + step, height)))
            yield _webp(tile.reduce(factor) if factor > 1 else tile)


def _webp(tile: Image.Image) -> bytes:
    tile.info.clear()
    packed = io.BytesIO()
    tile.save(packed, "WEBP", quality=QUALITY, method=METHOD)
    return packed.getvalue()
