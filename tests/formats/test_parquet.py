"""Parquet in: texts, typed columns, pictures as datasets keep them; out: read by others as typed columns, and by us again."""

import datetime
import decimal
import io
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labelling.data.import_upload import import_upload
from labelling.data.receive_upload import receive_upload
from labelling.data.say_columns import say_columns
from labelling.models import Gold, Item, RowRemark, Upload
from tests.formats.decided import built, downloaded, text_world
from tests.formats.worlds import counts, file, new_dataset, owner, picture, texts, upload_one

pytestmark = pytest.mark.django_db


def parquet(table: pa.Table | dict, **options) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table if isinstance(table, pa.Table) else pa.table(table), buffer, **options)
    return buffer.getvalue()


# --- in ---------------------------------------------------------------------------------------------------------------
def test_texts_and_columns_of_every_type():
    dataset = new_dataset()
    table = {
        "id": [7, 8],
        "text": ["good", "bad"],
        "when": [datetime.datetime(2026, 1, 31, 8), None],
        "price": [decimal.Decimal("1.50"), decimal.Decimal("2.00")],
        "score": [0.5, float("nan")],
        "tags": [["a", "b"], []],
        "deep": [{"a": {"b": 1}}, None],
        "ok": [True, False],
        "raw": [b"plain words", b"\x00\x01\x02"],
    }
    made = upload_one(dataset, file("a.parquet", parquet(table)))
    assert counts(made) == ("done", 2, 2, 0, 0)
    first, second = Item.objects.order_by("pk")
    assert (first.payload, first.external_id) == ({"text": "good"}, "7")
    assert first.metadata == {
        "when": "2026-01-31 08:00:00", "price": "1.50", "score": 0.5, "tags": ["a", "b"], "deep": {"a": {"b": 1}}, "ok": True,
        "raw": "plain words",
    }  # fmt: skip
    assert second.metadata == {"price": "2.00", "tags": [], "ok": False}
    assert [remark.remark for remark in RowRemark.objects.all()] == [
        "What raw holds is no picture, sound, clip or text, and was left out."
    ]


def hugging_face(**more) -> bytes:
    """As `datasets` writes an image column and labels that are numbers."""
    image = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    rows = [
        {"bytes": picture("red"), "path": "street/a.png"},
        {"bytes": picture("blue", (20, 10)), "path": None},
        {"bytes": picture("green"), "path": "street/a.png"},
    ]
    table = pa.table({"image": pa.array(rows, image), "label": pa.array([1, 0, 1])} | more)
    features = {"image": {"_type": "Image"}, "label": {"names": ["Negative", "Positive"], "_type": "ClassLabel"}}
    return parquet(table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})}))


def test_pictures_within_and_labels_by_their_names():
    dataset = new_dataset("image")
    [made] = receive_upload(owner(dataset), dataset, files=[file("train-00000-of-00001.parquet", hugging_face())])
    import_upload(made.pk)
    made.refresh_from_db()
    assert made.state == Upload.State.ASKS  # whether the label is the truth is hers to say
    assert {one["name"]: one["role"] for one in made.asked["columns"]} == {"image": "file", "label": "metadata"}
    say_columns(owner(dataset), made.pk, {"columns": {"image": "file", "label": "gold"}})
    import_upload(made.pk)
    made.refresh_from_db()
    assert counts(made) == ("done", 3, 3, 0, 0)
    assert [item.media.width_px for item in Item.objects.order_by("pk").select_related("media")] == [40, 20, 40]
    names = list(Item.objects.order_by("pk").values_list("file_name", flat=True))
    assert names[0] == "street/a.png"
    assert len(set(names)) == 3
    assert [gold.truth["label"] for gold in Gold.objects.order_by("item")] == ["pos", "neg", "pos"]


def test_pictures_within_are_parts_too():
    dataset = new_dataset("parts")
    table = {"prompt": ["Which?"], "left": [picture("red")], "right": [picture("blue")]}
    made = upload_one(dataset, file("pairs.parquet", parquet(table)))
    assert counts(made)[:3] == ("done", 1, 1)
    assert [(part["role"], part["kind"]) for part in Item.objects.get().payload["parts"]] == [
        ("prompt", "text"),
        ("left", "image"),
        ("right", "image"),
    ]


def test_many_row_groups_are_one_table_and_a_killed_import_goes_on():
    dataset = new_dataset()
    rows = {"text": [f"row {number}" for number in range(9_000)]}
    [made] = receive_upload(owner(dataset), dataset, files=[file("a.parquet", parquet(rows, row_group_size=500))])
    for _ in range(20):
        if import_upload(made.pk, most_s=0):
            break
    made.refresh_from_db()
    assert counts(made) == ("done", 9_000, 9_000, 0, 0)
    assert texts(dataset)[8_999] == "row 8999"


# --- hostile ----------------------------------------------------------------------------------------------------------
def bomb() -> bytes:
    """A dictionary of one value of 60 MB that every row names: some kilobytes that want tens of gigabytes."""
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 600, pa.int32()), pa.array(["x" * 60_000_000]))
    return parquet({"text": text}, compression="zstd", dictionary_pagesize_limit=100_000_000)


def long_bomb() -> bytes:
    text = pa.DictionaryArray.from_arrays(pa.array(np.zeros(6_000_000, np.int32)), pa.array(["y"]))
    return parquet({"text": text})


GOOD = parquet({"text": ["one", "two"] * 500})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (GOOD[:200], "damaged|cut off"),
        (GOOD[:-6], "damaged|cut off"),
        (b"PAR1" + b"\xff" * 400 + b"PAR1", "damaged"),
        (GOOD[:40] + b"\xff" * 200 + GOOD[240:], "damaged|cannot be read"),
        (bomb(), "too much memory|unpacks to more|takes too long"),
        (long_bomb(), "at most 5,000,000"),
        (parquet({"text": pa.array([], pa.string())}), "no rows"),
        (parquet({f"c{n}": [1] for n in range(1_200)}), "1200 columns"),
    ],
    ids=["cut off", "no end", "noise", "broken pages", "bomb", "long", "empty", "wide"],
)
def test_a_file_that_cannot_be_taken_is_one_sentence(content, says):
    made = upload_one(new_dataset(), file("a.parquet", content))
    assert (made.state, Item.objects.count(), made.error[-1:]) == ("failed", 0, ".")
    assert any(one in made.error for one in says.split("|")), made.error


def test_a_table_among_pictures_that_it_names():
    dataset = new_dataset("image")
    made = upload_one(dataset, file("t.parquet", parquet({"file": ["a.png", "b.png"]})), file("a.png", picture()))
    assert counts(made) == ("done", 2, 1, 0, 1)


# --- out --------------------------------------------------------------------------------------------------------------
def test_a_release_is_a_typed_table_that_others_read():
    dataset, _ = text_world(5)
    table = pq.read_table(io.BytesIO(downloaded(built(dataset), "parquet")))
    assert table.num_rows == 5
    kinds = {
        name: str(table.schema.field(name).type)
        for name in ("item", "decision", "confidence_ppm", "sure", "metadata.n")
    }
    assert kinds == {
        "item": "int64", "decision": "string", "confidence_ppm": "int64", "sure": "bool", "metadata.n": "string"
    }  # fmt: skip
    first = table.to_pylist()[0]
    assert (first["external_id"], first["decision"], first["confidence_ppm"], first["sure"]) == (
        "row 0",
        "Positive",
        987_654,
        True,
    )


def test_what_was_written_is_read_again_with_its_labels():
    dataset, _ = text_world(3)
    content = downloaded(built(dataset), "parquet")
    other = new_dataset(name="Other")
    [made] = receive_upload(owner(other), other, files=[file("release.parquet", content)])
    import_upload(made.pk)
    made.refresh_from_db()
    assert [one["name"] for one in made.asked["columns"]] == ["decision"]
    say_columns(owner(other), made.pk, {"columns": {"decision": "gold"}})
    import_upload(made.pk)
    made.refresh_from_db()
    assert counts(made) == ("done", 3, 3, 0, 0)
    assert list(Gold.objects.filter(project=other.project).values_list("truth", flat=True)) == [{"label": "pos"}] * 3
    [sent, again] = (
        Item.objects.filter(dataset=one).order_by("pk").values_list("external_id", "payload")
        for one in (dataset, other)
    )
    assert list(sent) == list(again)
