"""LabelMe and YOLO: what is written is what their readers read, and comes back as the truth of the pictures beside it."""

import gzip
import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from labelling.formats import EXPORTS, exports_for
from labelling.formats.frozen import Frozen
from labelling.formats.labelme.read import read as read_labelme
from labelling.formats.yolo.read import classes, is_one
from labelling.formats.zips import Stems
from labelling.models import Gold, Item
from labelling.task_types.runs import text_of_mask
from tests.formats.decided import built, downloaded
from tests.formats.test_export_formats import boxes_world
from tests.formats.worlds import LABELS, file, new_dataset, picture, reasons, remarks, upload_one, zipped

pytestmark = pytest.mark.django_db
SIZE = {"size": (640, 480), "format": "JPEG"}


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def come_back(files: dict[str, bytes]):
    """The files with their pictures, sent to another project."""
    other = new_dataset("image", "boxes", name="Other")
    return upload_one(other, file("a.zip", zipped(files)))


def truths(upload) -> dict[str, dict]:
    golds = Gold.objects.filter(project=upload.dataset.project).select_related("item")
    return {gold.item.file_name.rpartition("/")[2]: gold.truth for gold in golds}


TRUE = [
    {"label": "neg", "x": 0, "y": 0, "width": 5, "height": 6},
    {"label": "pos", "x": 10, "y": 20, "width": 30, "height": 40},
]


@pytest.mark.parametrize("name", ["labelme", "yolo", "voc", "cvat-images", "vott"])
def test_what_is_written_comes_back_as_truth(name):
    made = downloaded(built(boxes_world()), name)
    written = unzipped(made) if EXPORTS[name].extension == "zip" else {f"annotations.{EXPORTS[name].extension}": made}
    images = {f"images/{n}.jpg": picture("red" if n else "blue", **SIZE) for n in range(2)}
    made = come_back({**written, **images})
    assert (made.rows_added, made.rows_refused) == (2, 1)
    assert truths(made) == {"0.jpg": {"boxes": TRUE}, "1.jpg": {"boxes": []}}
    assert "did not come" in reasons(made)[0], "the third picture, whose marks came without it"


def test_labelme_has_a_file_a_picture():
    written = unzipped(downloaded(built(boxes_world()), "labelme"))
    assert sorted(written) == ["0.json", "1.json", "2.json"]
    first = json.loads(written["0.json"])
    assert (first["imagePath"], first["imageWidth"], first["imageHeight"]) == ("0.jpg", 640, 480)
    [pos] = [one for one in first["shapes"] if one["label"] == "Positive"]
    assert (pos["shape_type"], pos["points"]) == ("rectangle", [[10.0, 20.0], [40.0, 60.0]])


def test_yolo_numbers_the_classes_and_says_places_as_shares():
    written = unzipped(downloaded(built(boxes_world()), "yolo"))
    assert classes(written["data.yaml"]) == ["Negative", "Positive", "gone"]
    assert written["labels/1.txt"] == b""
    assert "1 0.039062 0.083333 0.046875 0.083333" in written["labels/0.txt"].decode().splitlines()


def test_a_bad_mark_costs_itself_and_a_bad_file_its_truth():
    shape = {"label": "Positive", "shape_type": "rectangle", "points": [[10, 20], [40, 60]]}
    good = {"shapes": [shape, {**shape, "label": "Tram"}, {**shape, "shape_type": "circle"}, 5], "imagePath": "x/a.jpg"}
    files = {
        "a.jpg": picture("red", **SIZE), "other.json": json.dumps(good).encode(),
        "b.jpg": picture("blue", **SIZE), "b.json": b'{"shapes": [' + b"[" * 100_000,
    }  # fmt: skip
    made = come_back(files)
    assert made.rows_added == 2
    assert truths(made) == {"a.jpg": {"boxes": [TRUE[1]]}}
    said = " ".join(sentence for _, _, sentence in remarks(made))
    assert "no label Tram" in said
    assert "circle" in said
    assert "b.json beside it was left out: it is no JSON." in said


def test_marks_for_another_picture_size_and_for_a_choice_are_not_taken():
    marks = {"shapes": [], "imagePath": "a.jpg", "imageWidth": 10, "imageHeight": 10}
    files = {"a.jpg": picture(**SIZE), "a.json": json.dumps(marks).encode()}
    assert truths(come_back(files)) == {}
    dataset = new_dataset("image", name="Choice")
    made = upload_one(dataset, file("a.zip", zipped(files)))
    assert (made.rows_added, Item.objects.filter(project=dataset.project).count()) == (1, 1)
    assert "does not ask for any" in remarks(made)[0][2]


def test_yolo_without_names_of_classes_says_so_and_prose_is_no_yolo():
    made = come_back({"a.jpg": picture(**SIZE), "a.txt": b"7 0.5 0.5 0.1 0.1\n"})
    assert truths(made) == {}
    assert "no label 7" in remarks(made)[0][2]
    assert not is_one("Dear reader, 5 0.1 0.1 0.1 0.1", "a.txt")
    assert not is_one("", "readme.txt")
    assert is_one("", "labels/a.txt")


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b"nc: 2\nnames:\n- a b\n- 'c'\n", ["a b", "c"]),
        (b"names: [\"a\", 'b']\ntrain: x\n", ["a", "b"]),
        (b"names:\n  1: dog\n  0: cat\nval: x\n", ["cat", "dog"]),
        (b"cat\n\ndog\n", ["cat", "dog"]),
        (b"", []),
    ],
)
def test_names_of_classes_as_people_write_them(content, names):
    assert classes(content) == names


VOTT = {"asset": {"name": "a.jpg", "size": {"width": 640, "height": 480}}, "regions": [
    {"type": "RECTANGLE", "tags": ["Positive", "Tram"], "boundingBox": {"left": 10, "top": 20, "width": 30, "height": 40}},
    {"type": "POLYGON", "tags": ["Negative"], "points": [{"x": 0, "y": 0}, {"x": 5, "y": 0}, {"x": 5, "y": 6}, {"x": 0, "y": 6}]},
    {"type": "RECTANGLE", "tags": ["Positive"], "boundingBox": {"left": None}}, {"tags": "Positive"}, 5,
]}  # fmt: skip


@pytest.mark.parametrize(
    "files",
    [
        {"x-asset.json": VOTT},
        {
            "x-export.json": {"videoSettings": {}, "assets": {"1": VOTT, "2": {"asset": {"name": "b.jpg"}}}}
        },  # not opened yet
    ],
)
def test_vott_tells_of_one_picture_or_of_all_and_a_tag_is_a_mark(files):
    written = {name: json.dumps(whole).encode() for name, whole in files.items()}
    made = come_back({"a.jpg": picture("red", **SIZE), "b.jpg": picture("blue", **SIZE), **written})
    assert truths(made) == {"a.jpg": {"boxes": TRUE}}
    said = " ".join(sentence for _, _, sentence in remarks(made))
    assert "no label Tram" in said
    assert said.count("no tag") == 2
    assert "neither corners" in said


def test_labelme_read_refuses_what_is_none():
    for content in (b"[]", b'{"shapes": 5}', b"\xff"):
        with pytest.raises(ValueError, match="it "):
            read_labelme(content, [])


def test_two_pictures_of_one_stem_keep_a_file_each():
    stems = Stems()
    assert [stems.of(name, n) for n, name in enumerate(["a/b.jpg", "a/b.png", "../c.jpg", ""])] == [
        "a/b",
        "a/b-1",
        "c",
        "3",
    ]


def test_formats_of_outlines_fit_types_that_draw_them():
    assert {one.name for one in exports_for("boxes")} >= {"coco", "labelme", "yolo"}
    assert not {one.name for one in exports_for("choice")} & {"coco", "labelme", "yolo"}
    assert set(EXPORTS) >= {"labelme", "yolo"}


def test_panoptic_colours_are_the_numbers_of_segments():
    """Read as cocodataset/panopticapi reads it: a pixel is in the segment R + 256 G + 256^2 B."""
    area = np.zeros((30, 40), dtype=bool)
    area[3:9, 5:20] = True
    masks = [{"label": "Positive", "label_id": "pos", "size": [30, 40], "counts": text_of_mask(area)}]
    media = {"width_px": 40, "height_px": 30}
    rows = [
        {"item": n, "external_id": "", "media": {**media, "file_name": name}, "decision": decision}
        for n, (name, decision) in enumerate(
            (("a.jpg", {"masks": masks}), ("a.png", {"masks": []}), ("c.jpg", None)), 1
        )
    ]
    packed = gzip.compress(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    frozen = Frozen("T", 1, "mask", "2026-11-22T00:00:00Z", lambda: io.BytesIO(packed), LABELS)
    files = unzipped(b"".join(EXPORTS["coco-panoptic"].write(frozen)))
    assert sorted(files) == ["panoptic.json", "panoptic/a-2.png", "panoptic/a.png"], "nobody has decided the third"
    whole = json.loads(files["panoptic.json"])
    assert [one["file_name"] for one in whole["annotations"]] == ["a.png", "a-2.png"]
    [segment] = whole["annotations"][0]["segments_info"]
    assert {one["id"]: one["name"] for one in whole["categories"]}[segment["category_id"]] == "Positive"
    assert (segment["area"], segment["bbox"], segment["iscrowd"]) == (90, [5, 3, 15, 6], 0)
    colours = np.asarray(Image.open(io.BytesIO(files["panoptic/a.png"])).convert("RGB")).astype(int)
    numbers = colours @ [1, 256, 256**2]
    assert (numbers == segment["id"] * area).all()
