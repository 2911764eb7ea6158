"""What a worker can see of any picture: large, long, deep, turned, see-through, of many pages, cut off."""

import io
import json

import numpy as np
import pillow_heif
import pytest
from django.core.files.storage import default_storage
from PIL import Image, ImageCms, ImageDraw

from intake import limits
from intake.decoders.image import loaded
from intake.errors import Unsafe
from intake.media import store
from intake.models import Media
from intake.sandbox import sandbox
from tests.intake import files
from tests.intake.test_media import CORNERS, RGB

pytestmark = pytest.mark.django_db
pillow_heif.register_heif_opener()


def kept(content: bytes) -> Media:
    return store(1, io.BytesIO(content), "a")


def refused(content: bytes) -> str:
    with pytest.raises(Unsafe) as unsafe:
        kept(content)
    return unsafe.value.message


def variant(made: Media, name: str) -> bytes:
    with default_storage.open(made.variants[name]["name"]) as file:
        return file.read()


def shown(made: Media, name: str = "1280") -> Image.Image:
    return Image.open(io.BytesIO(variant(made, name))).convert("RGB")


def level(made: Media, number: int) -> Image.Image:
    """A level put together again from its tiles, as the phone does it."""
    index, packed, at = json.loads(variant(made, "tiles_index")), variant(made, "tiles"), 0
    for k, one in enumerate(index["levels"]):
        across = -(-one["width"] // index["tile_px"])
        whole = Image.new("RGB", (one["width"], one["height"]))
        for place, size_bytes in enumerate(one["bytes"]):
            tile = Image.open(io.BytesIO(packed[at : at + size_bytes]))
            whole.paste(tile, (place % across * index["tile_px"], place // across * index["tile_px"]))
            at += size_bytes
        if k == number:
            return whole
    raise AssertionError(f"there are {len(index['levels'])} levels")


def letters(size: tuple[int, int], step: int = 97) -> Image.Image:
    """Single dark pixels in known places: dust in any variant that is much smaller."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    for y in range(5, size[1] - 5, step):
        for x in range(5, size[0] - 5, step):
            pen.point((x, y), fill="black")
    return image


def darkest(image: Image.Image, x: float, y: float, reach: int = 1) -> int:
    return min(
        image.crop((int(x) - reach, int(y) - reach, int(x) + reach + 1, int(y) + reach + 1)).convert("L").tobytes()
    )


# --- detail -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("turn", [1, 3, 6, 7])
def test_small_things_of_a_large_photo_are_seen_in_its_tiles_upright(turn):
    upright = letters((3000, 2000))
    exif = Image.Exif()
    exif[0x0112] = turn
    content = files.saved(files.undone(upright, turn), "JPEG", quality=95, exif=exif.tobytes())
    made = kept(content)
    assert (made.width_px, made.height_px, made.turn) == (3000, 2000, turn)
    sharpest = level(made, 0)
    assert sharpest.size == (3000, 2000)
    for x, y in ((5, 5), (5 + 97 * 10, 5), (5, 5 + 97 * 19), (5 + 97 * 30, 5 + 97 * 20)):
        assert darkest(sharpest, x, y) < 100, (x, y)
        small = 1280 / 3000
        assert darkest(shown(made), x * small, y * small) > 140, "the control: what was there before"
    assert made.notes == ([] if turn == 1 else ["It was turned upright, as the file says."])


def test_each_level_is_half_the_one_before_and_none_repeats_the_largest_variant():
    made = kept(files.saved(letters((3600, 1800)), "PNG", compress_level=1))
    levels = json.loads(variant(made, "tiles_index"))["levels"]
    assert [(one["width"], one["height"]) for one in levels] == [(3600, 1800), (1800, 900)]
    assert sum(sum(one["bytes"]) for one in levels) == made.variants["tiles"]["bytes"]
    again = kept(files.saved(letters((3600, 1800)), "BMP"))
    assert variant(again, "tiles") == variant(made, "tiles")  # the same pixels, the same bytes


def test_a_picture_that_the_largest_variant_shows_has_no_tiles():
    assert set(kept(files.saved(files.quadrants((1500, 1000)), "PNG")).variants) == {"240", "320", "640", "1280"}


@pytest.mark.parametrize(("size", "least_px"), [((400, 29_000), 140), ((12_000, 900), 340), ((30_000, 80), 40)])
def test_a_long_strip_keeps_a_width_in_which_something_is_seen(size, least_px):
    made = kept(files.saved(letters(size, 37), "PNG", compress_level=1))
    largest = made.variants["1280"]
    assert min(largest["width"], largest["height"]) >= least_px
    assert largest["width"] * largest["height"] <= 1280 * 1280 * 1.02  # and no more bytes than a photo
    assert level(made, 0).size == size


# --- size -------------------------------------------------------------------------------------------------------------
@pytest.mark.slow  # seconds: it is as large as can be
def test_a_photo_of_100_megapixels_is_taken_whole_within_its_memory():
    sandbox.peak_rss_kb, (width, height) = 0, (12_000, 8_300)
    image = Image.new("RGB", (width, height), (200, 200, 200))
    ImageDraw.Draw(image).rectangle((width - 40, height - 40, width - 30, height - 30), fill="black")
    made = kept(files.saved(image, "JPEG", quality=80))
    assert (made.width_px, made.height_px) == (width, height)
    sharpest = json.loads(variant(made, "tiles_index"))["levels"][0]
    assert (sharpest["width"], sharpest["height"]) == (width, height)
    last = variant(made, "tiles")[sum(sharpest["bytes"][:-1]) : sum(sharpest["bytes"])]
    assert darkest(Image.open(io.BytesIO(last)), (width - 35) % 512, (height - 35) % 512) < 60
    assert 350 < sandbox.peak_rss_kb / 1024 < 560


@pytest.mark.parametrize(("size", "said"), [((1, 1), True), ((7, 300), True), ((5_000, 4), True), ((8, 8), False)])
def test_what_hardly_anybody_can_see_is_said_before_it_is_paid_for(size, said):
    made = kept(files.saved(Image.new("RGB", size), "PNG"))
    assert (made.width_px, made.height_px) == size
    assert made.notes == ([f"It is {size[0]} x {size[1]} pixels: a person sees next to nothing in it."] if said else [])


def test_what_needs_more_memory_than_there_is_is_decoded_smaller_or_says_how_large_it_may_be(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "IMAGE_WORKING_BYTES", 4 * 1_000_000)
    photo = files.quadrants((2000, 1500))
    for format, factor in (("JPEG", 2), ("JPEG2000", 4)):
        (tmp_path / "photo").write_bytes(files.saved(photo, format))
        opened, facts = loaded(tmp_path / "photo", format)
        assert (facts["size"], opened.size) == ((2000, 1500), (2000 // factor, 1500 // factor))
    for format, most in (("PNG", 1), ("AVIF", 0)):
        (tmp_path / "photo").write_bytes(files.saved(photo, format))
        with pytest.raises(Unsafe, match=f"as {format} at most {most} megapixels are taken, as JPEG 100"):
            loaded(tmp_path / "photo", format)


# --- formats ----------------------------------------------------------------------------------------------------------
def lab(image: Image.Image) -> Image.Image:
    given, wanted = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    return ImageCms.profileToProfile(image, given, wanted, outputMode="LAB")


FORMATS = {
    "heic": lambda image: files.saved(image, "HEIF"),
    "jp2": lambda image: files.saved(image, "JPEG2000"),
    "jp2 without its container": lambda image: files.saved(image, "JPEG2000", no_jp2=True),
    "avif": lambda image: files.saved(image, "AVIF"),
    "lab tiff": lambda image: files.saved(lab(image), "TIFF"),
    "cmyk tiff": lambda image: files.saved(image.convert("CMYK"), "TIFF"),
    "cmyk jpeg": lambda image: files.saved(image.convert("CMYK"), "JPEG"),
    "ycbcr tiff": lambda image: files.saved(image.convert("YCbCr"), "TIFF"),
    "palette": lambda image: files.saved(image.quantize(4), "PNG"),
    "mpo": lambda image: files.saved(image, "MPO", save_all=True, append_images=[image]),
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_colours_are_where_they_were(name):
    made = kept(FORMATS[name](files.quadrants((200, 100))))
    assert (made.width_px, made.height_px, made.notes) == (200, 100, [])
    for place, colour in CORNERS.items():
        x, y = (10 if "left" in place else 190), (10 if "top" in place else 90)
        assert np.abs(np.subtract(shown(made).getpixel((x, y)), RGB[colour])).max() < 40, (name, place)


@pytest.mark.parametrize("format", ["PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
@pytest.mark.parametrize("turn", [3, 6, 8])
def test_every_format_is_turned_upright(format, turn):
    exif = Image.Exif()
    exif[0x0112] = turn
    made = kept(files.saved(files.undone(files.quadrants(), turn), format, exif=exif.tobytes()))
    assert (made.width_px, made.height_px) == (200, 100)
    assert np.abs(np.subtract(shown(made).getpixel((10, 10)), RGB["red"])).max() < 40
    assert np.abs(np.subtract(shown(made).getpixel((190, 90)), RGB["white"])).max() < 40


def test_wide_colours_are_shown_as_they_were_meant():
    """Through a profile that swaps nothing but widens: the same numbers mean a stronger green."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = kept(files.saved(Image.new("RGB", (20, 20), (60, 160, 60)), "PNG", icc_profile=profile))
    assert np.abs(np.subtract(shown(plain).getpixel((5, 5)), (60, 160, 60))).max() < 6
    broken = kept(files.saved(Image.new("RGB", (21, 20), (60, 160, 60)), "PNG", icc_profile=b"no profile"))
    assert np.abs(np.subtract(shown(broken).getpixel((5, 5)), (60, 160, 60))).max() < 6


@pytest.mark.parametrize(
    ("ink", "said"), [((255, 255, 255), "dark grey"), ((0, 0, 0), "white"), ((250, 240, 230), "dark grey")]
)
def test_what_is_see_through_lies_on_a_ground_on_which_the_rest_is_seen(ink, said):
    clear = Image.new("RGBA", (80, 80), (*ink, 0))
    ImageDraw.Draw(clear).rectangle((20, 20, 60, 60), fill=(*ink, 255))
    made = kept(files.saved(clear, "PNG"))
    assert made.notes == [f"What can be seen through is shown {said}."]
    drawn, ground = shown(made).getpixel((40, 40)), shown(made).getpixel((5, 5))
    assert np.abs(np.subtract(drawn, ground)).max() > 120


# --- many and cut off -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("format", "said"),
    [("TIFF", "Page 1 of 3"), ("GIF", "Picture 1 of 3"), ("WEBP", "Picture 1 of 3"), ("PNG", "Picture 1 of 3")],
)
def test_of_many_the_first_is_taken_and_that_is_said(format, said):
    others = [Image.new("RGB", (200, 100), colour) for colour in ("red", "blue")]
    made = kept(files.saved(files.quadrants(), format, save_all=True, append_images=others))
    assert len(made.notes) == 1
    assert made.notes[0].startswith(said)
    assert np.abs(np.subtract(shown(made).getpixel((190, 90)), RGB["white"])).max() < 40


def test_a_photo_that_breaks_off_is_taken_if_nearly_all_of_it_is_there_and_that_is_said():
    photo = files.saved(Image.effect_noise((600, 600), 60).convert("RGB"), "JPEG", quality=90)
    whole = kept(photo)
    assert whole.notes == []
    nearly = kept(photo[: int(len(photo) * 0.99)])
    assert "breaks off before its end" in nearly.notes[0]
    said = refused(photo[: len(photo) // 2])
    share = int(said.split("upper ")[1].split(" %")[0])
    assert 45 <= share <= 56
    progressive = files.saved(Image.effect_noise((601, 600), 60).convert("RGB"), "JPEG", progressive=True)
    assert "breaks off" in kept(progressive[: len(progressive) * 9 // 10]).notes[0]
