"""A file beside pictures that was not read says why: the reason is its own, not that of files that did not come."""

import json

import pytest

from labelling.data import besides
from labelling.models import Gold, RefusedRow, Upload
from tests.formats.test_maps_of_pixels import ONE, panoptic, sent
from tests.formats.worlds import file, new_dataset, picture, remarks, upload_one, zipped

pytestmark = pytest.mark.django_db
TOO_LARGE = "Nothing of it was taken: it is larger than 0 MB."
REGION = {"id": "r", "type": "RECTANGLE", "tags": ["Positive"], "boundingBox": {"height": 5, "width": 5, "left": 1, "top": 1}}  # fmt: skip
VOTT = {
    "assets": {"1": {"asset": {"name": "a.jpg", "size": {"width": 40, "height": 30}}, "regions": [REGION]}},
    "videoSettings": {},
}
LABELME = {
    "version": "5", "flags": {}, "shapes": [{"label": "Positive", "points": [[1, 1], [6, 6]], "shape_type": "rectangle"}],
    "imagePath": "a.jpg", "imageWidth": 40, "imageHeight": 30,
}  # fmt: skip


def told(name: str, content: dict) -> tuple[dict[str, str], int]:
    """What is refused, and how many pictures have a known answer."""
    files = {"a.jpg": picture(format="JPEG"), name: json.dumps(content).encode()}
    made = upload_one(new_dataset("image", "boxes"), file("a.zip", zipped(files)))
    assert (made.state, made.rows_added) == ("done", 1), made.error
    return whys(made), Gold.objects.filter(project=made.dataset.project).count()


def whys(made: Upload) -> dict[str, str]:
    return dict(RefusedRow.objects.filter(upload=made).values_list("name", "reason"))


@pytest.mark.parametrize("content", [VOTT, LABELME], ids=["of many", "of one"])
def test_marks_that_are_too_large_say_so(content, monkeypatch):
    assert told("export.json", content) == ({}, 1), "the control: small enough, they are taken"
    monkeypatch.setattr(besides, "MAX_BYTES", 100)
    assert told("export.json", content) == ({"export.json": TOO_LARGE}, 0)


def test_named_like_a_picture_its_report_says_so(monkeypatch):
    monkeypatch.setattr(besides, "MAX_BYTES", 100)
    files = {"a.jpg": picture(format="JPEG"), "a.json": json.dumps(VOTT).encode()}
    made = upload_one(new_dataset("image", "boxes"), file("a.zip", zipped(files)))
    assert [sentence for *_, sentence in remarks(made)] == ["a.json beside it was left out: it is larger than 0 MB."]


def test_what_cannot_be_read_says_so():
    broken = {"assets": 5, "videoSettings": {}}
    assert told("export.json", broken) == ({"export.json": "Nothing of it was taken: it has no assets."}, 0)


def test_a_list_of_what_marks_mean_that_is_too_large_costs_itself(monkeypatch):
    monkeypatch.setattr(besides, "MAX_BYTES", 100)
    made = sent(panoptic([{"id": ONE, "category_id": 7, "iscrowd": 0}]))
    assert (made.state, made.rows_added) == ("done", 1), made.error
    assert whys(made)["annotations/panoptic_val.json"] == TOO_LARGE
