"""The report of an upload reads as a story: what came, what became of it, what was left out and why, what was changed."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from labelling.models import RowRemark
from tests.formats.worlds import file, new_dataset, owner, picture, upload_one, zipped
from tests.intake import files
from tests.worlds import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    pages = files.saved(
        files.quadrants((60, 50)), "TIFF", save_all=True, append_images=[Image.new("RGB", (60, 50))] * 2
    )
    more = files.saved(files.quadrants((70, 50)), "TIFF", save_all=True, append_images=[Image.new("RGB", (70, 50))] * 8)
    content = {f"turned {n}.jpg": files.turned(n) for n in (3, 6, 8)}
    content |= {"scan.tif": pages, "long scan.tif": more, "same.jpg": files.turned(3), "plain.png": picture()}
    content |= {"broken.png": picture()[:60], "notes.pdf": b"%PDF-1.4", "inner.zip": zipped({"a.png": picture()})}
    dataset = new_dataset("image")
    made = upload_one(dataset, file("all.zip", zipped(content)))
    made.client = sign_in(Client(), owner(dataset))
    return made


def seen(made, query: str = "") -> str:
    html = made.client.get(reverse("console:upload", args=[made.pk]) + query).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_it_tells_in_order_what_came_and_what_became_of_it(made):
    text = seen(made)
    story = text[text.index("What became of it") :]
    facts = [
        "10 rows or files came.",
        "6 became items.",
        "1 was an item already",
        "3 were left out:",
        "To know of what was taken:",
    ]
    places = [story.index(fact) for fact in facts]
    assert places == sorted(places)
    assert "4 × It was turned upright, as the file says." in story
    assert re.search(r"2 × Page 1 of [39] was taken", story)  # nine pages and three are one kind of sentence
    for once in ("1 × The file cannot be read", "1 × This is a PDF", "1 × This is a zip inside what was sent"):
        assert once in story


def test_each_sentence_leads_to_its_rows(made):
    first = RowRemark.objects.filter(upload=made, remark__startswith="Page 1").first()
    text = seen(made, f"?remark={first.pk}")
    rows = text[text.index("Taken, with a remark") :]
    assert "scan.tif" in rows
    assert "turned 6.jpg" not in rows
    assert "turned 6.jpg" in seen(made)  # the control
    broken = made.refused.get(name="broken.png")
    rows = seen(made, f"?why={broken.pk}").split("Refused rows")[1].split("Taken, with a remark")[0]
    assert "broken.png" in rows
    assert "notes.pdf" not in rows


def test_a_row_of_another_upload_opens_nothing(made):
    other = upload_one(new_dataset("image", name="Other"), file("a.png", b"%PDF"))
    theirs = other.refused.get()
    assert "broken.png" in seen(made, f"?why={theirs.pk}")
    assert "broken.png" in seen(made, "?why=x&remark=99999999999999999999")


def test_where_all_went_well_it_says_so():
    dataset = new_dataset("image")
    good = upload_one(dataset, file("a.png", picture()))
    good.client = sign_in(Client(), owner(dataset))
    text = seen(good)
    assert "1 row or file came." in text
    assert "Nothing was left out." in text
    assert "Refused rows" not in text
