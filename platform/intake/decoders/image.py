"""A picture to upright WebP variants and tiles without metadata. Runs in the child of intake.zygote only.

Of an animation or a file of many pages the first is taken, and that is said. Numbers deeper than 8 bits are stretched from
their least to their greatest, so that every worker sees the same picture.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import AvifImagePlugin, Image, ImageFile, UnidentifiedImageError

from intake import limits
from intake.decoders.tiles import write_tiles
from intake.decoders.upright import DARK, SWAPS_SIDES, Upright, orientation
from intake.errors import Unsafe

SIDES_PX = (240, 320, 640, 1280)  # the least for pictures that stand three in a row
QUALITY = 80
LONGEST_PX = 16_000  # of a variant; WebP ends at 16,383
# What decoding holds for a pixel at most, by measurement: a codec's own copies, and four bytes of ours.
_WORKING_BYTES = {"AVIF": 9, "HEIF": 8, "JPEG2000": 20}
_BYTES_OF_MODE = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
_CUT_OFF_MOST = 0.05  # of a JPEG that breaks off: less is taken, and said
_FLAT, _FLAT_APART = 128, 2  # what a decoder paints where nothing came

AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # a thread for each core would take the child's memory on a large machine
Image.MAX_IMAGE_PIXELS = None  # check_size has the say, before anything is decoded
pillow_heif.options.DECODE_THREADS = 1
pillow_heif.register_heif_opener(thumbnails=False)


def decode(path: Path, decoder: str, out: Path) -> dict:
    image, facts = loaded(path, decoder)
    with image:
        left = orientation(image)  # after the load, which must not fail in there unheard
        picture = Upright(image, left)
        variants = write_variants(picture, out)
        variants |= write_tiles(picture, variants[str(SIDES_PX[-1])]["width"], out)
    width_px, height_px = facts["size"][::-1] if left in SWAPS_SIDES else facts["size"]
    turn = facts["turn"] or left
    return {
        "kind": "image",
        "width_px": width_px,
        "height_px": height_px,
        "turn": turn,
        "variants": variants,
        "notes": [*facts["notes"], *shown_otherwise(picture, turn)],
    }


def aided(path: Path, decoder: str, out: Path, make: Callable[[Upright, tuple[int, int], Path], None]) -> dict:
    """Files beside the picture that help whoever answers; `make` writes them into `out`, by the size of the upright original."""
    image, facts = loaded(path, decoder)
    with image:
        left = orientation(image)
        make(Upright(image, left), facts["size"][::-1] if left in SWAPS_SIDES else facts["size"], out)
    return {}


def loaded(path: Path, decoder: str) -> tuple[Image.Image, dict]:
    """Decoded, and what its header said: the size before any scaling, a turn that loading does by itself, notes."""
    image, facts = opened(path, decoder)
    try:
        image.load()
    except OSError as failure:
        if image.format not in ("JPEG", "MPO") or "truncated" not in str(failure):
            raise
        image.close()
        ImageFile.LOAD_TRUNCATED_IMAGES = True  # in this child, which dies with this file
        image, facts = opened(path, decoder)
        image.load()
        facts["notes"].append(check_rest(image))
    return image, facts


def opened(path: Path, decoder: str) -> tuple[Image.Image, dict]:
    try:
        image = Image.open(path, formats=[decoder])
    except UnidentifiedImageError:
        raise Unsafe(
            "file", f"This {decoder} is damaged, or of a kind that cannot be opened here: save it as PNG or JPEG."
        ) from None
    check_size(image)
    turn = orientation(image) if image.format == "TIFF" else None
    facts = {"size": image.size, "turn": turn, "notes": first_of_many(image)}
    scale_down(image)
    return image, facts


# --- what is taken ----------------------------------------------------------------------------------------------------
def check_size(image: Image.Image) -> None:
    width_px, height_px = image.size
    said, most = f"The picture is {width_px} x {height_px} pixels", limits.IMAGE_PIXELS // 1_000_000
    if width_px * height_px > limits.IMAGE_PIXELS or max(image.size) > limits.IMAGE_SIDE_PX:
        raise Unsafe("file", f"{said}: at most {most} megapixels are taken.")
    if _scale_of(image) is None:
        fitting = limits.IMAGE_WORKING_BYTES // _bytes_a_pixel(image) // 1_000_000
        raise Unsafe("file", f"{said}: as {image.format} at most {fitting} megapixels are taken, as JPEG {most}.")
    if (frames := getattr(image, "n_frames", 1)) > limits.FRAMES:
        raise Unsafe("file", f"The animation has {frames} frames: at most {limits.FRAMES} are taken.")
    image.seek(0)


def _bytes_a_pixel(image: Image.Image) -> int:
    turned = 2 if image.format == "TIFF" and orientation(image) != 1 else 1  # it is copied when it is turned
    return _WORKING_BYTES.get(image.format or "") or turned * _BYTES_OF_MODE.get(image.mode, 4)


def _scale_of(image: Image.Image) -> int | None:
    """1, or by how much the decoder must make it smaller so that it fits in the child's memory; None where it cannot."""
    scale = 1
    while image.width * image.height * _bytes_a_pixel(image) > limits.IMAGE_WORKING_BYTES * scale**2:
        scale *= 2
    return scale if scale == 1 or image.format in ("JPEG", "MPO", "JPEG2000") else None


def scale_down(image: Image.Image) -> None:
    scale = _scale_of(image) or 1
    if scale > 1 and image.format == "JPEG2000":
        setattr(image, "reduce", scale.bit_length() - 1)  # noqa: B010  of a Jpeg2KImageFile no method, but how much smaller it is read
    elif scale > 1:
        image.draft(None, (-(-image.width // scale), -(-image.height // scale)))


# --- what is said -----------------------------------------------------------------------------------------------------
def first_of_many(image: Image.Image) -> list[str]:
    many = getattr(image, "n_frames", 1)
    if many < 2 or image.format == "MPO":  # the further pictures of an MPO are what the camera made for itself
        return []
    if image.format == "TIFF":
        return [f"Page 1 of {many} was taken: send the other pages as files of their own if they are to be labelled."]
    return [f"Picture 1 of {many} is shown, and does not move."]


def shown_otherwise(picture: Upright, turn: int) -> list[str]:
    said = ["It was turned upright, as the file says."] if turn != 1 else []
    if min(picture.size) < limits.IMAGE_LEAST_PX:
        said.append(f"It is {picture.size[0]} x {picture.size[1]} pixels: a person sees next to nothing in it.")
    if picture.is_clear:
        said.append(f"What can be seen through is shown {'dark grey' if picture.ground == DARK else 'white'}.")
    return said


def check_rest(image: Image.Image) -> str:
    """One sentence about a JPEG that breaks off; Unsafe where too much of it is missing."""
    there = rows_there(image) / image.height
    if 1 - there > _CUT_OFF_MOST:
        share = round(there * 100)
        raise Unsafe("file", f"The file is damaged or cut off: only the upper {share} % of the picture is there.")
    return "The file breaks off before its end; the picture is there all but for its last rows."


def rows_there(image: Image.Image) -> int:
    for row in range(image.height - 1, -1, -1):
        pixels = np.asarray(image.crop((0, row, image.width, row + 1)), dtype=np.int16)
        if np.abs(pixels - _FLAT).max() > _FLAT_APART:
            return row + 1
    return 0


# --- variants ---------------------------------------------------------------------------------------------------------
def write_variants(picture: Upright, out: Path) -> dict:
    """Largest first, each from the one before; a picture smaller than a variant is that variant as it is."""
    largest_px = max(size_within(picture.size, SIDES_PX[-1]))
    image = picture.reduced(max(1, max(picture.size) * 2 // (largest_px * 3)))
    image.info.clear()
    variants: dict[str, dict] = {}
    made: dict = {}
    for side_px in reversed(SIDES_PX):
        smaller = resized(image, size_within(picture.size, side_px))
        if not made or smaller is not image:
            made = {"file": f"{side_px}.webp", "type": "image/webp", "width": smaller.width, "height": smaller.height}
            smaller.save(out / made["file"], "WEBP", quality=QUALITY, method=4)
        variants[str(side_px)] = made
        image = smaller
    return variants


def size_within(size: tuple[int, int], side_px: int) -> tuple[int, int]:
    """The long side is `side_px`; longer where the short one would be less than half of that, up to as many pixels as a square
    has. So a strip keeps a width in which something is seen, for no more bytes than a photo."""
    width, height = size
    by_area = sqrt(side_px**2 / (width * height))
    scale = max(side_px / max(size), min(side_px / 2 / min(size), by_area))
    scale = min(1.0, scale, LONGEST_PX / max(size))
    return max(1, round(width * scale)), max(1, round(height * scale))


def resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def fitted(image: Image.Image, side_px: int) -> Image.Image:
    """For a clip's poster."""
    return resized(image, size_within(image.size, side_px))
