"""What Ilima writes it reads again, without a word of its sender's but one: what the labels are to be. Formats that are zips of files
beside pictures are read beside their pictures (test_besides.py)."""

import io

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from labelling.data.import_upload import import_upload
from labelling.data.receive_upload import receive_upload
from labelling.data.say_columns import say_columns
from labelling.formats import EXPORTS, exports_for
from labelling.formats.cells import harmless, plain
from labelling.models import Gold, Item, ItemRow, RowRemark, Suggestion, Upload
from labelling.models.work import SENT_WITH_ITS_ITEM
from labelling.releases.download_release import download_release
from tests.formats.decided import built, crew, decide, new_batch
from tests.formats.worlds import counts, file, new_dataset, owner, reasons, upload_one

pytestmark = pytest.mark.django_db
OWN = (
    "jsonl",
    "csv",
    "csv-raw",
    "coco",
    "label-studio",
)  # what bears the numbers of our items: docs/decisions/own-files.md
ROLES = ("gold", "suggestion", "ignore")
ROWS = b"""{"id": "a", "text": "=SUM(1,1) is no sum", "page": 4, "tags": ["x", "=y"], "note": "'-quoted, \\"and\\"\\nmore"}
{"id": "b", "text": "It's late; -5 stars", "ok": true, "city": "'+Durban"}
{"id": "b2", "text": "It's late; -5 stars", "city": "Pretoria"}
{"id": "007", "text": "'=was an apostrophe before", "page": "4"}
{"text": "has no id"}
{"id": "g", "text": "known", "gold": "pos", "metadata": {"deep": {"er": [1, null]}}}
"""


def texts():
    dataset = new_dataset()
    assert counts(upload_one(dataset, file("rows.jsonl", ROWS)))[0] == "done"
    values = [{"label": "neg"}, {"label": "pos"}]
    return decided(dataset, values)


def pictures():
    dataset = new_dataset("image", "boxes")
    named = [picture("street/a.png", 1), picture("street/b.png", 2), picture("shop/a.png", 3), picture("again.png", 1)]
    upload_one(dataset, *named)
    box = {"label": "pos", "x": 1, "y": 2, "width": 10, "height": 5}
    return decided(dataset, [{"boxes": [box, {**box, "x": 12, "label": "neg"}]}, {"boxes": []}])


def picture(name: str, shade: int):
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 0, 0)).save(buffer, "PNG")
    return file(name, buffer.getvalue())


def decided(dataset, values):
    batch, workers = new_batch(dataset), crew(2)
    items = Item.objects.filter(project=dataset.project, gold=None).order_by("pk")
    for place, item in enumerate(items):
        decide(item, batch, values[place % len(values)], workers)
    return dataset


def exported(dataset, name: str) -> bytes:
    release = built(dataset, gold=True)
    return b"".join(download_release(owner(dataset), release, name).chunks)


def all_of(dataset) -> tuple:
    items = Item.objects.filter(project=dataset.project).order_by("pk")
    rows = ItemRow.objects.filter(item__project=dataset.project).order_by("pk")
    names = ("external_id", "file_name", "metadata")
    return list(items.values_list("pk", "payload", *names)), list(rows.values_list("pk", *names))


def sent_again(dataset, name: str, content: bytes, role: str) -> Upload:
    """As a requester does: the file as it was downloaded; she is asked once, and says one word."""
    made = receive_upload(owner(dataset), dataset, files=[file(f"release.{EXPORTS[name].extension}", content)])[0]
    import_upload(made.pk)
    made.refresh_from_db()
    assert made.state == Upload.State.ASKS, (made.error, reasons(made))
    assert [column["name"] for column in made.asked["columns"]] == ["decision"]
    say_columns(owner(dataset), made.pk, {"columns": {"decision": role}})
    import_upload(made.pk)
    made.refresh_from_db()
    return made


@pytest.mark.parametrize("world", [texts, pictures])
@pytest.mark.parametrize("role", ROLES)
def test_every_format_is_read_again_and_nothing_is_doubled(world, role):
    dataset = world()
    project = dataset.project
    before, truths = all_of(dataset), dict(Gold.objects.filter(project=project).values_list("item", "truth"))
    said = {item.pk: item.decision.value for item in Item.objects.filter(project=project, gold=None)}
    rows = len(before[0]) + len(before[1])
    for one in (one for one in exports_for(project.task_type) if one.name in OWN):
        content = exported(dataset, one.name)
        with transaction.atomic():  # each format finds the project as it was
            made = sent_again(dataset, one.name, content, role)
            assert counts(made) == ("done", rows, 0, rows, 0), (one.name, reasons(made))
            assert all_of(dataset) == before, one.name
            assert not RowRemark.objects.filter(upload=made).exists(), list(RowRemark.objects.values_list("remark"))
            golds = dict(Gold.objects.filter(project=project).values_list("item", "truth"))
            assert golds == (truths | said if role == "gold" else truths), one.name
            guesses = Suggestion.objects.filter(item__project=project, model_version_id=SENT_WITH_ITS_ITEM)
            assert dict(guesses.values_list("item", "value")) == (truths | said if role == "suggestion" else {}), (
                one.name
            )
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", ["jsonl", "csv", "csv-raw"])
def test_another_project_gets_the_items_their_ids_and_their_labels(name):
    first, other = texts(), new_dataset(name="Other")
    made = sent_again(other, name, exported(first, name), "gold")
    items, rows = all_of(first)
    assert counts(made) == ("done", len(items) + len(rows), len(items), len(rows), 0)
    found, found_rows = all_of(other)
    assert [one[1:4] for one in found] == [one[1:4] for one in items]
    assert [one[1:3] for one in found_rows] == [one[1:3] for one in rows]
    if name == "jsonl":  # a CSV has no types: its cells are texts
        assert [one[4] for one in found] == [one[4] for one in items]
    assert Gold.objects.filter(project=other.project).count() == len(items)


def test_marks_that_come_later_find_the_pictures_that_came_before():
    """Any COCO file of hers, without its pictures: they are here under their names."""
    dataset = new_dataset("image", "boxes")
    upload_one(dataset, picture("a.png", 1), picture("b.png", 2))
    before = all_of(dataset)
    coco = b"""{"images": [{"id": 7, "file_name": "a.png", "width": 40, "height": 30}, {"id": 8, "file_name": "gone.png"}],
        "annotations": [{"id": 1, "image_id": 7, "category_id": 1, "bbox": [1, 2, 3, 4]}], "categories": [{"id": 1, "name": "POSITIVE"}]}"""
    made = upload_one(dataset, file("instances.json", coco))
    assert counts(made) == ("done", 2, 0, 1, 1)
    assert reasons(made) == ["No file named gone.png came along, and none came earlier."]
    assert all_of(dataset) == before
    assert Gold.objects.get(item__file_name="a.png").truth["boxes"][0]["x"] == 1


@given(st.text(st.sampled_from("=+-@'\",;\t\r\n a5|＝"), max_size=12) | st.text(max_size=12))
def test_what_was_made_harmless_can_be_made_as_it_was(cell):
    assert plain(harmless(cell)) == cell
