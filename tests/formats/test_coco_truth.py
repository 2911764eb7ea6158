"""A COCO file is the truth of the pictures it speaks of, as far as it speaks of them; a bad mark costs itself."""

import gc
import json
import tracemalloc

import pytest

from labelling.formats import json_text
from labelling.formats.coco.read import read
from labelling.formats.rows import BadTable
from labelling.models import Gold, Item
from tests.formats.worlds import counts, file, new_dataset, picture, reasons, remarks, upload_one, zipped
from tests.intake.files import turned

pytestmark = pytest.mark.django_db

IMAGES = [{"id": 5, "file_name": "a.png", "width": 40, "height": 30}]
CATEGORIES = [{"id": 1, "name": "pos"}, {"id": 2, "name": "neg"}]


def mark(box=(1, 2, 3, 4), **fields) -> dict:
    return {"id": 9, "image_id": 5, "category_id": 1, "bbox": list(box), "iscrowd": 0, **fields}


def sent(marks, images=IMAGES, categories=CATEGORIES, pictures=None, **more):
    dataset = new_dataset("image", "boxes")
    whole = {"images": images, "annotations": marks, "categories": categories, **more}
    content = {"instances.json": json.dumps(whole).encode(), **(pictures or {"a.png": picture()})}
    return upload_one(dataset, file("all.zip", zipped(content)))


def gold() -> list[dict]:
    return Gold.objects.get().truth["boxes"]


BOX = {"label": "pos", "x": 1, "y": 2, "width": 3, "height": 4}


# --- truth that nobody stated -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("marks", [[], None, [mark(image_id=77)]])
def test_a_file_that_marks_nothing_makes_items_and_no_truth(marks):
    made = sent(marks)
    assert (counts(made), Gold.objects.count()) == (("done", 1, 1, 0, 0), 0)


def test_a_picture_without_marks_in_a_file_that_marks_others_is_known_to_be_empty():
    images = [*IMAGES, {"id": 6, "file_name": "b.png", "width": 40, "height": 30}]
    sent([mark()], images, pictures={"a.png": picture(), "b.png": picture("blue")})
    assert sorted(len(one.truth["boxes"]) for one in Gold.objects.all()) == [0, 1]


@pytest.mark.parametrize(
    "box", [(50, 2, 3, 4), (1, 31, 3, 4), (-9, 2, 8, 4), (1, -9, 3, 9), (1, 2, 0, 4), (1, 2, 3, -4)]
)
def test_a_mark_outside_the_picture_is_refused_and_never_a_pixel_at_its_edge(box):
    made = sent([mark(), mark(box, id=10)])
    assert gold() == [BOX]
    (number, about, text) = remarks(made)[0]
    assert (number, about, made.rows_refused) == (1, "gold", 0)
    assert "Mark 10 was left out" in text


def test_a_picture_all_of_whose_marks_were_refused_is_an_item_without_truth():
    made = sent([mark((500, 500, 3, 4)), mark(category_id=99, id=10)])
    assert (counts(made)[:3], Gold.objects.count()) == (("done", 1, 1), 0)
    assert "without a known answer" in remarks(made)[-1][2]


def test_a_picture_with_only_a_crowd_is_not_known_to_be_empty():
    made = sent([mark(iscrowd=1)])
    assert Gold.objects.count() == 0
    assert "crowd" in remarks(made)[0][2]


def test_a_mark_that_reaches_out_is_cut_and_that_is_said():
    made = sent([mark((30, 20, 20, 20))])
    assert gold() == [{"label": "pos", "x": 30, "y": 20, "width": 10, "height": 10}]
    assert "cut at its edge" in remarks(made)[0][2]


# --- made on the picture as stored ------------------------------------------------------------------------------------
# The blue quarter of `quadrants()`, bottom left of the upright 200 x 100, in the picture as stored (100 x 200).
STORED = {5: (50, 0, 50, 100), 6: (50, 100, 50, 100), 7: (0, 100, 50, 100), 8: (0, 0, 50, 100)}
UPRIGHT = {"label": "pos", "x": 0, "y": 50, "width": 100, "height": 50}


@pytest.mark.parametrize("orientation", STORED)
def test_marks_made_on_the_picture_as_stored_are_turned_with_it(orientation):
    import io

    from PIL import Image

    content = turned(orientation)
    left, top, width, height = STORED[orientation]
    stored = Image.open(io.BytesIO(content)).convert("RGB")
    red, green, blue = stored.getpixel((left + width // 2, top + height // 2))
    assert blue > 200 > red + green  # the control: there it is, in the file's own pixels
    images = [{"id": 5, "file_name": "a.jpg", "width": 100, "height": 200}]
    sent([mark(STORED[orientation])], images, pictures={"a.jpg": content})
    assert gold() == [UPRIGHT]


@pytest.mark.parametrize("orientation", STORED)
def test_marks_made_on_the_upright_picture_stay(orientation):
    images = [{"id": 5, "file_name": "a.jpg", "width": 200, "height": 100}]
    sent([mark((0, 50, 100, 50))], images, pictures={"a.jpg": turned(orientation)})
    assert gold() == [UPRIGHT]


@pytest.mark.parametrize("orientation", [2, 3, 4])
def test_marks_that_could_be_meant_either_way_are_refused_and_the_picture_is_taken(orientation):
    images = [{"id": 5, "file_name": "a.jpg", "width": 200, "height": 100}]
    made = sent([mark((0, 50, 100, 50))], images, pictures={"a.jpg": turned(orientation)})
    assert (made.rows_added, Gold.objects.count()) == (1, 0)
    assert "stored turned" in remarks(made)[0][2]


def test_marks_made_on_a_picture_of_another_size_are_refused():
    made = sent([mark()], [{**IMAGES[0], "width": 400, "height": 300}])
    assert (made.rows_added, Gold.objects.count()) == (1, 0)
    assert "says 400 x 300 pixels, the picture has 40 x 30" in remarks(made)[0][2]


# --- categories, polygons, broken marks -------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["POS", "Positive", " positive ", "pos"])
def test_categories_are_known_by_name_or_id_in_any_case(name):
    sent([mark()], categories=[{"id": 1, "name": name}])
    assert gold() == [BOX]


@pytest.mark.parametrize(
    "bad",
    [
        {"bbox": None},
        {"bbox": ["a", 1, 2, 3]},
        {"bbox": [1, 2, 3]},
        {"bbox": [1, 2, 3, float("inf")]},
        {"category_id": None},
        {"category_id": 99},
    ],
)
def test_a_bad_mark_costs_itself_and_never_the_picture_or_the_file(bad):
    made = sent([mark(), mark(**{"id": 10, **bad})])
    assert (counts(made), gold()) == (("done", 1, 1, 0, 0), [BOX])
    assert "Mark 10 was left out" in remarks(made)[0][2]


def test_a_polygon_without_a_bbox_is_the_box_around_it():
    sent([mark(bbox=None, segmentation=[[1, 2, 4, 2, 4, 6, 1, 6]])])
    assert gold() == [BOX]


def test_a_picture_without_a_name_is_refused_and_the_others_are_taken():
    made = sent([mark()], [{"id": 4}, *IMAGES])
    assert counts(made) == ("done", 2, 1, 0, 1)


def test_boxes_for_a_project_that_asks_for_a_choice_are_left_out_and_the_pictures_taken():
    dataset = new_dataset("image")
    whole = {"images": IMAGES, "annotations": [mark()], "categories": CATEGORIES}
    content = {"instances.json": json.dumps(whole).encode(), "a.png": picture()}
    made = upload_one(dataset, file("all.zip", zipped(content)))
    assert (made.rows_added, Item.objects.count(), Gold.objects.count()) == (1, 1, 0)
    assert "does not ask for any" in remarks(made)[0][2]


def test_a_table_and_a_coco_file_may_come_with_the_same_pictures():
    dataset = new_dataset("image", "boxes")
    coco = {
        "images": [{"id": n, "file_name": f"p/{n}.png", "width": 40, "height": 30} for n in (1, 2, 9)],
        "annotations": [{"id": n, "image_id": n, "category_id": 1, "bbox": [1, 2, 3, 4]} for n in (1, 2)],
        "categories": [{"id": 1, "name": "POSITIVE"}],
    }
    content = {"x/t.csv": b"file,id,place\n1.png,A,shop\n3.png,C,street\n", "x/coco.json": json.dumps(coco).encode()}
    pictures = {f"x/p/{n}.png": picture(colour) for n, colour in enumerate(("red", "blue", "green", "black"), 1)}
    made = upload_one(dataset, file("all.zip", zipped({**content, **pictures})))
    assert (counts(made), reasons(made)) == (("done", 4, 3, 0, 1), ["x/t.csv does not name this file."])
    by_id = {item.external_id: item for item in Item.objects.select_related("gold")}
    assert (
        by_id["A"].gold.truth
        == by_id["2"].gold.truth
        == {"boxes": [{"label": "pos", "x": 1, "y": 2, "width": 3, "height": 4}]}
    )
    assert (by_id["A"].metadata, hasattr(by_id["C"], "gold")) == ({"place": "shop"}, False)


def test_several_coco_files_of_one_zip_speak_of_a_picture_each():
    """As COCO itself has them: one for training, one for testing, and one of captions beside each."""
    dataset = new_dataset("image", "boxes")
    content = {f"{part}/{part}.png": picture(colour) for part, colour in (("train", "red"), ("val", "blue"))}
    for part in ("train", "val"):
        images = [{**IMAGES[0], "file_name": f"{part}.png"}]
        words = [{"id": 1, "image_id": 5, "caption": "A cat."}]
        for kind, marks in (("captions", words), ("instances", [mark()])):
            whole = {"images": images, "annotations": marks, "categories": CATEGORIES}
            content[f"annotations/{kind}_{part}.json"] = json.dumps(whole).encode()
    made = upload_one(dataset, file("all.zip", zipped(content)))
    assert (counts(made), reasons(made), remarks(made)) == (("done", 2, 2, 0, 0), [], [])
    assert [one.truth["boxes"] for one in Gold.objects.all()] == [[BOX], [BOX]]


@pytest.mark.parametrize("task_type", ["boxes", "polygons", "mask"])
def test_points_without_an_outline_are_a_box_around_them_and_a_single_one_costs_itself(task_type):
    """They had stopped the import: what the box of nothing is, nobody knew."""
    named = [{"id": 1, "name": "pos", "keypoints": ["a", "b"]}]
    points = [{"keypoints": one, "bbox": None} for one in ([1, 2, 2, 9, 8, 1], [5, 5, 2, 0, 0, 0], [0, 0, 0, 0, 0, 0])]
    content = {"a.png": picture(), "instances.json": json.dumps({
        "images": IMAGES, "categories": named, "annotations": [mark(id=n, **one) for n, one in enumerate(points, 1)],
    }).encode()}  # fmt: skip
    made = upload_one(new_dataset("image", task_type), file("all.zip", zipped(content)))
    assert (counts(made), Gold.objects.count()) == (("done", 1, 1, 0, 0), 1), remarks(made)
    assert [text.split(" was left out")[0] for _, _, text in remarks(made)] == ["Mark 2", "Mark 3"]


# --- many -------------------------------------------------------------------------------------------------------------
def coco_of(path, count: int) -> None:
    """Marks in another order than their pictures, as COCO's own files have them."""
    images = [{"id": n, "file_name": f"{n:012}.jpg", "width": 640, "height": 480} for n in range(count)]
    marks = [mark(id=n, image_id=(n * 7919) % count) for n in range(2 * count)]
    whole = {"info": {}, "images": images, "annotations": marks, "categories": CATEGORIES}
    path.write_text(json.dumps(whole, separators=(",\n", ":")))


def peak_of(path, count: int) -> int:
    coco_of(path, count)
    gc.collect()  # what others left is none of its memory
    tracemalloc.start()
    try:
        rows = sum(len(row.cells["gold"].marks) == 2 for row in read(path))
        assert rows == count, "each with the marks that are its own"
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_four_times_the_pictures_need_no_more_memory(tmp_path, monkeypatch):
    """Many pieces of the few, too. The marks of 900 pictures more are some two megabytes."""
    monkeypatch.setattr(json_text, "PIECE", 8_192)
    path = tmp_path / "coco.json"
    peak_of(path, 100)  # what is loaded once
    assert peak_of(path, 1_200) < peak_of(path, 300) + 300_000


@pytest.mark.parametrize(
    ("whole", "sentence"),
    [
        (
            '{"images": [{"id": 1}], "annotations": [',
            "This is no COCO file: there is no ] where one must stand, line 1.",
        ),
        ('{"images": [{"id": 1}]} x', "This is no COCO file: something stands behind its end, line 1."),
        ('{"images": [{"id": 1}, nonsense]}', "This is no COCO file: Expecting value."),
        ('{"images": {"id": 1}, "annotations": []}', "This is no COCO file: it has no list named images."),
        ('{"images": ' + "[" * 200 + "]}", "This is no COCO file: It is nested too deep."),
        ('{5: [], "images": []}', "This is no COCO file: a name must be a text, line 1."),
        ('{"images" []}', "This is no COCO file: there is no colon behind a name, line 1."),
    ],
)
def test_what_breaks_off_says_nothing_of_any_picture(tmp_path, whole, sentence):
    path = tmp_path / "coco.json"
    path.write_text(whole)
    with pytest.raises(BadTable) as refused:
        next(read(path))
    assert str(refused.value) == sentence
