"""Tables as people have them: workbooks, JSON of every shape, plain text, packed, in encodings that do not say what they are."""

import csv
import datetime
import gzip
import io
import json
import re
import zipfile

import openpyxl
import pytest

from labelling.data.import_upload import import_upload
from labelling.models import Gold, Item, Upload
from tests.formats.test_columns import guess, imported, say
from tests.formats.worlds import counts, file, new_dataset, picture, reasons, remarks, texts, upload_one, zipped

pytestmark = pytest.mark.django_db
ROWS = [{"text": f"text {n}", "id": n, "deep": {"a": [n]}} for n in range(3)]


def workbook(*sheets: list[list], hidden: int = 0) -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {number}")
        sheet.sheet_state = "hidden" if number < hidden else "visible"
        for row in rows:
            sheet.append(row)
    book.save(buffer)
    return buffer.getvalue()


# --- JSON -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "content",
    [
        json.dumps(ROWS),
        json.dumps(ROWS, indent=2),
        "\n".join(json.dumps(row, indent=1) for row in ROWS),
        json.dumps({"data": ROWS}),
        json.dumps({"version": "1.1", "info": {"a": [{"b": 1}]}, "data": ROWS, "end": 1}, indent=4),
        "\ufeff" + json.dumps(ROWS),
        "\n".join(map(json.dumps, ROWS)),
    ],
)
@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_json_of_every_shape_is_rows(content, ending):
    dataset = new_dataset()
    made = upload_one(dataset, file(f"a.{ending}", content.encode()))
    if ending == "jsonl" and content.startswith('{"'):
        pytest.skip("JSON Lines are read by the line: one object that holds all is a .json")
    assert (counts(made), reasons(made)) == (("done", 3, 3, 0, 0), [])
    assert (texts(dataset), Item.objects.first().metadata) == (["text 0", "text 1", "text 2"], {"deep": {"a": [0]}})


def test_json_that_breaks_off_says_where_and_keeps_what_came_before():
    made = upload_one(new_dataset(), file("a.json", json.dumps(ROWS, indent=1)[:-30].encode()))
    assert (made.state, made.rows_added, made.rows_refused) == ("done", 2, 1)
    assert "was not read" in reasons(made)[0]


@pytest.mark.parametrize("content", [b"[]", b"{}", b"[1, 2]", b"[[[[", b"nothing", b"[{", b'{"a": [1, 2]}'])
def test_json_without_rows_is_one_sentence(content):
    made = upload_one(new_dataset(), file("a.json", content))
    assert Item.objects.count() == 0
    assert made.error or len(reasons(made)) <= 2


# --- workbooks --------------------------------------------------------------------------------------------------------
def test_a_workbook_is_a_table_and_what_was_left_is_said():
    dataset = new_dataset()
    rows = [
        ["id", "Text", "when", "n", None],
        [7.0, "good", datetime.datetime(2026, 1, 31), 1.5],
        [],
        [8, "bad", None, True, None],
    ]
    made = upload_one(dataset, file("Mappe 1.xlsx", workbook([["secret"]], rows, [["more"]], hidden=1)))
    assert counts(made) == ("done", 2, 2, 0, 0)
    first, second = Item.objects.order_by("pk")
    assert (first.external_id, first.metadata) == ("7", {"when": "2026-01-31", "n": "1.5"})
    assert (second.external_id, second.metadata) == ("8", {"n": "true"})
    assert "Sheet 0, Sheet 2 not" in remarks(made)[0][2]


def test_a_workbook_with_other_headers_is_asked_for_and_names_pictures_too(client):
    rows = [["Bild", "正解"], ["a.png", "Positive"]]
    made = upload_one(new_dataset("image"), file("t.xlsx", workbook(rows)), file("a.png", picture()))
    assert guess(made) == {"Bild": "file", "正解": "metadata"}
    say(client, made, columns={"Bild": "file", "正解": "gold"})
    assert counts(imported(made)) == ("done", 1, 1, 0, 0)
    assert Gold.objects.get().truth == {"label": "pos"}


LAUGHS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
ENTITIES = {
    "a file of ours": '<!ENTITY e SYSTEM "file:///etc/passwd">',
    "an address": '<!ENTITY e SYSTEM "http://127.0.0.1:1/x">',
    "a billion": f'<!ENTITY e0 "ha">{LAUGHS}<!ENTITY e "&e9;">',
}


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=ENTITIES)
def test_entities_of_a_workbook_lead_nowhere_and_grow_into_nothing(entity):
    """A workbook is XML, read in the decoder's child (intake/confinement.py): no file, no network, little memory."""
    made = upload_one(new_dataset(), file("a.xlsx", _with_entity(workbook([["text"], ["canary"], ["plain"]]), entity)))
    assert made.state in ("done", "failed")
    texts = [item.payload.get("text", "") for item in Item.objects.all()]
    assert not any("root:" in text or "haha" in text for text in texts), texts
    assert made.rows_added <= 2


def _with_entity(content: bytes, entity: str) -> bytes:
    """The same workbook, whose cell with the canary is that entity."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(out, "w") as changed:
        for name in book.namelist():
            text = book.read(name)
            if b"canary" in text:
                head, _, body = text.decode().partition("?>") if text.startswith(b"<?xml") else ("", "", text.decode())
                root = re.search(r"<(\w+)", body)[1]
                text = (
                    f"{head + '?>' if head else ''}<!DOCTYPE {root} [{entity}]>{body.replace('canary', '&e;')}".encode()
                )
            changed.writestr(name, text)
    assert b"&e;" in b"".join(zipfile.ZipFile(out).read(name) for name in zipfile.ZipFile(out).namelist())
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        workbook([]),
        zipped({"[Content_Types].xml": b"<a", "xl/workbook.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
        workbook([["text"], ["x"]])[:-400],
        workbook([["c"] * 1200, ["x"]]),
    ],
)
def test_a_workbook_that_cannot_be_read_is_one_sentence(content):
    made = upload_one(new_dataset(), file("a.xlsx", content))
    assert (made.state, Item.objects.count(), made.error[-1:]) == ("failed", 0, ".")


def test_what_is_not_taken_says_what_to_save_it_as():
    old_workbook = b"\xd0\xcf\x11\xe0" + bytes(600)
    assert "xlsx" in reasons(upload_one(new_dataset(), file("a.dat", old_workbook)))[0]


# --- packed -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["a.csv.gz", "a.TSV.gz", "a.txt.gz"])
def test_gzip_of_a_table_is_the_table(name):
    dataset = new_dataset()
    upload_one(dataset, file(name, gzip.compress(b"text\tnr\none\t1\ntwo\t2\n")))
    assert texts(dataset) == ["one", "two"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (gzip.compress(b"text\n" + b"a\n" * 15_000_000), "times its size"),
        (gzip.compress(b"text\none\ntwo\n")[:-9], "cut off"),
        (gzip.compress(picture()), "no table"),
    ],
)
def test_a_bomb_a_stump_and_a_picture_in_gzip_are_one_sentence(content, says):
    made = upload_one(new_dataset(), file("a.csv.gz", content))
    assert (made.state, Item.objects.count()) == ("failed", 0)
    assert says in made.error


# --- plain text -------------------------------------------------------------------------------------------------------
def test_many_lines_without_a_gap_are_items():
    dataset = new_dataset()
    made = upload_one(dataset, file("list.txt", b"one, two\nthree\r\nfour\n five\nsix\n\n"))
    assert (made.state, texts(dataset)) == ("done", ["one, two", "three", "four", "five", "six"])


def test_text_that_may_be_one_item_is_asked_for(client):
    dataset = new_dataset()
    content = b"A first paragraph.\nIt goes on.\n\nA second.\n"
    made = upload_one(dataset, file("poem.txt", content))
    assert (made.state, made.asked["shape"]) == ("asks", "lines")
    assert say(client, made, shape="whole").status_code == 202
    made = imported(made)
    assert guess(made) == {"file": "text"}
    say(client, made, columns={"file": "text"})
    imported(made)
    assert texts(dataset) == [content.decode().strip()]


# --- encodings --------------------------------------------------------------------------------------------------------
CHINESE = "编号,内容\n1,这只猫非常可爱，我很喜欢它的颜色\n2,今天的天气不好，我们不去公园了\n3,这家餐厅的服务员态度很差，不会再来\n"
FRENCH = "nr;phrase\n1;Le café était très agréable, déjà vu à Genève\n2;Où est passé l'élève préféré du maître?\n"


@pytest.mark.parametrize(
    ("encoding", "content", "column"), [("gb18030", CHINESE, "内容"), ("cp1252", FRENCH, "phrase")]
)
def test_another_encoding_is_detected_shown_and_said(client, encoding, content, column):
    dataset = new_dataset()
    made = upload_one(dataset, file("a.csv", content.encode(encoding)))
    assert (made.state, made.asked["encoding"], guess(made)[column]) == ("asks", encoding, "text")
    say(client, made, columns=guess(made))
    made = imported(made)
    assert made.rows_refused == 0
    assert texts(dataset) == [row[column] for row in csv.DictReader(io.StringIO(content), delimiter=content[2])]
    assert "The table was read as" in remarks(made)[0][2]


def test_a_wrong_guess_is_put_right_before_anything_is_imported(client):
    dataset = new_dataset()
    made = upload_one(dataset, file("a.csv", "text\nпривет\nдо свидания\n".encode("koi8_r")))
    assert made.state == "asks"
    assert say(client, made, encoding="klingon").json()["error"]["field"] == "encoding"
    say(client, made, encoding="koi8_r")
    made = imported(made)
    assert made.asked["columns"][0]["values"] == ["привет", "до свидания"]
    say(client, made, columns={"text": "text"})
    imported(made)
    assert texts(dataset) == ["привет", "до свидания"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_known_by_its_zeros(encoding):
    dataset = new_dataset()
    made = upload_one(dataset, file("a.csv", "id,text\n1,naïve 猫\n".encode(encoding)))
    assert (made.state, texts(dataset)) == ("done", ["naïve 猫"])


# --- what programs write ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (
            b'"x","text"\n"1",1,"one"\n"2",2,"two"\n',
            [("one", {"Unnamed: 0": "1", "x": "1"}), ("two", {"Unnamed: 0": "2", "x": "2"})],
        ),
        (b"text,n\none,1,\ntwo,2,\n", [("one", {"n": "1"}), ("two", {"n": "2"})]),
        (b"text,n,\none,1,\ntwo,2,\n", [("one", {"n": "1"}), ("two", {"n": "2"})]),
        (b"text,n,n\none,1,2\n", [("one", {"n": "1", "n (2)": "2"})]),
        (b'"text","long\nname"\none,1\n', [("one", {"long\nname": "1"})]),
        (b'text\ttag\r\none "quoted\t1\r\n', None),
        (b"text\nsalt, pepper\nbread\n", None),
    ],
)
def test_what_r_excel_and_google_write_is_read_as_meant(content, wanted):
    made = upload_one(new_dataset(), file("a.csv", content))
    assert made.rows_refused == 0 or wanted is None
    if wanted:
        assert [(item.payload["text"], item.metadata) for item in Item.objects.order_by("pk")] == wanted


def test_a_line_of_a_gigabyte_and_ten_thousand_columns_cost_one_sentence(tmp_path):
    dataset = new_dataset()
    wide = ",".join(f"c{n}" for n in range(10_000)).encode() + b"\n" + b"1," * 9_999 + b"1\n"
    assert "10000 columns" in upload_one(dataset, file("wide.csv", wide)).error
    made = upload_one(dataset, file("nul.csv", b"text,b\nfine,1\nnu\0l,2\n"))
    assert (made.rows_added, made.rows_refused) == (1, 1)
    assert Upload.objects.filter(state__in=("waiting", "running")).count() == 0
    assert import_upload(made.pk)


def word_document() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "a.pdf",
            b"%PDF-1.4\n1 0 obj",
            "This is a PDF: its pages are labelled in a project on items of several parts.",
        ),
        ("a.docx", word_document(), "This is a text document (docx): save it as plain text"),
        (
            "a.jsonl",
            b'{"messages": [{"role": "user", "content": "hi"}]}\n',
            "This is a chat, or another item of several parts",
        ),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(40), "This is a picture, the project takes texts."),
    ],
)
def test_what_is_no_text_is_said_to_be_what_it_is(name, content, said):
    made = upload_one(new_dataset(), file(name, content))
    assert made.rows_added == 0
    assert [*reasons(made), made.error][0].startswith(said)
