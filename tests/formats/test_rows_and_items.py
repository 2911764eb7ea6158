"""Every row that was sent can be found again: its id, its name, its metadata, and what became of it."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from labelling.models import Gold, Item, ItemRow
from people.models import AuditEntry
from tests.formats.decided import built, crew, decide, downloaded, new_batch
from tests.formats.worlds import (
    counts,
    file,
    new_dataset,
    owner,
    picture,
    reasons,
    remarks,
    texts,
    upload,
    upload_one,
    zipped,
)

pytestmark = pytest.mark.django_db


def exported(dataset, value: dict) -> dict[str, object]:
    """Each format of a release in which every item of the project has the same decision."""
    batch, workers = new_batch(dataset), crew(1)
    for item in Item.objects.filter(project=dataset.project).select_related("project").order_by("pk"):
        decide(item, batch, value, workers)
    release = built(dataset)
    lines = [json.loads(line) for line in downloaded(release, "jsonl").splitlines()]
    rows = list(csv.DictReader(io.StringIO(downloaded(release, "csv").decode("utf-8-sig"), newline="")))
    boxes = dataset.project.task_type == "boxes"
    return {"jsonl": lines, "csv": rows, "coco": json.loads(downloaded(release, "coco")) if boxes else None}


# --- equal contents ---------------------------------------------------------------------------------------------------
def test_equal_texts_with_other_ids_are_one_item_and_every_id_is_kept_listed_and_exported():
    dataset = new_dataset()
    made = upload_one(dataset, file("a.csv", b"id,text,page\nA,same,1\nB,other,2\nC,same,3\nD, same ,4\n"))
    assert counts(made) == ("done", 4, 2, 2, 0)
    assert made.rows_remarked == 2
    assert [(row, about) for row, about, _ in remarks(made)] == [(3, "id"), (4, "id")]
    assert all("the same as that of A" in text for _, _, text in remarks(made))
    out = exported(dataset, {"label": "pos"})
    (same, _) = out["jsonl"]
    assert [(row["external_id"], row["metadata"]) for row in same["other_rows"]] == [
        ("C", {"page": "3"}),
        ("D", {"page": "4"}),
    ]
    found = [(row["external_id"], row["metadata.page"], row["decision"]) for row in out["csv"]]
    assert found == [("A", "1", "Positive"), ("C", "3", "Positive"), ("D", "4", "Positive"), ("B", "2", "Positive")]


def test_ids_of_equal_texts_far_apart_and_in_later_uploads_are_kept_too(monkeypatch):
    from labelling.data import import_upload as importing

    monkeypatch.setattr(importing, "TEXT_CHUNK_ROWS", 2)
    dataset = new_dataset()
    upload_one(dataset, file("a.csv", b"id,text\nA,one\nB,two\nC,three\nD,one\n"))
    upload_one(dataset, file("b.csv", b"id,text\nE,one\nD,one\n"))
    rows = ItemRow.objects.filter(item__external_id="A").order_by("pk").values_list("external_id", flat=True)
    assert list(rows) == ["D", "E"]


def test_an_item_that_came_without_an_id_gets_the_first_that_is_told():
    dataset = new_dataset()
    upload_one(dataset, file("a.csv", b"text\none\ntwo\n"))
    made = upload_one(dataset, file("b.csv", b"id,text\nA,one\n"))
    assert (counts(made), Item.objects.first().external_id) == (("done", 1, 0, 1, 0), "A")


# --- the same row again -----------------------------------------------------------------------------------------------
def test_the_same_row_sent_again_holds_from_now_on_and_what_changed_is_listed():
    dataset = new_dataset()
    upload_one(dataset, file("a.csv", b"id,text,page,source,gold\nA,one,1,web,neg\nB,two,2,web,pos\n"))
    made = upload_one(dataset, file("b.csv", b"id,text,page,gold\nA,one,7,pos\nB,two,2,pos\n"))
    assert counts(made) == ("done", 2, 0, 2, 0)
    item = Item.objects.select_related("gold").get(external_id="A")
    assert (item.metadata, item.gold.truth) == ({"page": "7", "source": "web"}, {"label": "pos"})
    first, second = remarks(made)
    assert (first[:2], second[:2]) == ((1, "metadata"), (1, "gold"))
    assert "page is now 7, was 1" in first[2]
    assert "now Positive; it was Negative" in second[2]
    brought = AuditEntry.objects.filter(action="gold.bring").order_by("pk").first()
    assert (brought.actor, brought.detail["rows"]) == (made.created_by, 2)
    changed = AuditEntry.objects.get(action="gold.set")
    assert (changed.actor, changed.target) == (owner(dataset), f"item:{item.pk}")


@pytest.mark.parametrize(
    ("change", "loads"), [((b"", b""), False), ((b"three", b"four"), True), ((b",pos", b",neg"), True)]
)
def test_a_table_sent_again_loads_only_the_items_of_which_it_says_more(change, loads):
    dataset, table = new_dataset(), b"id,text,page,gold\nA,one,1,neg\nB,two,three,pos\nC,one,1,\n,one,1,\n"
    upload_one(dataset, file("a.csv", table))
    with CaptureQueriesContext(connection) as queries:
        made = upload_one(dataset, file("b.csv", table.replace(*change)))
    assert (counts(made), made.rows_remarked) == (("done", 4, 0, 4, 0), int(loads))
    loaded = [query["sql"] for query in queries if '"labelling_item"."payload"' in query["sql"]]
    assert len(loaded) == int(loads)


def test_two_rows_of_one_text_that_contradict_each_other_are_told_apart():
    """Which of two ids is right nobody can know: the first known answer stays, and the other is listed."""
    dataset = new_dataset()
    made = upload_one(dataset, file("a.csv", b"id,text,gold\nA,one,neg\nB,one,pos\n"))
    assert Gold.objects.get().truth == {"label": "neg"}
    assert [about for _, about, _ in remarks(made)] == ["id", "gold"]
    assert "stays: here it is Positive" in remarks(made)[1][2]


def test_a_retired_gold_stays_retired_unless_another_answer_is_told():
    dataset = new_dataset()
    upload_one(dataset, file("a.csv", b"id,text,gold\nA,one,neg\n"))
    Gold.objects.update(retired_at=timezone.now())
    upload_one(dataset, file("a.csv", b"id,text,gold\nA,one,neg\n"))
    assert Gold.objects.get().retired_at
    upload_one(dataset, file("a.csv", b"id,text,gold\nA,one,pos\n"))
    assert (Gold.objects.get().retired_at, Gold.objects.get().truth) == (None, {"label": "pos"})


# --- names ------------------------------------------------------------------------------------------------------------
def test_two_pictures_of_one_name_in_two_folders_keep_their_paths_in_every_export():
    dataset = new_dataset("image", "boxes")
    upload_one(dataset, file("all.zip", zipped({"cats/1.png": picture("red"), "dogs/1.png": picture("blue")})))
    out = exported(dataset, {"boxes": []})
    names = ["cats/1.png", "dogs/1.png"]
    assert [line["media"]["file_name"] for line in out["jsonl"]] == names
    assert [row["file_name"] for row in out["csv"]] == names
    assert [image["file_name"] for image in out["coco"]["images"]] == names


def test_bytes_that_another_project_sent_first_leave_under_this_project_s_name():
    first, content = new_dataset("image", "boxes"), picture("red")
    upload_one(first, file("secret-name.png", content))
    second = new_dataset("image", "boxes", name="Other")
    second.project.organisation = first.project.organisation
    second.project.save()
    upload_one(second, file("mine.png", content))
    assert Item.objects.get(project=first.project).media == Item.objects.get(project=second.project).media
    out = exported(second, {"boxes": []})
    assert "secret-name" not in json.dumps(out)
    assert out["coco"]["images"][0]["file_name"] == out["csv"][0]["file_name"] == "mine.png"


def test_one_picture_under_two_names_leaves_under_both():
    dataset, same = new_dataset("image", "boxes"), picture("red")
    made = upload_one(dataset, file("all.zip", zipped({"a/1.png": same, "b/2.png": same, "c.png": picture("blue")})))
    assert counts(made) == ("done", 3, 2, 1, 0)
    box = {"label": "pos", "x": 1, "y": 2, "width": 3, "height": 4}
    out = exported(dataset, {"boxes": [box]})
    assert [row["file_name"] for row in out["csv"]] == ["a/1.png", "b/2.png", "c.png"]
    coco = out["coco"]
    assert sorted(image["file_name"] for image in coco["images"]) == ["a/1.png", "b/2.png", "c.png"]
    ids = [image["id"] for image in coco["images"]]
    assert len(set(ids)) == 3
    assert sorted(mark["image_id"] for mark in coco["annotations"]) == sorted(ids)


def test_a_path_that_leads_elsewhere_or_breaks_lines_is_made_fit():
    from labelling.data.add_items import clean_path

    assert clean_path("..\\..\\a/./b//c\n.png") == "a/b/c.png"
    assert clean_path("C:/photos/\u202e猫.jpg") == "C:/photos/猫.jpg"
    assert len(clean_path("x" * 3000 + "/a.png")) == 1000


# --- columns that mean something, and are not used --------------------------------------------------------------------
def test_an_address_beside_a_file_is_kept():
    dataset = new_dataset("image")
    table = b"file,url,id\na.png,https://example.org/where-it-is-from,A\n"
    upload_one(dataset, file("all.zip", zipped({"t.csv": table, "a.png": picture()})))
    item = Item.objects.get()
    assert (item.external_id, item.metadata) == ("A", {"url": "https://example.org/where-it-is-from"})


def test_a_truth_beside_a_gold_and_an_explanation_of_none_are_kept():
    dataset = new_dataset()
    upload_one(dataset, file("a.csv", b"text,gold,truth,explanation\none,pos,it is so,\ntwo,,,because\n"))
    first, second = Item.objects.order_by("pk")
    assert (first.gold.truth, first.metadata) == ({"label": "pos"}, {"truth": "it is so"})
    assert second.metadata == {"explanation": "because"}


# --- one column, and none ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ending", ["csv", "tsv"])
def test_a_file_of_one_column_without_a_name_keeps_its_first_row(ending):
    dataset = new_dataset()
    made = upload_one(dataset, file(f"a.{ending}", b"I like it\nI do not\nNever again\n"))
    assert (counts(made), texts(dataset)) == (("done", 3, 3, 0, 0), ["I like it", "I do not", "Never again"])
    assert remarks(made)[0][:2] == (1, "header")


@pytest.mark.parametrize("name", ["sentence", "Tweet_Text", "评论", "umbhalo", "commentText"])
def test_the_name_of_the_only_column_is_no_item_and_that_is_said(name):
    dataset = new_dataset()
    made = upload_one(dataset, file("a.csv", f"{name}\nI like it\n".encode()))
    assert (counts(made), texts(dataset)) == (("done", 1, 1, 0, 0), ["I like it"])
    assert remarks(made) == [(1, "header", f"The first line, {name}, was taken as the name of the column.")]


def test_a_list_of_files_without_a_name_keeps_its_first_picture():
    dataset = new_dataset("image")
    content = {"list.csv": b"a.png\nb.png\n", "a.png": picture("red"), "b.png": picture("blue")}
    assert counts(upload_one(dataset, file("all.zip", zipped(content)))) == ("done", 2, 2, 0, 0)


@pytest.mark.parametrize(
    "content",
    [
        b"url\nhttps://example.org/a\nhttps://example.org/b\n",
        b"https://example.org/a\nhttps://example.org/b\n",
        b"id,text\n1,https://example.org/a\n2,http://example.org/b\n",
        b"id,url\n1,https://example.org/a\n",
    ],
)
def test_addresses_sent_to_a_project_on_texts_never_become_the_text(content):
    made = upload_one(new_dataset(), file("a.csv", content))
    assert (made.state, Item.objects.count()) == ("failed", 0)
    assert "takes texts" in made.error


def test_addresses_as_json_lines_never_become_the_text_either():
    made = upload_one(new_dataset(), file("a.jsonl", b'{"url": "https://example.org/a"}\n{"file": "b.txt"}\n'))
    assert (made.rows_added, Item.objects.count()) == (0, 0)


def test_a_list_of_addresses_for_a_project_on_texts_is_refused_at_once():
    from kernel.errors import DomainError

    with pytest.raises(DomainError, match="takes texts") as refusal:
        upload(new_dataset(), urls=["https://example.org/a"])
    assert refusal.value.field == "urls"


def test_one_address_among_texts_is_a_text():
    dataset = new_dataset()
    upload_one(dataset, file("a.csv", b"text\nlook here\nhttps://example.org/a\n"))
    assert texts(dataset) == ["look here", "https://example.org/a"]


def test_a_table_without_the_column_that_counts_is_asked_for_once():
    made = upload_one(new_dataset(), file("a.csv", b"nr,comment\n1,good\n2,bad\n"))
    assert (made.state, made.rows_refused, Item.objects.count()) == ("asks", 0, 0)
    assert [column["name"] for column in made.asked["columns"]] == ["nr", "comment"]


# --- what spreadsheets and pandas write -------------------------------------------------------------------------------
def test_sep_lines_and_the_index_of_pandas_are_understood():
    dataset = new_dataset()
    upload_one(dataset, file("a.csv", b"sep=;\r\nid;text\r\nA;one, two, three\r\n"))
    upload_one(dataset, file("b.csv", b",text\n0,four\n"))
    first, second = Item.objects.order_by("pk")
    assert (first.payload["text"], first.external_id) == ("one, two, three", "A")
    assert (second.payload["text"], second.metadata) == ("four", {"Unnamed: 0": "0"})


def test_gold_may_be_told_by_the_name_of_a_label():
    dataset = new_dataset()
    made = upload_one(dataset, file("a.csv", b"text,gold\none,POSITIVE\ntwo,neg\nthree,none\n"))
    assert [gold.truth["label"] for gold in Gold.objects.order_by("item")] == ["pos", "neg"]
    assert "must be one of" in reasons(made)[0]


def test_a_table_in_a_zip_names_its_pictures_under_any_column_and_reports_none_of_them_as_missing():
    for header in (b"File", b"url", b"picture_name"):
        dataset = new_dataset("image", name=f"of {header.decode()}")
        content = {"t.csv": header + b"\na.png\nb.png\n", "a.png": picture("red"), "b.png": picture("blue")}
        assert counts(upload_one(dataset, file("all.zip", zipped(content)))) == ("done", 2, 2, 0, 0)


def test_a_table_may_name_files_by_any_end_of_their_path_that_is_the_only_one():
    dataset = new_dataset("image")
    table = b"file,id\ncats/1.png,A\n2.png,B\n1.png,C\n"
    content = {"x/t.csv": table, "x/cats/1.png": picture("red"), "x/dogs/1.png": picture("blue")}
    made = upload_one(dataset, file("all.zip", zipped({**content, "x/dogs/2.png": picture("green")})))
    assert list(Item.objects.order_by("pk").values_list("external_id", flat=True)) == ["A", "B"]
    assert (made.rows_refused, reasons(made)[0]) == (2, "There is no file named 1.png in the zip.")
