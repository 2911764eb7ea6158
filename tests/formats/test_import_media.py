"""Pictures, zips of them with a table, and addresses become items; what is not taken has its reason."""

import http.server
import json

import pytest
from django.core.files.storage import default_storage

from intake import remote
from labelling.models import Gold, Item, RefusedRow
from tests.formats.worlds import (
    counts,
    file,
    new_dataset,
    picture,
    reasons,
    refused,
    remarks,
    texts,
    upload_one,
    zipped,
)
from tests.intake import lengths
from tests.intake.files import tone
from tests.local_server import running

pytestmark = pytest.mark.django_db


def test_single_pictures_become_items_and_the_same_picture_is_one():
    dataset = new_dataset("image")
    same = picture("red")
    made = upload_one(dataset, file("a.png", same), file("b.png", picture("blue")), file("c.png", same))
    assert counts(made) == ("done", 3, 2, 1, 0)
    assert made.file_name == "3 files"
    first = Item.objects.select_related("media").order_by("pk").first()
    assert (first.external_id, first.media.kind, first.media.width_px, first.media.height_px) == (
        "a.png",
        "image",
        40,
        30,
    )
    assert first.content_hash == first.media.sha256
    assert default_storage.exists(first.media.original)


def test_a_bad_file_does_not_keep_the_good_ones_out():
    dataset = new_dataset("image")
    made = upload_one(dataset, file("a.svg", b"<svg onload='alert(1)'/>"), file("b.png", picture()), file("c.png", b""))
    assert counts(made) == ("done", 3, 1, 0, 2)
    assert refused(made) == [(1, "a.svg", "file"), (3, "c.png", "file")]
    assert "SVG" in reasons(made)[0]


def test_a_table_in_the_zip_names_the_files():
    dataset = new_dataset("image")
    index = b"file,id,place,gold\nx/a.png,A,shop,pos\nmissing.png,B,street,\nb.png,C,,\n"
    content = {"labels.csv": index, "x/a.png": picture("red"), "y/b.png": picture("blue"), "z/c.png": picture("green")}
    made = upload_one(dataset, file("all.zip", zipped(content)))
    assert counts(made) == ("done", 4, 2, 0, 2)
    first, second = Item.objects.order_by("pk")
    assert (first.external_id, first.metadata, first.gold.truth) == ("A", {"place": "shop"}, {"label": "pos"})
    assert (second.external_id, second.metadata) == ("C", {})
    assert refused(made) == [(2, "line 3", "file"), (4, "z/c.png", "file")]
    assert reasons(made) == ["There is no file named missing.png in the zip.", "labels.csv does not name this file."]


def test_a_table_that_comes_along_with_loose_pictures_names_them():
    dataset = new_dataset("image")
    made = upload_one(dataset, file("a.png", picture()), file("labels.csv", b"file,id\na.png,first\n"))
    assert counts(made) == ("done", 1, 1, 0, 0)
    assert Item.objects.get().external_id == "first"


def test_boxes_of_a_coco_file_in_the_zip_become_gold():
    dataset = new_dataset("image", "boxes")
    marks = [{"id": 1, "image_id": 5, "category_id": 2, "bbox": [1.4, 2.0, 100.0, 10.6], "iscrowd": 0}]
    categories = [{"id": 2, "name": "pos"}]
    coco = {"images": [{"id": 5, "file_name": "a.png", "width": 40, "height": 30}], "annotations": marks}
    content = {"instances.json": json.dumps({**coco, "categories": categories}).encode(), "a.png": picture()}
    assert counts(upload_one(dataset, file("all.zip", zipped(content)))) == ("done", 1, 1, 0, 0)
    assert Gold.objects.get().truth == {"boxes": [{"label": "pos", "x": 1, "y": 2, "width": 39, "height": 11}]}


def test_a_table_of_file_names_without_files_says_what_to_do():
    made = upload_one(new_dataset("image"), file("labels.csv", b"file\na.png\n"))
    assert (made.state, Item.objects.count()) == ("failed", 0)
    assert "put them into one zip" in made.error


def test_the_wrong_medium_is_refused_by_row():
    made = upload_one(new_dataset("audio"), file("a.png", picture()))
    assert reasons(made) == ["This is image, the project takes audio."]


def test_texts_in_a_zip_come_from_tables_and_text_files():
    dataset = new_dataset()
    content = {"a.csv": b"text\none\ntwo\n", "b.txt": b"three", "c.png": picture(), "d.jsonl": b'{"text": "four"}\n{'}
    made = upload_one(dataset, file("all.zip", zipped(content)))
    assert counts(made) == ("done", 6, 4, 0, 2)
    assert texts(dataset) == ["one", "two", "three", "four"]
    assert refused(made) == [(4, "c.png", "file"), (6, "d.jsonl, line 2", "row")]


@pytest.fixture
def web(monkeypatch):
    """A server on this machine that the guard is told to let us reach."""
    answers = {"/good.png": picture("red"), "/bad.png": b"<svg/>"}

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = answers.get(self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_):
            """Silence."""

    with running(Site) as server:
        monkeypatch.setattr(remote, "is_public", lambda address: address == "127.0.0.1")
        monkeypatch.setattr(remote, "PORTS_TAKEN", {server.server_port})
        yield f"http://127.0.0.1:{server.server_port}"


def test_addresses_in_a_list_or_a_table_become_items(web):
    dataset = new_dataset("image")
    made = upload_one(dataset, urls=[f"{web}/good.png", f"{web}/bad.png", f"{web}/none.png"])
    assert counts(made) == ("done", 3, 1, 0, 2)
    assert (made.file_name, [field for _, _, field in refused(made)]) == ("3 addresses", ["url", "url"])
    item = Item.objects.select_related("media").get()
    assert (item.external_id, item.media.file_name) == (f"{web}/good.png", "good.png")
    table = f"url,id,gold\n{web}/good.png,again,pos\n".encode()
    assert counts(upload_one(dataset, file("a.csv", table))) == ("done", 1, 0, 1, 0)
    assert Gold.objects.get().item == item  # the known picture's truth is told later


def test_a_blank_or_odd_address_costs_its_row_and_no_other(web):
    odd = ["", None, "ftp://a.example/b", "no address", f"{web}/a\nb.png", "http://x/\ud800", "http://h/" + "a" * 3000]
    dataset = new_dataset("image")
    made = upload_one(dataset, urls=[*odd, f" {web}/good.png ", f"{web}/none.png"])
    assert counts(made) == ("done", 9, 1, 0, 8), made.error
    rows = dict(RefusedRow.objects.filter(upload=made).values_list("row", "reason"))
    assert sorted(rows) == [1, 2, 3, 4, 5, 6, 7, 9]
    assert rows[1] == "The address is empty."
    assert "status 404" in rows[9]
    assert Item.objects.get().external_id == f"{web}/good.png"


def test_addresses_are_fetched_through_the_guard():
    dataset = new_dataset("image")
    made = upload_one(dataset, urls=["http://127.0.0.1/a.png", "https://169.254.169.254/latest"])
    assert counts(made) == ("done", 2, 0, 0, 2)
    assert reasons(made) == ["The address leads to a private network."] * 2


def test_what_a_sound_says_wrongly_of_itself_stands_in_the_report_each_time_it_is_sent():
    content = lengths.with_xing_of(lengths.mp3(6), 5_000)
    for name in ("first", "second"):
        dataset = new_dataset("audio", name=name)
        made = upload_one(dataset, file("a.mp3", content), file("b.wav", tone(1, 16_000)))
        ((row, about, text),) = remarks(made)
        assert (row, about, made.rows_remarked) == (1, "file", 1)
        assert "says it lasts 2:10.6 min, but 6.0 s could be played" in text
