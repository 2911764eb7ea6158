"""PNGs whose colours are segments, opened apart (intake.decoders.segments)."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from intake.errors import Unsafe
from intake.sandbox import sandbox
from labelling.formats.outlines import Mark, Outline, Pixels

MAGIC = "\ufffdPNG\r\n\x1a\n"  # as text in which no letter is what it is not


@dataclass(frozen=True)
class Segment:
    """colour: its number. rgb: the colour that it is shown in."""

    colour: int
    rgb: tuple[int, int, int]
    pixels: Pixels

    def mark(self, name: str, labels: tuple, crowd: bool = False) -> Mark:
        return Mark(name, labels, Outline(box=self.pixels.box, pixels=self.pixels), crowd=crowd)


def within(name: str, is_folder: Callable[[str], bool]) -> str:
    """The path below the last such folder, without its ending; "" where there is none."""
    path = PurePosixPath(name).with_suffix("")
    at = next((n for n in range(len(path.parts) - 2, -1, -1) if is_folder(path.parts[n].lower())), None)
    return "" if at is None else "/".join(path.parts[at + 1 :])


def segments_of(content: bytes) -> Iterator[Segment]:
    """ValueError, a sentence, for what is no such PNG."""
    with tempfile.TemporaryDirectory(prefix="ilima-import-") as folder:
        path, out = Path(folder) / "png", Path(folder) / "out"
        path.write_bytes(content)
        out.mkdir()
        try:
            made = sandbox.decode(path, "table", "segment-map", out)
        except Unsafe as unsafe:
            raise ValueError(unsafe.message) from unsafe
        with (out / made["variants"]["rows"]["file"]).open() as lines:
            for said in map(json.loads, lines):
                (red, green, blue), (height, width) = said["rgb"], said["size"]
                yield Segment(said["colour"], (red, green, blue), Pixels(height, width, tuple(said["counts"])))
