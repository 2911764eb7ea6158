"""Uploads are received or refused as a whole; their import can be killed, repeated and asked for twice."""

import zipfile

import pytest
from django.core.files.storage import default_storage
from django.db import DataError, OperationalError

from delivery.models import OutboxEvent
from kernel.errors import DomainError
from labelling import tasks
from labelling.data import import_upload as importing
from labelling.data import insert
from labelling.data.import_upload import import_upload
from labelling.data.receive_upload import receive_upload
from labelling.models import Item, RefusedRow, Upload
from ledger import clock
from tests.formats.worlds import (
    counts,
    file,
    new_dataset,
    owner,
    refused,
    texts,
    upload,
    upload_one,
    zipped,
)

pytestmark = pytest.mark.django_db


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
    with pytest.raises(DomainError) as refusal:
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
    monkeypatch.setattr(tasks.import_next, "delay", lambda: asked.append("next"))
    (made,) = receive_upload(owner(dataset), dataset, files=[file("a.csv", rows_of(50))])
    for done in (20, 40, 50):
        tasks.import_next()
        made.refresh_from_db()
        assert (made.rows_done, made.state) == (done, "running")
    tasks.import_next()
    made.refresh_from_db()
    assert (counts(made), asked) == (("done", 50, 45, 0, 5), ["next"] * 4)
    tasks.import_next()
    assert len(asked) == 4  # nothing is left: nobody stands in line


def test_the_sweep_asks_again_for_what_nobody_finished(monkeypatch):
    dataset = new_dataset()
    receive_upload(owner(dataset), dataset, files=[file("a.csv", b"text\nx\n")])
    asked = []
    monkeypatch.setattr(tasks.import_next, "delay", lambda: asked.append("next"))
    tasks.resume_long_jobs()
    assert asked == []  # just received: the outbox will ask
    Upload.objects.update(created_at="2026-01-01T00:00:00Z")
    tasks.resume_long_jobs()
    assert asked == ["next"]
    Upload.objects.update(turn_at=clock.now())  # somebody is at it
    tasks.resume_long_jobs()
    assert asked == ["next"]


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
    assert (made.state, made.rows_added) == ("failed", 0)
    assert "cannot be read" in made.error


def test_nothing_of_a_zip_is_written_under_its_own_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ["../escape.txt", "/tmp/ilima-escape.txt", "..\\w.txt", "C:\\d.txt", "ok.txt"]
    made = upload_one(new_dataset(), file("a.zip", zipped({name: b"text of " + name.encode() for name in names})))
    assert counts(made) == ("done", 5, 1, 0, 4)
    assert RefusedRow.objects.filter(upload=made, reason="The name leads out of the zip.").count() == 4
    assert list(tmp_path.iterdir()) == []
    assert zipfile.is_zipfile(default_storage.open(made.stored))
