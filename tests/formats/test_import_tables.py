"""Tables become items: every good row, each once, and a reason for every row that is not taken."""

import json

import pytest

from delivery.models import OutboxEvent
from labelling.data.add_items import add_text_item, text_hash
from labelling.models import Gold, Item
from people.models import AuditEntry
from proofs import canonical_bytes, sha256_hex
from tests.formats.worlds import (
    counts,
    file,
    new_dataset,
    reasons,
    refused,
    texts,
    upload_one,
)

pytestmark = pytest.mark.django_db


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
    assert "must be one of the project's labels: Negative, Positive" in reasons(made)[3]
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
def test_rows_in_an_unnamed_encoding_are_shown_and_none_is_taken_before_somebody_says_which_it_is(encoding):
    dataset = new_dataset()
    word = {"gb18030": "這隻貓好可愛", "big5hkscs": "這隻貓好可愛"}.get(encoding, "café")
    made = upload_one(dataset, file("a.csv", f"id,text\n1,plain\n2,{word}\n3,also plain\n".encode(encoding)))
    assert (counts(made), Item.objects.count()) == (("asks", 0, 0, 0, 0), 0)
    assert made.asked["encoding"] not in ("", "utf-8")


def test_letters_that_are_utf8_by_chance_are_not_read_as_other_letters():
    dataset = new_dataset()
    by_chance, other = "貓".encode("gb18030"), "這隻好可愛".encode("gb18030")
    assert by_chance.decode() == "\u0608"  # what it would silently become
    made = upload_one(dataset, file("a.csv", b"text\n" + by_chance + b"\n" + other + b"\nplain\n"))
    assert (made.state, texts(dataset)) == ("asks", [])


def test_a_bad_byte_costs_its_own_row_only():
    dataset = new_dataset()
    made = upload_one(dataset, file("a.csv", "text\ncafé\ncrème\n".encode() + b"caf\xe9\n"))
    assert (counts(made), texts(dataset)) == (("done", 3, 2, 0, 1), ["café", "crème"])


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"id,text\n", "no rows"),
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
