"""Figures of named points: COCO keypoints out, read by its own evaluation, and in again; YOLO poses out."""

import json

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from intake.models import Media
from labelling.models import Dataset, Gold
from tests.formats.decided import built, crew, decide, downloaded, new_batch, new_item
from tests.formats.test_picture_formats import SIZE, unzipped
from tests.formats.worlds import file, new_dataset, picture, remarks, upload_one, zipped

pytestmark = pytest.mark.django_db
SKELETON = {
    "points": [
        {"id": "nose", "name": {"en": "Nose", "zu": "Ikhala"}},
        {"id": "left_ear", "name": {"en": "Left ear"}, "mirror": "right_ear"},
        {"id": "right_ear", "name": {"en": "Right ear"}, "mirror": "left_ear"},
    ],
    "edges": [["nose", "left_ear"], ["nose", "right_ear"]],
}
FIRST = {"label": "pos", "points": {"nose": [100, 100, 2], "left_ear": [140, 80, 1], "right_ear": [60, 80, 2]}}
SECOND = {"label": "neg", "points": {"nose": [400, 300, 2], "right_ear": [360, 260, 2]}}


def figures_dataset(name: str = "Acme") -> Dataset:
    return new_dataset("image", "keypoints", name, skeleton=SKELETON, figures="several")


def figures_world() -> Dataset:
    dataset, workers = figures_dataset(), crew(2)
    batch = new_batch(dataset)
    for n, figures in enumerate(([FIRST, SECOND], [])):
        media = Media.objects.create(
            kind="image", sha256=f"{n:064d}", organisation_id=dataset.project.organisation_id, original="x",
            content_type="image/jpeg", size_bytes=1, width_px=640, height_px=480,
        )  # fmt: skip
        item = new_item(dataset, n, payload={}, media=media, file_name=f"{n}.jpg")
        decide(item, batch, {"figures": figures}, workers)
    return dataset


def test_coco_evaluates_what_is_written_against_itself(tmp_path):
    path = tmp_path / "keypoints.json"
    path.write_bytes(downloaded(built(figures_world()), "coco"))
    truth = COCO(str(path))
    [category, _] = truth.loadCats([1, 2])
    assert (category["keypoints"], category["skeleton"]) == (["nose", "left_ear", "right_ear"], [[1, 2], [1, 3]])
    [pos] = truth.loadAnns(truth.getAnnIds(catIds=[2]))
    assert (pos["keypoints"], pos["num_keypoints"]) == ([100, 100, 2, 140, 80, 1, 60, 80, 2], 3)
    assert (pos["bbox"], pos["area"]) == ([60, 80, 80, 20], 1600)
    found = truth.loadRes([{**one, "score": 1.0} for one in truth.dataset["annotations"]])
    marking = COCOeval(truth, found, "keypoints")
    marking.params.kpt_oks_sigmas = np.full(3, 0.06)
    marking.evaluate()
    assert all(one["dtMatches"].all() for one in marking.evalImgs if one and len(one["dtIds"]))


def test_coco_keypoints_come_back_as_truth_by_the_names_of_their_points():
    whole = json.loads(downloaded(built(figures_world()), "coco"))
    whole["info"]["contributor"] = "somebody else"
    whole["categories"] = [{**one, "keypoints": ["Nose", "left ear", "RIGHT_EAR"]} for one in whole["categories"]]
    images = {
        one["file_name"]: picture("red" if one["file_name"] == "0.jpg" else "blue", **SIZE) for one in whole["images"]
    }
    made = upload_one(figures_dataset("Other"), file("a.zip", zipped({"k.json": json.dumps(whole).encode(), **images})))
    truths = {one.item.file_name: one.truth for one in Gold.objects.filter(project=made.dataset.project)}
    assert truths == {"0.jpg": {"figures": [FIRST, SECOND]}, "1.jpg": {"figures": []}}


def test_points_that_the_project_does_not_ask_for_cost_their_mark():
    mark = {"id": 9, "image_id": 5, "category_id": 1, "bbox": [1, 2, 3, 4], "keypoints": [1, 2, 2] * 4, "iscrowd": 0}
    whole = {
        "images": [{"id": 5, "file_name": "a.png", "width": 40, "height": 30}],
        "categories": [{"id": 1, "name": "pos"}],
        "annotations": [mark, {**mark, "id": 10, "keypoints": [1, 2, 2] * 3}, {**mark, "id": 11, "keypoints": [1, 2]}],
    }
    content = {"k.json": json.dumps(whole).encode(), "a.png": picture()}
    made = upload_one(figures_dataset(), file("a.zip", zipped(content)))
    truth = Gold.objects.get(project=made.dataset.project).truth
    assert truth["figures"] == [
        {"label": "pos", "points": {one: [1, 2, 2] for one in ("nose", "left_ear", "right_ear")}}
    ]
    said = " ".join(sentence for _, _, sentence in remarks(made))
    assert "Mark 9 was left out: it has 4 points without names, the project asks for 3." in said
    assert "Mark 11 was left out: it states no point that the project asks for." in said


def test_yolo_writes_a_box_and_a_triple_a_point():
    written = unzipped(downloaded(built(figures_world()), "yolo"))
    assert written["labels/1.txt"] == b""
    lines = written["labels/0.txt"].decode().splitlines()
    assert (
        lines[0] == "1 0.156250 0.187500 0.125000 0.041667 0.156250 0.208333 2 0.218750 0.166667 1 0.093750 0.166667 2"
    )
    assert lines[1].endswith(" 0.625000 0.625000 2 0.000000 0.000000 0 0.562500 0.541667 2")
    assert b"kpt_shape: [3, 3]\nflip_idx: [0, 2, 1]\n" in written["data.yaml"]
