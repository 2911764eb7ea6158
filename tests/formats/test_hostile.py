"""Every file of the shared hostile set comes out as its manifest says, in time and in bounded memory.

The rooms' own tests make hostile files of their own; these are many more, and skipped where the set is not there.
"""

import csv
import io
import json
import re
import time
from pathlib import Path

import numpy as np
import pytest
from django.core.files.storage import default_storage
from PIL import Image

from intake import limits
from intake.sandbox import sandbox
from labelling.models import Dataset, Item, Project, Upload
from tests.formats.worlds import file, new_dataset, reasons, refused, texts, upload_one
from tests.servers import SHARED

FOLDER = SHARED / "data" / "media" / "hostile" / "generated"
MANIFEST = FOLDER / "manifest.csv"
HERE = MANIFEST.exists()
ROWS = {row["file"]: row["expected"] for row in csv.DictReader(MANIFEST.open(encoding="utf-8"))} if HERE else {}
FILE_S = 5
MEDIUM = {"tables": "text", "audio": "audio", "audio_valid": "audio", "video": "video", "video_valid": "video"}
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not HERE, reason="the shared hostile files (../shared/data/media/hostile/generated) are absent"),
]

# rows added, rows refused, state: for what the manifest leaves open. Everything not named here it decides itself.
PINNED = {
    "archives/zip_slip.zip": (1, 8, "done"),
    "bombs/zip_nested.zip": (0, 10, "done"),
    "bombs/zip_many_entries.zip": (0, 4000, "done"),
    "polyglots/gif_comment_html.gif": (1, 0, "done"),
    "polyglots/jpeg_comment.jpg": (1, 0, "done"),
    "polyglots/jpeg_zip.jpg": (1, 0, "done"),
    "polyglots/gif_js.gif": (0, 1, "done"),
    "polyglots/png_text_chunks.png": (0, 1, "done"),
    "polyglots/pdf_js.pdf": (0, 1, "done"),
    "images/truncated.jpg": (0, 1, "done"),
    "images/wrong_extension.png": (1, 0, "done"),
    "metadata/gps_and_markup.jpg": (1, 0, "done"),
    "metadata/gps_zero_division.jpg": (1, 0, "done"),
    "valid_odd/float32.tif": (1, 0, "done"),
    "valid_odd/two_pages.tif": (1, 0, "done"),
    "tables/bom.csv": (4, 0, "done"),
    "tables/utf16_bom.csv": (4, 0, "done"),
    "tables/utf32.csv": (4, 0, "done"),
    "tables/utf16be_nobom.csv": (4, 0, "done"),
    "tables/gb18030.csv": (0, 0, "asks"),
    "tables/big5hkscs.csv": (0, 0, "asks"),
    "tables/latin1.csv": (0, 0, "asks"),
    "tables/cp1252_and_utf8_mixed.csv": (0, 0, "asks"),
    "tables/cr_only.csv": (3, 2, "done"),
    "tables/semicolon.csv": (4, 0, "done"),
    "tables/ragged.csv": (1, 3, "done"),
    "tables/duplicate_headers.csv": (0, 0, "asks"),
    "tables/header_only.csv": (0, 0, "failed"),
    "tables/huge_cell.csv": (0, 1, "done"),
    "tables/many_columns.csv": (0, 0, "failed"),
    "tables/proto_headers.csv": (0, 0, "asks"),  # no column named text: she says which it is
    "tables/formulas.xlsx": (0, 2, "done"),
    "tables/broken.jsonl": (2, 4, "done"),
    "tables/odd.json": (0, 1, "done"),
    "audio/truncated.wav": (1, 0, "done"),
    "video_valid/audio_only.mp4": (0, 1, "done"),
}


def sent(name: str) -> tuple[Dataset, Upload]:
    medium = MEDIUM.get(name.split("/")[0], "image")
    dataset = new_dataset("image" if medium == "video" else medium)
    if medium == "video":
        Project.objects.filter(pk=dataset.project_id).update(medium="video")
        dataset = Dataset.objects.select_related("project").get(pk=dataset.pk)
    path = FOLDER / name
    return dataset, upload_one(dataset, file(path.name, path.read_bytes()))


def must_be_taken(expected: str) -> bool:
    return expected.startswith("accept") and not re.search(r"\bor (reject|clear)", expected)


@pytest.mark.parametrize("name", ROWS)
def test_it_comes_out_as_the_manifest_says(name):
    began = time.process_time()
    dataset, made = sent(name)
    assert time.process_time() - began < FILE_S
    assert sandbox.peak_rss_kb < max(limits.CHILD_MEMORY_BYTES.values()) // 1024
    items = Item.objects.filter(dataset=dataset).count()
    assert made.rows_added == items
    if must_be_taken(ROWS[name]):
        assert (made.state, made.rows_refused) == ("done", 0)
        assert items >= 1
    elif ROWS[name].startswith("reject with a clear message") or "markup/" in name:
        assert items == 0
        assert made.error or reasons(made)
    if name in PINNED:
        assert (made.rows_added, made.rows_refused, made.state) == PINNED[name]
    for sentence in [made.error] if made.error else reasons(made):
        assert sentence.endswith((".", ")."))
        assert 10 < len(sentence) < 250


def shown(dataset: Dataset, variant: str = "320") -> np.ndarray:
    media = Item.objects.select_related("media").get(dataset=dataset).media
    with default_storage.open(media.variants[variant]["name"]) as stored:
        return np.asarray(Image.open(io.BytesIO(stored.read())).convert("RGB")).astype(float)


@pytest.mark.parametrize("number", range(2, 9))
def test_photos_are_shown_turned_as_their_tag_says(number):
    """Eight ways to store one picture: upright, they are one picture (up to what JPEG loses)."""
    one, other = shown(sent("metadata/orientation_1.jpg")[0]), sent(f"metadata/orientation_{number}.jpg")[0]
    path = FOLDER / f"metadata/orientation_{number}.jpg"
    with Image.open(path) as stored:
        pillow = np.asarray(upright_by_pillow(stored)).astype(float)
    ours = shown(other)
    assert ours.shape == pillow.shape
    assert np.abs(ours - pillow).mean() < 6
    if ours.shape != one.shape:
        assert ours.shape[:2] == one.shape[:2][::-1]


def upright_by_pillow(image: Image.Image) -> Image.Image:
    from PIL import ImageOps

    return ImageOps.exif_transpose(image).convert("RGB")


def test_colours_and_greys_are_those_of_the_picture():
    with Image.open(FOLDER / "valid_odd/cmyk.jpg") as stored:
        right = np.asarray(stored.convert("RGB")).astype(float)
    ours = shown(sent("valid_odd/cmyk.jpg")[0])
    assert np.abs(ours - right).mean() < 12 < np.abs(ours - (255 - right)).mean()
    grey = shown(sent("valid_odd/gray16.png")[0])
    assert 10 < grey.mean() < 245
    assert grey.std() > 10


def test_nothing_of_a_position_or_a_comment_is_served():
    for name in ("metadata/gps_and_markup.jpg", "polyglots/jpeg_comment.jpg"):
        content = (FOLDER / name).read_bytes()
        marks = [mark for mark in (b"script", b"Exif", b"GPS", b"=cmd", b"HYPERLINK", b"alert(") if mark in content]
        assert marks, name  # the control: the original has them
        dataset, _ = sent(name)
        media = Item.objects.select_related("media").get(dataset=dataset).media
        for variant in media.variants.values():
            with default_storage.open(variant["name"]) as stored:
                served = stored.read()
            assert not any(mark in served for mark in marks)
        assert "NaN" not in json.dumps(media.variants)


def test_tables_are_read_rightly_or_not_at_all():
    right = texts(sent("tables/crlf.csv")[0])
    assert len(right) == 4
    for name in ("bom.csv", "utf16_bom.csv", "utf32.csv", "semicolon.csv", "tab.tsv"):
        found = [text.replace("\r\n", "\n") for text in texts(sent(f"tables/{name}")[0])]
        assert found == [text.replace("\r\n", "\n") for text in right], name
    dataset, made = sent("tables/ragged.csv")
    assert texts(dataset) == ["x"]
    assert [place for _, place, _ in refused(made)] == ["line 2", "line 3", "line 6"]


def test_no_entry_of_a_zip_is_written_outside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = set(Path("/tmp").glob("*escape*"))
    _, made = sent("archives/zip_slip.zip")
    assert list(tmp_path.iterdir()) == []
    assert set(Path("/tmp").glob("*escape*")) == before
    assert set(reasons(made)) >= {
        "The name leads out of the zip.",
        "This is a link or a device, not a file.",
    }


def test_frames_keep_their_own_times():
    import av

    dataset, _ = sent("video_valid/variable_rate.mp4")
    media = Item.objects.select_related("media").get(dataset=dataset).media
    with default_storage.open(media.variants["video"]["name"]) as stored, av.open(stored) as clip:
        ours = [round(frame.pts * frame.time_base * 1000) for frame in clip.decode(video=0)]
    with av.open(str(FOLDER / "video_valid/variable_rate.mp4")) as clip:
        given = [round(frame.pts * frame.time_base * 1000) for frame in clip.decode(video=0)]
    assert [at - ours[0] for at in ours] == [at - given[0] for at in given]
    turned, _ = sent("video_valid/rotated90.mp4")
    media = Item.objects.select_related("media").get(dataset=turned).media
    assert (media.width_px, media.height_px) == (120, 160)
