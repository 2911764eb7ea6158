"""Uploads become items: every good row, each once, and a reason for every row that is not taken."""

import http.server
import json
import threading
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.db import DataError, OperationalError

from delivery.models import OutboxEvent
from intake import remote
from labelling import tasks
from labelling.actions import import_upload as importing
from labelling.actions.add_items import add_text_item, text_hash
from labelling.actions.import_upload import import_upload
from labelling.actions.receive_upload import receive_upload
from labelling.importing import insert
from labelling.models import Gold, Item, RefusedRow, Upload
from people.models import AuditEntry
from people.refusals import Refusal
from proofs import canonical_bytes, sha256_hex
from tests.formats.worlds import (
    counts,
    file,
    new_dataset,
    owner,
    picture,
    reasons,
    refused,
    texts,
    upload,
    upload_one,
    zipped,
)

pytestmark = pytest.mark.django_db


# --- tables -----------------------------------------------------------------------------------------------------------
def test_csv_columns_become_text_id_metadata_and_gold():
    dataset = new_dataset()
    made = upload_one(
        dataset, file("a.csv", b"id,Text,source,gold,explanation\n7,good day,web,pos,plainly\n8,bad day,,,\n")
    )
    assert counts(made) == ("done", 2, 2, 0, 0)
    first, second = Item.objects.filter(project=dataset.project).order_by("pk")
    assert (first.payload, first.external_id, first.metadata) == ({"text": "good day"}, "7", {"source": "web"})
    assert (second.payload, second.external_id, second.metadata) == ({"text": "bad day"}, "8", {})
    gold = Gold.objects.get()
    assert (gold.item, gold.truth, gold.explanation) == (first, {"label": "pos"}, "plainly")
    events = list(
        OutboxEvent.objects.filter(name="items.added").values_list("payload", flat=True)
    )  # one for each chunk
    assert sum(event.pop("count") for event in events) == 2
    assert all(event == {"project": dataset.project_id, "dataset": dataset.pk} for event in events)
    assert AuditEntry.objects.get(action="upload.done").detail == {"rows_added": 2, "rows_known": 0, "rows_refused": 0}


def test_the_only_column_is_the_text_whatever_its_name():
    dataset = new_dataset()
    assert counts(upload_one(dataset, file("a.csv", b"sentence\nsawubona\nmolo\n"))) == ("done", 2, 2, 0, 0)
    assert texts(dataset) == ["sawubona", "molo"]


def test_the_same_upload_again_adds_nothing():
    dataset = new_dataset()
    content = b"text\none\ntwo\none\n"
    assert counts(upload_one(dataset, file("a.csv", content))) == ("done", 3, 2, 1, 0)
    assert counts(upload_one(dataset, file("b.csv", content))) == ("done", 3, 0, 3, 0)
    assert texts(dataset) == ["one", "two"]


def test_the_quick_hash_of_a_text_is_that_of_its_canonical_bytes():
    for text in ("", 'quo"ted \\ \n\t\x01', "é 貓 😀 \u2028", "\x7f\x80"):
        assert text_hash(text) == sha256_hex(canonical_bytes({"text": text}))


def test_an_upload_and_the_label_api_see_the_same_content():
    dataset = new_dataset()
    add_text_item(dataset, 'quo"ted \u00e9')
    made = upload_one(dataset, file("a.jsonl", json.dumps({"text": ' quo"ted \u00e9 '}).encode()))
    assert counts(made) == ("done", 1, 0, 1, 0)


def test_a_good_row_is_never_lost_to_a_bad_one():
    dataset = new_dataset()
    rows = [
        "id,text,gold",
        "1,fine,",
        "2,too,many,cells",
        "3,short",
        "",
        "4,,",
        "5,wrong gold,maybe",
        '6,"open quote,',
        "7,also fine,neg",
        '8,"two\nlines",',
        '9,quote"inside,',
    ]
    made = upload_one(dataset, file("a.csv", "\n".join(rows).encode()))
    assert counts(made) == ("done", 9, 4, 0, 5)
    assert texts(dataset) == ["fine", "also fine", "two\nlines", 'quote"inside']
    assert refused(made) == [
        (2, "line 3", "row"),
        (3, "line 4", "row"),
        (4, "line 6", "text"),
        (5, "line 7", "gold"),
        (6, "line 8", "row"),
    ]
    assert reasons(made)[0] == "The row has 4 cells, the header 3."
    assert "must be one of the project's labels: neg, pos" in reasons(made)[3]
    assert not Item.objects.filter(payload__text="wrong gold").exists()


def test_jsonl_rows_and_their_faults():
    dataset = new_dataset()
    lines = [
        '{"id": 1, "text": "ok", "gold": {"label": "pos"}, "metadata": {"a": 1}, "b": [2]}',
        '{"id": 2, "text": }',
        "",
        "null",
        '{"text": "x", "text": "y"}',
        '{"text": "nul \\u0000"}',
        '{"text": "half \\ud800"}',
        '{"text": "n", "score": NaN}',
        '{"text": "n", "score": 1e999}',
        '{"text": "deep", "m": ' + "[" * 60_000 + "]" * 60_000 + "}",
        '{"text": "deep", "m": ' + "[" * 40 + "]" * 40 + "}",
        '{"text": 5}',
        '{"text": "the path C:\\\\u0000 is fine"}',
        '{"text": "' + "x" * 50_001 + '"}',
        '{"text": "last"}',
    ]
    made = upload_one(dataset, file("a.jsonl", "\n".join(lines).encode()))
    assert counts(made) == ("done", 14, 3, 0, 11)
    assert texts(dataset) == ["ok", "the path C:\\u0000 is fine", "last"]
    assert Item.objects.get(external_id="1").metadata == {"a": 1, "b": [2]}
    assert [row for row, _, _ in refused(made)] == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13]
    assert Gold.objects.get().truth == {"label": "pos"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_that_say_what_they_are_any_delimiter_any_line_end(encoding, delimiter, end):
    dataset = new_dataset()
    table = end.join(
        delimiter.join(row) for row in (("id", "text"), ("1", "這隻貓，好可愛"), ("2", f'"naïve{end}café"'))
    )
    assert counts(upload_one(dataset, file("a.csv", table.encode(encoding)))) == ("done", 2, 2, 0, 0)
    assert texts(dataset) == ["這隻貓，好可愛", f"naïve{end}café"]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "gb18030", "big5hkscs"])
def test_rows_in_an_unnamed_encoding_are_refused_by_line_and_the_others_taken(encoding):
    dataset = new_dataset()
    word = {"gb18030": "這隻貓好可愛", "big5hkscs": "這隻貓好可愛"}.get(encoding, "café")
    made = upload_one(dataset, file("a.csv", f"id,text\n1,plain\n2,{word}\n3,also plain\n".encode(encoding)))
    assert counts(made) == ("done", 3, 2, 0, 1)
    assert texts(dataset) == ["plain", "also plain"]
    assert refused(made) == [(2, "line 3", "text")]
    assert "UTF-8" in reasons(made)[0]


def test_letters_that_are_utf8_by_chance_are_not_read_as_other_letters():
    dataset = new_dataset()
    by_chance, other = "貓".encode("gb18030"), "這隻好可愛".encode("gb18030")
    assert by_chance.decode() == "\u0608"  # what it would silently become
    made = upload_one(dataset, file("a.csv", b"text\n" + by_chance + b"\n" + other + b"\nplain\n"))
    assert (counts(made), texts(dataset)) == (("done", 3, 1, 0, 2), ["plain"])


def test_a_bad_byte_costs_its_own_row_only():
    dataset = new_dataset()
    made = upload_one(dataset, file("a.csv", "text\ncafé\ncrème\n".encode() + b"caf\xe9\n"))
    assert (counts(made), texts(dataset)) == (("done", 3, 2, 0, 1), ["café", "crème"])


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"id,text\n", "no rows"),
        (b"id,text,text\n1,a,b\n", "Two columns are named text"),
        (b"id,,text\n1,a,b\n", "Column 2 has no name"),
        ("id,text\n1,a\n".encode("utf-16-be"), "UTF-16"),
        (("c," * 300).encode() + b"text\n" + b"1," * 300 + b"x\n", "301 columns"),
    ],
)
def test_a_table_that_cannot_be_read_fails_with_one_sentence(content, part):
    made = upload_one(new_dataset(), file("a.csv", content))
    assert made.state == "failed"
    assert part in made.error
    assert Item.objects.count() == 0


def test_cells_that_are_too_long_are_refused_and_the_next_row_is_not():
    dataset = new_dataset()
    rows = [b"id,text", b'1,"' + b"a" * 600_000 + b'"', b"2," + b"b" * 60_000, b"3," + b"c" * 2_000_000, b"4,ok"]
    made = upload_one(dataset, file("a.csv", b"\n".join(rows)))
    assert counts(made) == ("done", 4, 1, 0, 3)
    assert texts(dataset) == ["ok"]


# --- media ------------------------------------------------------------------------------------------------------------
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

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(remote, "is_public", lambda address: address == "127.0.0.1")
    monkeypatch.setattr(remote, "PORTS_TAKEN", {server.server_port})
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


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


def test_addresses_are_fetched_through_the_guard():
    dataset = new_dataset("image")
    made = upload_one(dataset, urls=["http://127.0.0.1/a.png", "https://169.254.169.254/latest"])
    assert counts(made) == ("done", 2, 0, 0, 2)
    assert reasons(made) == ["The address leads to a private network."] * 2


# --- refusals: nothing has changed ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "files"),
        ({"urls": ["ftp://example.org/a"]}, "urls"),
        ({"urls": ["http://user@example.org/a"]}, "urls"),
        ({"urls": ["http://example.org/a"] * 10_001}, "urls"),
        ({"urls": [None]}, "urls"),
    ],
)
def test_what_cannot_be_received_leaves_nothing(given, field):
    dataset = new_dataset()
    with pytest.raises(Refusal) as refusal:
        receive_upload(owner(dataset), dataset, **given)
    assert refusal.value.field == field
    assert (Upload.objects.count(), OutboxEvent.objects.filter(name="upload.received").count()) == (0, 0)


def test_receiving_keeps_the_file_and_asks_for_the_import():
    dataset = new_dataset()
    (made,) = receive_upload(owner(dataset), dataset, files=[file("../../etc/a.csv", b"text\nx\n")])
    assert (made.file_name, made.state, made.kind) == ("a.csv", "waiting", "csv")
    assert default_storage.open(made.stored).read() == b"text\nx\n"
    assert OutboxEvent.objects.get(name="upload.received").payload == {"upload": made.pk}


# --- killed and repeated ----------------------------------------------------------------------------------------------
def rows_of(n: int) -> bytes:
    return b"id,text\n" + b"".join(b"%d,%s\n" % (i, b"" if i % 10 == 3 else b"text %d" % i) for i in range(n))


def test_an_import_killed_between_two_chunks_goes_on_where_it_was(monkeypatch):
    dataset = new_dataset()
    monkeypatch.setattr(importing, "TEXT_CHUNK_ROWS", 7)
    (made,) = receive_upload(owner(dataset), dataset, files=[file("a.csv", rows_of(50))])
    write, calls = importing._write, []

    def dies_at_the_third(upload, chunk):
        calls.append(len(chunk))
        if len(calls) == 3:
            raise OperationalError("the database went away")
        write(upload, chunk)

    monkeypatch.setattr(importing, "_write", dies_at_the_third)
    with pytest.raises(OperationalError):
        import_upload(made.pk)
    made.refresh_from_db()
    assert counts(made) == ("running", 14, 12, 0, 2)

    monkeypatch.setattr(importing, "_write", write)
    import_upload(made.pk)
    made.refresh_from_db()
    assert counts(made) == ("done", 50, 45, 0, 5)
    assert [row for row, _, _ in refused(made)] == [4, 14, 24, 34, 44]
    assert Item.objects.filter(dataset=dataset).count() == 45

    import_upload(made.pk)  # asked for once more
    made.refresh_from_db()
    assert counts(made) == ("done", 50, 45, 0, 5)


def test_a_long_import_stands_in_line_again_and_goes_on(monkeypatch):
    dataset = new_dataset()
    monkeypatch.setattr(importing, "TEXT_CHUNK_ROWS", 20)
    monkeypatch.setattr(tasks, "IMPORT_SLICE_S", 0)
    asked = []
    monkeypatch.setattr(tasks.import_upload, "delay", asked.append)
    (made,) = receive_upload(owner(dataset), dataset, files=[file("a.csv", rows_of(50))])
    for done in (20, 40, 50):
        tasks.import_upload(made.pk)
        made.refresh_from_db()
        assert (made.rows_done, made.state) == (done, "running")
    tasks.import_upload(made.pk)
    made.refresh_from_db()
    assert (counts(made), asked) == (("done", 50, 45, 0, 5), [made.pk] * 3)


def test_the_sweep_asks_again_for_what_nobody_finished(monkeypatch):
    dataset = new_dataset()
    (made,) = receive_upload(owner(dataset), dataset, files=[file("a.csv", b"text\nx\n")])
    asked = []
    monkeypatch.setattr(tasks.import_upload, "delay", asked.append)
    tasks.resume_long_jobs()
    assert asked == []  # just received: the outbox will ask
    Upload.objects.update(created_at="2026-01-01T00:00:00Z")
    tasks.resume_long_jobs()
    assert asked == [made.pk]


def test_a_value_that_the_database_refuses_costs_its_own_row_only(monkeypatch):
    """The checks should stop every such value; should one come through, its neighbours stay."""
    dataset = new_dataset()
    whole = insert._insert

    def picky(dataset, items):
        if any("poison" in item.payload["text"] for item in items):
            raise DataError("unsupported Unicode escape sequence")
        return whole(dataset, items)

    monkeypatch.setattr(insert, "_insert", picky)
    made = upload_one(dataset, file("a.csv", b"text\none\npoison\ntwo\n"))
    assert counts(made) == ("done", 3, 2, 0, 1)
    assert texts(dataset) == ["one", "two"]


def test_a_fault_of_ours_is_said_to_be_ours(monkeypatch):
    def broken(upload, most_s):
        raise RuntimeError("no")

    monkeypatch.setattr(importing, "_import", broken)
    made = upload_one(new_dataset(), file("a.csv", b"text\nx\n"))
    assert made.state == "failed"
    assert "our side" in made.error


def test_uploads_of_many_kinds_at_once_are_imported_each_for_itself():
    dataset = new_dataset()
    made = upload(
        dataset,
        file("a.csv", b"text\none\n"),
        file("b.jsonl", b'{"text":"two"}'),
        file("c.zip", zipped({"d.txt": b"three"})),
    )
    assert [one.kind for one in made] == ["csv", "jsonl", "zip"]
    assert texts(dataset) == ["one", "two", "three"]


def test_a_zip_of_an_office_document_is_refused():
    made = upload_one(new_dataset(), file("a.xlsx", zipped({"[Content_Types].xml": b"<x/>", "xl/a.xml": b"<x/>"})))
    assert made.state == "failed"
    assert "CSV" in made.error


def test_nothing_of_a_zip_is_written_under_its_own_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ["../escape.txt", "/tmp/ilima-escape.txt", "..\\w.txt", "C:\\d.txt", "ok.txt"]
    made = upload_one(new_dataset(), file("a.zip", zipped({name: b"text of " + name.encode() for name in names})))
    assert counts(made) == ("done", 5, 1, 0, 4)
    assert RefusedRow.objects.filter(upload=made, reason="The name leads out of the zip.").count() == 4
    assert list(tmp_path.iterdir()) == []
    assert zipfile.is_zipfile(default_storage.open(made.stored))
