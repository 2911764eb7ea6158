"""A good file comes out as upright variants without metadata; a bad one with a sentence, and nothing is kept."""

import io
import json
import os
import signal
from pathlib import Path

import numpy as np
import pytest
import soundfile
from django.core.files.storage import default_storage
from PIL import Image

from intake import limits, media, sandbox
from intake.decoders import audio
from intake.errors import Unsafe
from intake.media import store
from intake.models import Media
from tests.intake import files

pytestmark = pytest.mark.django_db
CORNERS = {"left top": "red", "right top": "green", "left bottom": "blue", "right bottom": "white"}
RGB = {"red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}


def kept(content: bytes, name: str = "a") -> Media:
    return store(1, io.BytesIO(content), name)


def variant(made: Media, name: str) -> bytes:
    with default_storage.open(made.variants[name]["name"]) as file:
        return file.read()


def picture_of(made: Media, name: str) -> Image.Image:
    return Image.open(io.BytesIO(variant(made, name))).convert("RGB")


def refused(content: bytes) -> str:
    with pytest.raises(Unsafe) as unsafe:
        kept(content)
    assert unsafe.value.field == "file"
    assert Media.objects.count() == 0
    return unsafe.value.message


# --- pictures ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("orientation", [1, 2, 3, 4, 5, 6, 7, 8])
def test_a_photo_is_turned_upright(orientation):
    made = kept(files.turned(orientation))
    assert (made.width_px, made.height_px) == (200, 100)
    shown = picture_of(made, "640")
    assert shown.size == (200, 100)
    for place, colour in CORNERS.items():
        x, y = (10 if "left" in place else 190), (10 if "top" in place else 90)
        assert np.abs(np.subtract(shown.getpixel((x, y)), RGB[colour])).max() < 40, place


def test_what_is_served_has_no_metadata():
    content = files.turned(6)
    assert b"CANARY" in content  # the control: it was there
    made = kept(content)
    for name in ("240", "320", "640", "1280"):
        assert b"CANARY" not in variant(made, name)
        shown = Image.open(io.BytesIO(variant(made, name)))
        assert dict(shown.getexif()) == {}
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(shown.info)


def test_four_sizes_and_never_larger_than_the_original():
    large = kept(files.saved(files.quadrants((3000, 1500)), "PNG"))
    assert (large.width_px, large.height_px) == (3000, 1500)
    sizes = {"240": (240, 120), "320": (320, 160), "640": (640, 320), "1280": (1280, 640)}
    assert {name: (large.variants[name]["width"], large.variants[name]["height"]) for name in sizes} == sizes
    for name in sizes:
        made = large.variants[name]
        shown = picture_of(large, name)
        assert (shown.size, made["type"], made["bytes"]) == (
            (made["width"], made["height"]),
            "image/webp",
            len(variant(large, name)),
        )
    small = kept(files.saved(files.quadrants((500, 100)), "PNG"))
    assert {name: v["width"] for name, v in small.variants.items()} == dict.fromkeys(["240", "320", "640", "1280"], 500)
    assert small.variants["640"] == small.variants["1280"]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF"])
def test_formats_are_told_by_their_bytes(format):
    made = kept(files.saved(files.quadrants(), format), "liar.mp3")
    assert (made.kind, made.file_name) == ("image", "liar.mp3")
    assert made.content_type == f"image/{format.lower()}"


def test_deep_grey_is_stretched_and_transparency_lies_on_white():
    grey = Image.fromarray(np.linspace(1000, 3000, 64 * 64).reshape(64, 64).astype(np.uint16))
    shown = np.asarray(picture_of(kept(files.saved(grey, "PNG")), "320"))[..., 0].astype(int)
    assert (shown.min(), shown.max()) == (pytest.approx(0, abs=6), pytest.approx(255, abs=6))
    clear = Image.new("RGBA", (50, 50), (255, 0, 0, 0))
    assert picture_of(kept(files.saved(clear, "PNG")), "320").getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "empty"),
        (b"x", "neither a picture"),
        (files.SVG, "SVG"),
        (b'<?xml version="1.0"?>' + files.SVG, "SVG"),
        (b"\xef\xbb\xbf \n" + files.SVG, "SVG"),
        (b"<html><script>alert(1)</script></html>", "HTML"),
        (b"%PDF-1.4 /OpenAction", "PDF"),
        (b"MZ\x90\x00" + bytes(60), "program"),
        (files.png_claiming(65_500, 65_500), "65500 x 65500"),
        (files.png_claiming(20_000, 5_001), "100 megapixels"),
        (files.gif_of_frames(1_001), "1001 frames"),
        (files.saved(files.quadrants(), "JPEG")[:900], "damaged"),
        (files.saved(files.quadrants(), "PNG")[:200], "damaged"),
        (b"GIF89a/*" + bytes(30) + b"*/=1;alert(1)", "damaged"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "neither a picture"),
        (b"push graphic-context\nviewbox 0 0 1 1\nfill 'url(https://x)'", "neither a picture"),
    ],
)
def test_hostile_pictures_are_refused_with_a_sentence(content, part):
    assert part in refused(content)


def test_a_picture_with_a_zip_behind_it_is_a_picture_and_nothing_else():
    made = kept(files.saved(files.quadrants(), "JPEG") + b"PK\x03\x04 <script>")
    assert made.kind == "image"
    assert b"script" not in variant(made, "1280")


# --- sounds -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("format", "subtype"),
    [("WAV", "PCM_16"), ("WAV", "PCM_24"), ("FLAC", None), ("MP3", None), ("OGG", "VORBIS"), ("AIFF", None)],
)
def test_a_sound_becomes_opus_and_peaks(format, subtype):
    made = kept(files.tone(2.0, format=format, subtype=subtype))
    assert made.kind == "audio"
    assert made.duration_ms == pytest.approx(2000, abs=60)
    samples, rate_hz = soundfile.read(io.BytesIO(variant(made, "opus")))
    assert (rate_hz, samples.ndim) == (16_000, 1)
    assert len(samples) / 16 == pytest.approx(made.duration_ms, abs=60)
    peaks = json.loads(variant(made, "peaks"))
    assert peaks["duration_ms"] == made.duration_ms
    levels = np.array(peaks["peaks"])
    assert levels[: len(levels) // 2 - 4].max() < 5
    assert levels[len(levels) // 2 + 4 : -4].mean() == pytest.approx(127, abs=8)


def test_a_long_sound_has_no_more_peaks_than_a_screen_can_show():
    made = kept(files.tone(90, rate_hz=8_000, channels=1))
    assert len(json.loads(variant(made, "peaks"))["peaks"]) <= 15_000
    assert made.duration_ms == 90_000


@pytest.mark.parametrize(
    "header",
    [
        {"channels": 0},
        {"rate_hz": 0},
        {"rate_hz": 2**32 - 1},
        {"bits": 65_535},
        {"align": 0},
        {"riff_bytes": 0},
        {"data_bytes": 2**32 - 1},
        {"tag": 0x4321},
    ],
)
def test_wav_headers_that_lie_are_refused(header):
    assert kept(files.wav_header()).kind == "audio"  # the control: as it is, it is taken
    Media.objects.all().delete()
    refused(files.wav_header(**header))


def test_a_sound_that_is_too_long_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(limits, "AUDIO_MS", 500)
    with pytest.raises(Unsafe, match="longer"):
        audio.encode(iter([np.zeros((16_000, 1), np.float32)]), 16_000, tmp_path)


# --- the row ----------------------------------------------------------------------------------------------------------
def test_the_same_bytes_are_one_row_in_an_organisation_and_never_shared_between_two():
    content = files.saved(files.quadrants(), "PNG")
    first, again, other = kept(content), kept(content, "b"), store(2, io.BytesIO(content), "c")
    assert first.pk == again.pk
    assert other.pk != first.pk
    assert other.original != first.original
    assert first.sha256 not in str(first.variants)  # an address must not tell what the file is


def test_two_imports_of_the_same_bytes_at_once_keep_one_and_clean_up_the_other(monkeypatch):
    content = files.saved(files.quadrants(), "PNG")
    decode, first = media.sandbox.decode, []

    def and_the_other_is_quicker(*order):
        made = decode(*order)
        monkeypatch.setattr(media.sandbox, "decode", decode)
        first.append((kept(content), _stored()))
        return made

    monkeypatch.setattr(media.sandbox, "decode", and_the_other_is_quicker)
    second = kept(content)
    ((quicker, stored),) = first
    assert (second.pk, Media.objects.count()) == (quicker.pk, 1)
    assert _stored() == stored


def _stored() -> set[str]:
    found: set[str] = set()

    def walk(folder: str) -> None:
        folders, names = default_storage.listdir(folder)
        found.update(f"{folder}/{name}" for name in names)
        for name in folders:
            walk(f"{folder}/{name}")

    for folder in ("originals", "variants"):
        walk(folder)
    return found


def test_names_are_fit_to_be_shown():
    assert media.clean_name("../../etc/pass\nwd\u202egpj.exe") == "passwdgpj.exe"
    assert media.clean_name("C:\\photos\\猫.jpg") == "猫.jpg"


# --- the child --------------------------------------------------------------------------------------------------------
def test_a_crashing_decoder_costs_one_file_and_the_next_one_is_taken(monkeypatch):
    kept(files.saved(files.quadrants((10, 10)), "PNG"))
    os.kill(sandbox.sandbox._process.pid, signal.SIGKILL)
    sandbox.sandbox._process.wait()
    assert kept(files.saved(files.quadrants((12, 12)), "PNG")).width_px == 12


def test_the_child_may_not_use_more_memory_than_it_should(tmp_path):
    """A control of the limit itself: the same picture with the limit lowered is refused."""
    content = files.saved(Image.new("RGB", (6000, 5000)), "PNG", compress_level=1)
    decode_with(sandbox.Sandbox(), content, "PNG", tmp_path)
    with pytest.raises(Unsafe, match="too much memory"):
        decode_with(sandbox.Sandbox(memory_bytes={"image": 128 * limits.MB}), content, "PNG", tmp_path)


def test_the_child_may_not_take_longer_than_it_should(tmp_path):
    content = files.tone(240, rate_hz=16_000, channels=1)
    for limited in (sandbox.Sandbox(cpu_s={"audio": 1}), sandbox.Sandbox(wall_s={"audio": 1})):
        with pytest.raises(Unsafe, match="too long"):
            decode_with(limited, content, "wav", tmp_path)


def test_a_zygote_that_hangs_is_given_up_and_replaced(monkeypatch, tmp_path):
    monkeypatch.setattr(sandbox, "GRACE_S", 0)
    box = sandbox.Sandbox(wall_s={"image": 3})
    content = files.saved(files.quadrants(), "PNG")
    assert decode_with(box, content, "PNG", tmp_path, stop=False)["width_px"] == 200
    os.kill(box._process.pid, signal.SIGSTOP)
    with pytest.raises(Unsafe, match="too long"):
        decode_with(box, content, "PNG", tmp_path, stop=False)
    assert decode_with(box, content, "PNG", tmp_path)["width_px"] == 200


def test_the_child_gets_no_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "CANARY")
    box = sandbox.Sandbox()
    decode_with(box, files.saved(files.quadrants(), "PNG"), "PNG", tmp_path, stop=False)
    environment = Path(f"/proc/{box._process.pid}/environ").read_bytes()
    box.stop()
    assert b"CANARY" not in environment
    assert b"DATABASE_URL" not in environment
    assert b"PYTHONPATH" in environment  # the control: this is what it has


def decode_with(box: sandbox.Sandbox, content: bytes, decoder: str, folder: Path, stop: bool = True) -> dict:
    path, out = folder / "original", folder / "out"
    path.write_bytes(content)
    out.mkdir(exist_ok=True)
    for left in out.iterdir():
        left.unlink()
    try:
        return box.decode(path, "image" if decoder == "PNG" else "audio", decoder, out)
    finally:
        if stop:
            box.stop()
