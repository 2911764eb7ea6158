"""A clip at one look: a row of small pictures, one each second, of long clips fewer. Runs in the child of intake.zygote only."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from intake.decoders import image

HEIGHT_PX = 48
MOST = 120  # pictures; when there are more, every other one is left out and the step is doubled
STEP_MS = 1_000
LONGEST_PX = 16_000  # of a WebP's side


class Strip:
    """Fed with every frame and its time; keeps what a strip needs and no more."""

    def __init__(self) -> None:
        self.step_ms = STEP_MS
        self._kept: list[Image.Image] = []

    def add(self, picture: Image.Image, at_ms: int) -> None:
        """A gap in the clip is filled with what was seen before it."""
        while at_ms >= len(self._kept) * self.step_ms:
            self._kept.append(self._small(picture))
            if len(self._kept) > MOST:
                self._kept, self.step_ms = self._kept[::2], self.step_ms * 2

    def _small(self, picture: Image.Image) -> Image.Image:
        if self._kept:
            size = self._kept[0].size
        else:
            width = round(picture.width * HEIGHT_PX / picture.height)
            size = (min(max(width, 16), LONGEST_PX // MOST), HEIGHT_PX)
        return picture.resize(size, Image.Resampling.BILINEAR)

    def save(self, path: Path) -> dict[str, int]:
        """How it is to be read: picture k, `width` wide, is that of the moment k * step_ms."""
        width, height = self._kept[0].size
        row = Image.new("RGB", (width * len(self._kept), height))
        for place, picture in enumerate(self._kept):
            row.paste(picture, (place * width, 0))
        row.save(path, "WEBP", quality=image.QUALITY)
        return {"step_ms": self.step_ms, "width": width, "height": height, "count": len(self._kept)}
