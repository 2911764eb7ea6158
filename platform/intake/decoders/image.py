"""A picture to upright WebP variants without metadata. Runs in the child of intake.zygote only.

Of an animation or a file of many pages the first is taken. Transparency is laid on white and numbers deeper than 8 bits
are stretched from their least to their greatest, so that every worker sees the same picture.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import AvifImagePlugin, Image, ImageCms

from intake import limits
from intake.errors import Unsafe

SIDES_PX = (320, 640, 1280)
QUALITY = 80
STRIP_ROWS = 64
ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SWAPS_SIDES = (5, 6, 7, 8)

AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # a thread for each core would take the child's memory on a large machine
Image.MAX_IMAGE_PIXELS = None  # check_size has the say, before anything is decoded


def decode(path: Path, decoder: str, out: Path) -> dict:
    with Image.open(path, formats=[decoder]) as image:
        check_size(image)
        size = image.size
        load(image)
        turn = orientation(image)
        width_px, height_px = reversed(size) if turn in _SWAPS_SIDES else size
        upright = prepare(image, turn)
    return {
        "kind": "image",
        "width_px": width_px,
        "height_px": height_px,
        "turn": turn,
        "variants": write_variants(upright, out),
    }


def check_size(image: Image.Image) -> None:
    width_px, height_px = image.size
    if width_px * height_px > limits.IMAGE_PIXELS or max(image.size) > limits.IMAGE_SIDE_PX:
        most = limits.IMAGE_PIXELS // 1_000_000
        raise Unsafe("file", f"The picture is {width_px} x {height_px} pixels: at most {most} megapixels are taken.")
    if getattr(image, "n_frames", 1) > limits.FRAMES:
        raise Unsafe("file", f"The animation has {image.n_frames} frames: at most {limits.FRAMES} are taken.")
    image.seek(0)


def load(image: Image.Image) -> None:
    """Decode; JPEG straight to 1/2, 1/4 or 1/8 where that is still enough for the largest variant."""
    long_px = max(image.size)
    image.draft(None, tuple(max(1, side * SIDES_PX[-1] // long_px) for side in image.size))
    image.load()


def orientation(image: Image.Image) -> int:
    """1..8 of EXIF; 1 where it says nothing or nonsense. After `load`, which must not fail in here unheard."""
    try:
        turn = image.getexif().get(ORIENTATION, 1)
    except Exception:  # a broken EXIF block is no reason to lose a good picture
        return 1
    return turn if turn in _TURNS else 1


def prepare(image: Image.Image, turn: int) -> Image.Image:
    """Near the size of the largest variant, in 8-bit RGB of sRGB, upright.

    A strip at a time: what 40 megapixels decode to fits in the child's memory once, not twice.
    """
    factor = max(1, max(image.size) * 2 // (SIDES_PX[-1] * 3))
    to_eight, profile = eight_bit(image), image.info.get("icc_profile")
    small = Image.new("RGB", tuple(-(-side // factor) for side in image.size))
    for top in range(0, image.height, STRIP_ROWS * factor):
        strip = image.crop((0, top, image.width, min(top + STRIP_ROWS * factor, image.height)))
        eight = to_eight(strip)
        small.paste(to_srgb(flattened(eight.reduce(factor) if factor > 1 else eight), profile), (0, top // factor))
    image.close()
    return small.transpose(_TURNS[turn]) if turn in _TURNS else small


def eight_bit(image: Image.Image) -> Callable[[Image.Image], Image.Image]:
    """What makes a strip of `image` one that can be reduced: eight bits a band, no palette."""
    if image.mode in ("P", "PA"):
        mode = "RGBA" if image.mode == "PA" or "transparency" in image.info else "RGB"
        return lambda strip: strip.convert(mode)
    if image.mode == "F" or image.mode.startswith("I"):
        low, high = finite_range(image)
        return lambda strip: stretched(strip, low, high)
    return lambda strip: strip.convert("L") if strip.mode == "1" else strip


def finite_range(image: Image.Image) -> tuple[float, float]:
    low, high = np.inf, -np.inf
    for top in range(0, image.height, STRIP_ROWS):
        pixels = np.asarray(image.crop((0, top, image.width, min(top + STRIP_ROWS, image.height))))
        finite = pixels[np.isfinite(pixels)]
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    return low, high


def stretched(strip: Image.Image, low: float, high: float) -> Image.Image:
    """16 and 32-bit grey to 8 bits: `low` is black, `high` white, what is no number black."""
    if not high > low:
        return Image.new("L", strip.size)
    pixels = np.nan_to_num(np.asarray(strip).astype(np.float64), nan=low, posinf=high, neginf=low)
    return Image.fromarray(((pixels - low) * (255.0 / (high - low))).astype(np.uint8), "L")


def flattened(strip: Image.Image) -> Image.Image:
    if strip.mode not in ("RGBA", "LA", "RGBa", "La") and "transparency" not in strip.info:
        return strip
    seen = strip.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")


def to_srgb(strip: Image.Image, profile: bytes | None) -> Image.Image:
    """What a phone with wide colours took, in the colours that every screen shows."""
    if profile and strip.mode in ("RGB", "L", "CMYK"):
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):  # a broken profile: the plain colours stand
            given, srgb = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(strip, given, srgb, outputMode="RGB")
    return strip.convert("RGB")


def write_variants(image: Image.Image, out: Path) -> dict:
    """Largest first, each from the one before; a picture smaller than a variant is that variant as it is."""
    image.info.clear()
    variants: dict[str, dict] = {}
    made: dict = {}
    for side_px in reversed(SIDES_PX):
        smaller = fitted(image, side_px)
        if not made or smaller is not image:
            made = {"file": f"{side_px}.webp", "type": "image/webp", "width": smaller.width, "height": smaller.height}
            smaller.save(out / made["file"], "WEBP", quality=QUALITY, method=4)
        variants[str(side_px)] = made
        image = smaller
    return variants


def fitted(image: Image.Image, side_px: int) -> Image.Image:
    scale = side_px / max(image.size)
    if scale >= 1:
        return image
    size = tuple(max(1, round(side * scale)) for side in image.size)
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
