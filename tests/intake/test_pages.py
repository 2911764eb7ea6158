"""A document's pages: pictures as every reader draws them, with their words; bounded, and one sentence for what cannot be opened."""

import numpy as np
import pytest
from PIL import Image

from intake import limits
from intake.errors import Unsafe
from intake.pages import pages_of
from intake.sandbox import sandbox
from tests.intake import files

RED = (255, 0, 0)


def read(tmp_path, content: bytes, *, of_pictures: bool = True):
    """[(picture, text)] and the notes."""
    path = tmp_path / "document"
    path.write_bytes(content)
    with pages_of(path, of_pictures=of_pictures) as (pages, notes):
        return [(Image.open(page.path).convert("RGB").copy(), page.text) for page in pages], notes


def refused(tmp_path, content: bytes) -> str:
    with pytest.raises(Unsafe) as unsafe:
        read(tmp_path, content)
    assert unsafe.value.field == "file"
    return unsafe.value.message


def test_pages_of_a_pdf_are_drawn_upright_at_200_dots_an_inch_with_their_words(tmp_path):
    pages, notes = read(tmp_path, files.pdf("First page", "Second (page)".replace("(", "\\(").replace(")", "\\)")))
    assert [text for _, text in pages] == ["First page", "Second (page)"]
    assert notes == []
    picture = pages[0][0]
    assert picture.size == (556, 278)  # 200 x 100 points, 72 an inch
    assert picture.getpixel((10, 260)) == RED
    assert picture.getpixel((10, 10)) == (255, 255, 255)
    assert np.asarray(picture.convert("L"))[100:160, 80:300].min() < 60, "the words are not drawn"


def test_a_large_sheet_is_drawn_smaller(tmp_path):
    [(picture, _)], _ = read(tmp_path, files.pdf("poster", size=(10_000, 10_000)))
    assert 0.98 * limits.PAGE_PIXELS < picture.width * picture.height < 1.01 * limits.PAGE_PIXELS
    assert picture.getpixel((1, picture.height - 2)) == RED


def test_the_same_document_has_the_same_pages_to_the_byte(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(files.pdf("One", "Two"))
    found = []
    for _ in range(2):
        with pages_of(path, of_pictures=False) as (pages, _):
            found.append([page.path.read_bytes() for page in pages])
    assert found[0] == found[1]


def test_pages_of_a_tiff_and_pictures_of_an_animation(tmp_path):
    turned = files.quadrants((40, 20))
    pages, _ = read(tmp_path, files.tiff_of_pages(Image.new("1", (30, 40), 1), turned))
    assert [(picture.size, text) for picture, text in pages] == [((30, 40), ""), ((40, 20), "")]
    assert pages[1][0].getpixel((5, 5)) == RED
    pages, _ = read(tmp_path, files.gif_of_frames(12))
    assert [picture.getpixel((0, 0))[0] for picture, _ in pages] == list(range(12))


def test_a_picture_of_its_own_has_no_pages(tmp_path):
    for content in (
        files.saved(files.quadrants(), "TIFF"),
        files.gif_of_frames(1),
        files.saved(files.quadrants(), "PNG"),
    ):
        assert read(tmp_path, content) == ([], [])
    assert read(tmp_path, files.gif_of_frames(3), of_pictures=False) == ([], [])


def test_a_photo_on_a_page_is_kept_as_jpeg_and_words_alone_without_loss(tmp_path):
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (60, 60, 3), dtype=np.uint8))
    path = tmp_path / "a"
    path.write_bytes(files.tiff_of_pages(Image.new("L", (20, 20), 200), noise))
    with pages_of(path, of_pictures=True) as (pages, _):
        assert [page.path.suffix for page in pages] == [".png", ".jpg"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (files.LOCKED_PDF, "locked with a password"),
        (files.pdf("a")[:60], "damaged or cut off"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 40, "damaged or cut off"),
        (files.pdf(*["x"] * (limits.PAGES + 1)), "101 pages: at most 100"),
        (files.gif_of_frames(limits.PAGES + 1), "101 pages: at most 100"),
        (files.tiff_of_pages(files.quadrants(), files.quadrants())[:400], "TIFF is damaged|cannot be read"),
    ],
    ids=["locked", "cut off", "noise", "too many pages", "too many pictures", "half a tiff"],
)
def test_what_cannot_be_opened_gets_one_sentence(tmp_path, content, said):
    message = refused(tmp_path, content)
    assert message.endswith(".")
    assert any(one in message for one in said.split("|")), message


def test_a_hundred_pages_are_opened_in_bounded_memory(tmp_path):
    pages, _ = read(tmp_path, files.pdf(*[f"page {number}" for number in range(limits.PAGES)], size=(612, 792)))
    assert [text for _, text in pages] == [f"page {number}" for number in range(limits.PAGES)]
    assert sandbox.peak_rss_kb < limits.CHILD_MEMORY_BYTES["pages"] // 1024


def test_words_beyond_the_bound_are_cut_and_that_is_said(tmp_path, monkeypatch):
    long = " ".join(["word"] * (limits.PAGE_SIGNS // 5 + 100))
    pages, notes = read(tmp_path, files.pdf(*[long] * 9))
    assert sum(len(text) for _, text in pages) == limits.PAGES_SIGNS
    assert len(pages[0][1]) <= limits.PAGE_SIGNS
    assert notes == [f"The text of the pages was kept up to {limits.PAGES_SIGNS:,} signs."]
