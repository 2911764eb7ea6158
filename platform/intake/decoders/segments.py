"""A PNG whose colours are segments to JSON Lines: of each its number, its red, green and blue, and its run lengths, column by column.

Runs in the child of intake.zygote only.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

from intake.errors import Unsafe

ROWS = "rows.jsonl"
PIXELS, COLOURS, RUNS = 25_000_000, 1_000, 2_000_000


def decode(path: Path, decoder: str, out: Path) -> dict:
    with path.open("rb") as file, Image.open(file, formats=["PNG"]) as image:
        if image.width * image.height > PIXELS:
            raise Unsafe("file", f"The PNG has more than {PIXELS // 10**6} million pixels: it is no map of segments.")
        numbers, reds = _numbers(image)
    flat = numbers.T.reshape(-1)
    starts = np.flatnonzero(np.diff(flat, prepend=flat[0] + 1))
    values, runs = flat[starts], np.diff(starts, append=len(flat))
    colours = np.unique(values).tolist()
    if len(colours) > COLOURS or len(runs) > RUNS:
        raise Unsafe("file", f"The PNG has more than {COLOURS:,} colours or {RUNS:,} runs: it is no map of segments.")
    with (out / ROWS).open("w") as lines:
        for colour in colours:
            said = {
                "colour": colour,
                "rgb": reds(colour),
                "size": list(numbers.shape),
                "counts": _counts(starts, values, runs, colour, len(flat)),
            }
            lines.write(json.dumps(said) + "\n")
    return {"kind": "table", "variants": {"rows": {"file": ROWS}}, "notes": []}


def _numbers(image: Image.Image):
    """(height, width) number of each pixel, and the colour that a number is shown in: a place of the palette where there is one."""
    if image.mode == "P":
        palette = image.getpalette("RGB") or []
        return np.asarray(image).astype(np.int64), lambda number: [*palette[3 * number : 3 * number + 3], 0, 0, 0][:3]
    if image.mode in ("1", "L", "I", "I;16"):
        return np.asarray(image).astype(np.int64), lambda number: [number & 255] * 3
    channels = np.asarray(image.convert("RGB")).astype(np.int64)
    return channels @ np.array([1, 256, 256**2]), lambda number: [number >> shift & 255 for shift in (0, 8, 16)]


def _counts(starts: np.ndarray, values: np.ndarray, runs: np.ndarray, colour: int, whole: int) -> list[int]:
    """Pixels outside and inside by turns, those outside first."""
    mine = np.flatnonzero(values == colour)
    begins = starts[mine]
    ends = begins + runs[mine]
    counts = np.diff(np.stack([begins, ends], axis=1).reshape(-1), prepend=0, append=whole).tolist()
    return counts if counts[-1] else counts[:-1]
