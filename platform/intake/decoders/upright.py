"""A decoded picture as every worker sees it: upright, eight bits, sRGB, on an opaque ground. A region at a time, so that a
hundred megapixels are held once, not twice."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from typing import cast

import numpy as np
from PIL import Image, ImageCms

STRIP_ROWS = 256
SAMPLE_PX = 256  # enough to see on which ground a picture stands out
ORIENTATION = 0x0112
SWAPS_SIDES = (5, 6, 7, 8)
LIGHT = 200  # of 255: what is lighter on average is not seen on white
WHITE, DARK = (255, 255, 255), (72, 72, 72)
_CLEAR = ("RGBA", "LA", "RGBa", "La")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
Box = tuple[int, int, int, int]  # left, top, right, bottom


def orientation(image: Image.Image) -> int:
    """1..8 of EXIF; 1 where it says nothing or nonsense."""
    try:
        turn = image.getexif().get(ORIENTATION, 1)
    except Exception:  # a broken EXIF block is no reason to lose a good picture
        return 1
    return turn if turn in _TURNS else 1


class Upright:
    def __init__(self, image: Image.Image, turn: int):
        self._image, self._turn = image, turn
        self.size = image.size[::-1] if turn in SWAPS_SIDES else image.size
        self._to_eight = eight_bit(image)
        self._to_srgb = srgb_of(image)
        self.ground, self.is_clear = ground_of(image)

    def region(self, box: Box) -> Image.Image:
        seen = self._to_eight(self._image.crop(self._source(box)))
        seen = self._to_srgb(flattened(seen, self.ground))
        return seen.transpose(_TURNS[self._turn]) if self._turn in _TURNS else seen

    def _source(self, box: Box) -> Box:
        """Where the region lies in the picture as it was stored."""
        left, top, right, bottom = box
        if self._turn in SWAPS_SIDES:
            left, top, right, bottom = top, left, bottom, right
        width, height = self._image.size
        if self._turn in (2, 3, 7, 8):
            left, right = width - right, width - left
        if self._turn in (3, 4, 6, 7):
            top, bottom = height - bottom, height - top
        return left, top, right, bottom

    def reduced(self, factor: int) -> Image.Image:
        """The whole picture, each pixel the mean of factor x factor."""
        width, height = self.size
        small = Image.new("RGB", (-(-width // factor), -(-height // factor)))
        step = max(1, STRIP_ROWS // factor) * factor
        for top in range(0, height, step):
            strip = self.region((0, top, width, min(top + step, height)))
            small.paste(strip.reduce(factor) if factor > 1 else strip, (0, top // factor))
        return small


# --- eight bits -------------------------------------------------------------------------------------------------------
def eight_bit(image: Image.Image) -> Callable[[Image.Image], Image.Image]:
    """What makes a part of `image` one of eight bits a band, without a palette."""
    if image.mode in ("P", "PA"):
        mode = "RGBA" if image.mode == "PA" or "transparency" in image.info else "RGB"
        return lambda part: part.convert(mode)
    if image.mode == "F" or image.mode.startswith("I"):
        low, high = finite_range(image)
        return lambda part: stretched(part, low, high)
    return lambda part: part.convert("L") if part.mode == "1" else part


def finite_range(image: Image.Image) -> tuple[float, float]:
    low, high = np.inf, -np.inf
    for strip in _strips(image):
        pixels = np.asarray(strip)
        finite = pixels[np.isfinite(pixels)]
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    return low, high


def _strips(image: Image.Image) -> Iterator[Image.Image]:
    for top in range(0, image.height, STRIP_ROWS):
        yield image.crop((0, top, image.width, min(top + STRIP_ROWS, image.height)))


def stretched(part: Image.Image, low: float, high: float) -> Image.Image:
    """16 and 32-bit grey to 8 bits: `low` is black, `high` white, what is no number black."""
    if not high > low:
        return Image.new("L", part.size)
    pixels = np.nan_to_num(np.asarray(part).astype(np.float64), nan=low, posinf=high, neginf=low)
    return Image.fromarray(((pixels - low) * (255.0 / (high - low))).astype(np.uint8), "L")


# --- ground -----------------------------------------------------------------------------------------------------------
def ground_of(image: Image.Image) -> tuple[tuple[int, int, int], bool]:
    """White, or dark grey for what is itself nearly white; and whether any of it can be seen through."""
    if image.mode not in (*_CLEAR, "PA") and "transparency" not in image.info:
        return WHITE, False
    sample = image.resize(_within(image.size, SAMPLE_PX), Image.Resampling.NEAREST).convert("RGBA")
    pixels = np.asarray(sample).astype(np.float64)
    alpha = pixels[..., 3]
    if alpha.min() == 255:
        return WHITE, False
    light = (pixels[..., :3].mean(axis=2) * alpha).sum() / max(1.0, alpha.sum())
    return (DARK if light > LIGHT and alpha.any() else WHITE), True


def _within(size: tuple[int, int], side_px: int) -> tuple[int, int]:
    return min(size[0], side_px), min(size[1], side_px)


def flattened(part: Image.Image, ground: tuple[int, int, int]) -> Image.Image:
    if part.mode not in _CLEAR and "transparency" not in part.info:
        return part
    seen = part.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, (*ground, 255)), seen).convert("RGB")


# --- colours ----------------------------------------------------------------------------------------------------------
def srgb_of(image: Image.Image) -> Callable[[Image.Image], Image.Image]:
    """What makes a part of `image` sRGB: by its own profile, where it has one that fits, or as Lab, which has no other."""
    profile = image.info.get("icc_profile")
    mode = {"P": "RGB", "PA": "RGB", "RGBA": "RGB", "RGBa": "RGB", "LA": "L", "La": "L"}.get(image.mode, image.mode)
    if image.mode == "LAB":
        return _transform(ImageCms.createProfile("LAB"), "LAB")
    if profile and mode in ("RGB", "L", "CMYK"):
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):  # a broken profile: the plain colours stand
            return _transform(ImageCms.ImageCmsProfile(io.BytesIO(profile)), mode)
    return lambda part: part.convert("RGB")


def _transform(given, mode: str) -> Callable[[Image.Image], Image.Image]:
    made = ImageCms.buildTransform(given, ImageCms.createProfile("sRGB"), mode, "RGB")

    def to_srgb(part: Image.Image) -> Image.Image:
        return cast(Image.Image, ImageCms.applyTransform(part if part.mode == mode else part.convert(mode), made))

    return to_srgb
