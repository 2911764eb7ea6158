"""Documents as items of parts: a PDF, a TIFF of many pages or an animation by itself, in a zip, or named by a table."""

import pytest
from django.db.models import QuerySet

from labelling.data.items import find_items
from labelling.models import Item, PartMedia
from tests.formats.test_parts import lines
from tests.formats.worlds import counts, file, new_dataset, picture, reasons, refused, upload_one, zipped
from tests.intake import files

pytestmark = pytest.mark.django_db


def test_a_pdf_by_itself_is_an_item_whose_pages_are_its_parts():
    dataset = new_dataset("parts")
    made = upload_one(dataset, file("contract.pdf", files.pdf("The parties agree", "Signed in Durban")))
    assert counts(made) == ("done", 1, 1, 0, 0)
    item = Item.objects.get()
    assert item.external_id == "contract.pdf"
    assert [(part["id"], part["role"], part["kind"], part["text"]) for part in item.payload["parts"]] == [
        ("p1-1", "page", "page", "The parties agree"),
        ("p1-2", "page", "page", "Signed in Durban"),
    ]
    assert [(part["width_px"], part["file_name"]) for part in item.payload["parts"]] == [(556, "contract.pdf")] * 2
    assert {one.part: one.media.kind for one in PartMedia.objects.all()} == {"p1-1": "image", "p1-2": "image"}
    assert [one.pk for one in find_items(dataset.project, {"q": "durban"})[0]] == [item.pk]  # words of pages are found
    again = upload_one(dataset, file("contract.pdf", files.pdf("The parties agree", "Signed in Durban")))
    assert counts(again) == ("done", 1, 0, 1, 0)


def test_how_far_a_document_is_is_told_while_it_is_taken_in(monkeypatch):
    told = []
    update = QuerySet.update

    def seen(rows, **fields):
        told.append((fields.get("pages_done"), fields.get("pages_total"))) if "pages_done" in fields else None
        return update(rows, **fields)

    monkeypatch.setattr(QuerySet, "update", seen)
    monkeypatch.setattr("labelling.data.import_upload.TOLD_S", 0)
    made = upload_one(new_dataset("parts"), file("a.pdf", files.pdf("one", "two", "three")))
    assert told == [(1, 3), (2, 3), (3, 3), (None, None)]
    assert (made.pages_done, made.pages_total) == (None, None)


def test_a_folder_of_documents_and_scans():
    dataset = new_dataset("parts")
    scan, two = picture("red"), files.tiff_of_pages(files.quadrants(), files.quadrants((60, 30)))
    made = upload_one(
        dataset,
        file("a.pdf", files.pdf("one")),
        file("b/scan.png", scan),
        file("c.tif", two),
        file("d.pdf", files.LOCKED_PDF),
    )
    assert counts(made) == ("done", 4, 3, 0, 1)
    assert reasons(made) == ["The PDF is locked with a password: save it without one."]
    pages = {item.external_id: [part["width_px"] for part in item.payload["parts"]] for item in Item.objects.all()}
    assert pages == {"a.pdf": [556], "scan.png": [40], "c.tif": [200, 60]}


def test_a_table_names_documents_beside_other_parts():
    dataset = new_dataset("parts")
    table = b"prompt,page,gold\nIs it signed?,contract.pdf,pos\nIs it moving?,a.gif,neg\nIs it there?,missing.pdf,neg\n"
    content = {"t.csv": table, "contract.pdf": files.pdf("Agreed", "Signed"), "a.gif": files.gif_of_frames(3)}
    made = upload_one(dataset, file("all.zip", zipped(content)))
    assert counts(made) == ("done", 3, 2, 0, 1)
    assert reasons(made) == ["There is no file named missing.pdf in the zip."]
    first, second = Item.objects.order_by("pk")
    assert [(part["role"], part.get("text")) for part in first.payload["parts"]] == [
        ("prompt", "Is it signed?"),
        ("page", "Agreed"),
        ("page", "Signed"),
    ]
    assert (first.gold.truth, len(second.payload["parts"])) == ({"label": "pos"}, 4)


def test_an_animation_is_pages_only_where_pages_are_meant():
    dataset = new_dataset("parts")
    rows = lines({"parts": [{"role": "candidate", "file": "a.gif"}, {"role": "candidate", "file": "b.pdf", "kind": "audio"}]},
                 {"parts": [{"role": "candidate", "file": "a.gif"}]})  # fmt: skip
    made = upload_one(
        dataset, file("all.zip", zipped({"r.jsonl": rows, "a.gif": files.gif_of_frames(3), "b.pdf": files.pdf("x")}))
    )
    assert counts(made)[:3] == ("done", 2, 1)
    assert refused(made) == [(1, "line 1", "parts[1].kind")]
    [part] = Item.objects.get().payload["parts"]
    assert part["kind"] == "image"


def test_pages_and_other_parts_are_counted_together():
    dataset = new_dataset("parts")
    parts = [{"role": "page", "file": f"{n}.pdf"} for n in range(3)]
    content = {f"{n}.pdf": files.pdf(*[str(n)] * 80) for n in range(3)}
    made = upload_one(dataset, file("all.zip", zipped({"r.jsonl": lines({"parts": parts}), **content})))
    assert (counts(made)[4], reasons(made)) == (
        1,
        ["parts are 240 with the pages of their files: at most 200 are taken."],
    )


def test_a_document_in_another_project_is_refused_with_where_it_belongs():
    for medium in ("image", "audio"):
        made = upload_one(new_dataset(medium, name=medium), file("a.pdf", files.pdf("x")))
        assert reasons(made) == [
            "This is a PDF: its pages are labelled in a project on items of several parts. Here, send them as pictures."
        ]
