"""PNGs whose colours are segments or classes: COCO panoptic and VOC's masks, in and out again; poses of YOLO in; folders as labels."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from labelling.data.import_upload import import_upload
from labelling.data.receive_upload import receive_upload
from labelling.data.say_columns import say_columns
from labelling.formats.png_masks.write import colour_of
from labelling.formats.segment_maps import segments_of
from labelling.models import Gold, Item, Suggestion, Upload
from labelling.task_types.runs import mask_of, text_of_mask
from tests.formats.decided import built, crew, decide, downloaded, new_batch, new_item
from tests.formats.test_figure_formats import FIRST, SECOND, figures_dataset, figures_world
from tests.formats.test_label_studio import media_of
from tests.formats.test_picture_formats import unzipped
from tests.formats.worlds import file, new_dataset, owner, picture, reasons, remarks, upload_one, zipped

pytestmark = pytest.mark.django_db
WIDTH, HEIGHT = 400, 300
BIG, SMALL = (np.zeros((HEIGHT, WIDTH), dtype=bool) for _ in range(2))
BIG[40:90, 30:200] = BIG[200:, 350:] = True
SMALL[100:110, 5:9] = True
MASKS = [
    {"label": name, "size": [HEIGHT, WIDTH], "counts": text_of_mask(area)}
    for name, area in (("neg", SMALL), ("pos", BIG))
]
PHOTO = picture(size=(WIDTH, HEIGHT), format="JPEG")


def png(colours: np.ndarray, mode: str = "RGB", palette: list[int] | None = None) -> bytes:
    image = Image.fromarray(colours, mode)
    if palette:
        image.putpalette(palette)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def masks_world():
    dataset, workers = new_dataset("image", "mask"), crew(2)
    item = new_item(dataset, 1, payload={}, media=media_of(dataset), file_name="street/a.jpg")
    decide(item, new_batch(dataset), {"masks": MASKS}, workers)
    return dataset


def areas(gold: Gold) -> dict[str, np.ndarray]:
    return {one["label"]: mask_of(one["size"], one["counts"]) for one in gold.truth["masks"]}


@pytest.mark.parametrize("name", ["coco-panoptic", "png-masks"])
def test_areas_leave_as_colours_and_come_in_again_to_the_pixel(name):
    files = unzipped(downloaded(built(masks_world()), name))
    made = upload_one(
        new_dataset("image", "mask", "Other"), file("a.zip", zipped({**files, "images/street/a.jpg": PHOTO}))
    )
    assert (made.state, made.rows_added, made.rows_refused) == ("done", 1, 0), (
        made.error,
        reasons(made),
        remarks(made),
    )
    found = areas(Gold.objects.get())
    assert (found["neg"] == SMALL).all()
    assert (found["pos"] == BIG).all()


def test_vocs_colours_are_vocs():
    assert [colour_of(n) for n in (0, 1, 2, 3, 8, 255)] == [
        (0, 0, 0), (128, 0, 0), (0, 128, 0), (128, 128, 0), (64, 0, 0), (224, 224, 192),
    ]  # fmt: skip


# --- what others wrote ------------------------------------------------------------------------------------------------
def panoptic(segments, annotations=None, **more) -> dict[str, bytes]:
    whole = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": WIDTH, "height": HEIGHT}],
        "annotations": annotations or [{"image_id": 1, "file_name": "a.png", "segments_info": segments}],
        "categories": [{"id": 7, "name": "Positive", "isthing": 1}, {"id": 9, "name": "Tram", "isthing": 0}],
    }
    colours = np.zeros((HEIGHT, WIDTH, 3), dtype=np.uint8)
    colours[BIG], colours[SMALL] = (1, 2, 3), (0, 1, 0)
    return {
        "annotations/panoptic_val.json": json.dumps(whole | more).encode(),
        "annotations/panoptic_val/a.png": png(colours),
        "val/a.jpg": PHOTO,
    }


ONE = 1 + 2 * 256 + 3 * 256**2


def sent(files: dict[str, bytes], task_type: str = "mask") -> Upload:
    return upload_one(new_dataset("image", task_type, "Other"), file("a.zip", zipped(files)))


def test_segments_of_things_are_areas_or_boxes_as_the_project_asks():
    files = panoptic([{"id": ONE, "category_id": 7, "iscrowd": 0}, {"id": 256, "category_id": 9, "iscrowd": 0}])
    made = sent(files)
    assert (made.rows_added, made.rows_refused) == (1, 0), reasons(made)
    assert (areas(Gold.objects.get())["pos"] == BIG).all()
    assert any("no label Tram" in sentence for _, _, sentence in remarks(made))
    upload_one(new_dataset("image", "boxes", "Boxes"), file("a.zip", zipped(files)))
    assert Gold.objects.latest("pk").truth["boxes"] == [{"label": "pos", "x": 30, "y": 40, "width": 370, "height": 260}]


def test_a_segment_that_nobody_explains_costs_itself():
    made = sent(panoptic([{"id": 256, "category_id": 7, "iscrowd": 0}]))
    assert (areas(Gold.objects.get())["pos"] == SMALL).all()
    assert any("the JSON does not say what it is" in sentence for _, _, sentence in remarks(made))


@pytest.mark.parametrize("broken", ["no json", "no list", "other names"])
def test_pngs_without_their_json_are_told_and_the_picture_is_taken(broken):
    files = panoptic([{"id": ONE, "category_id": 7}])
    name = "annotations/panoptic_val.json"
    if broken == "no json":
        files[name] = b"[" * 100_000
    elif broken == "no list":
        del files[name]
    else:
        files = panoptic([], [{"image_id": 1, "file_name": "z.png", "segments_info": 5}, 7])
    made = sent(files)
    assert (made.rows_added, Gold.objects.count()) == (1, 0)
    assert any("no panoptic JSON says" in sentence for _, _, sentence in remarks(made))


VOC_PALETTE = [value for number in range(256) for value in colour_of(number)]


def test_masks_of_vocs_are_read_by_their_colours_and_by_their_numbers():
    classes = np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    classes[BIG], classes[SMALL] = 2, 255
    labelled = {
        "labelmap.txt": b"# label:color_rgb:parts:actions\nbackground:0,0,0::\nNegative:128,0,0::\nPositive:0,128,0::\n"
    }
    files = {"SegmentationClass/a.png": png(classes, "P", VOC_PALETTE), "JPEGImages/a.jpg": PHOTO}
    made = sent({**files, **labelled, "ImageSets/Segmentation/train.txt": b"a\n"})
    assert (made.rows_added, made.rows_refused) == (1, 0), reasons(made)
    assert (areas(Gold.objects.get())["pos"] == BIG).all()
    assert any("no label 224,224,192" in sentence for _, _, sentence in remarks(made))
    labels = [{"id": "two", "name": {"en": "2"}}]
    made = upload_one(new_dataset("image", "mask", "Numbers", labels=labels), file("a.zip", zipped(files)))
    assert remarks(made) == []
    assert (areas(Gold.objects.latest("pk"))["two"] == BIG).all()


NOISE = np.random.default_rng(1).integers(0, 256, (100, 100, 3), dtype=np.uint8)
HOSTILE = [
    b"\x89PNG\r\n\x1a\n",
    png(NOISE)[:-50],
    png(NOISE),
    png(np.zeros((6_000, 6_000), dtype=np.uint8), "L"),
    b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
]


@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_pngs_are_one_sentence(content):
    with pytest.raises(ValueError, match=r"\.\Z"):
        list(segments_of(content))


def test_control_every_mode_of_a_good_one_is_read():
    for mode, colours in (("L", BIG.astype(np.uint8) * 7), ("RGB", np.stack([BIG.astype(np.uint8) * 7] * 3, axis=-1))):
        _, found = segments_of(png(colours, mode))
        assert (found.pixels.mask == BIG).all()
        assert found.rgb == (7, 7, 7)


# --- poses ------------------------------------------------------------------------------------------------------------
def test_yolos_poses_come_in_as_they_were():
    written = unzipped(downloaded(built(figures_world()), "yolo"))
    dataset = figures_dataset("Other")
    photos = {f"images/{n}.jpg": picture(colour, (640, 480), "JPEG") for n, colour in enumerate(("red", "blue"))}
    made = upload_one(dataset, file("a.zip", zipped({**written, **photos})))
    assert (made.rows_added, made.rows_refused) == (2, 0), (reasons(made), remarks(made))
    golds = [gold.truth["figures"] for gold in Gold.objects.filter(project=dataset.project).order_by("item__file_name")]
    assert [sorted(one, key=str) for one in golds] == [sorted([FIRST, SECOND], key=str), []]


def test_of_poses_with_another_number_of_points_nothing_is_guessed():
    dataset = figures_dataset("Other")
    files = {
        "data.yaml": b"names: [Negative]\nkpt_shape:\n- 2\n- 2\n",
        "labels/a.txt": b"0 0.5 0.5 0.2 0.2 0.1 0.1 0.2 0.2\n",
    }
    made = upload_one(dataset, file("a.zip", zipped({**files, "images/a.jpg": picture(size=(64, 48), format="JPEG")})))
    assert (made.rows_added, Gold.objects.count()) == (1, 0)
    assert any("2 points without names, the project asks for 3" in sentence for _, _, sentence in remarks(made))


# --- folders ----------------------------------------------------------------------------------------------------------
FOLDERS = {
    "train/Positive/1.png": picture("red"), "train/negative/1.png": picture("blue"), "val/Positive/2.png": picture("green"),
}  # fmt: skip


def folders(files: dict[str, bytes], task_type: str = "choice"):
    dataset = new_dataset("image", task_type)
    [made] = receive_upload(owner(dataset), dataset, files=[file("a.zip", zipped(files))])
    import_upload(made.pk)
    made.refresh_from_db()
    return dataset, made


@pytest.mark.parametrize("role", ["gold", "suggestion", "ignore"])
@pytest.mark.parametrize("task_type", ["choice", "choices"])
def test_folders_that_are_labels_become_what_she_says(task_type, role):
    dataset, made = folders(FOLDERS, task_type)
    assert made.state == Upload.State.ASKS
    say_columns(owner(dataset), made.pk, {"columns": {"decision": role}})
    import_upload(made.pk)
    assert Item.objects.count() == 3
    model = {"gold": Gold, "suggestion": Suggestion}.get(role)
    golds = {one.item.file_name: one.truth for one in Gold.objects.select_related("item")}
    assert (Gold.objects.count(), Suggestion.objects.count()) == tuple(3 * (model is one) for one in (Gold, Suggestion))
    if role == "gold":
        said = {"label": "neg"} if task_type == "choice" else {"labels": ["neg"]}
        assert golds["train/negative/1.png"] == said


def test_nested_splits_are_read_past_what_is_no_picture():
    dust = {"__MACOSX/train/Positive/._1.png": b"x", "train/.DS_Store": b"x", "train/Positive/Thumbs.db": b"x"}
    deep = {f"set/v1/{name}": content for name, content in FOLDERS.items()}
    dataset, made = folders({**deep, **dust, "README.md": b"# Cats and dogs", "set/classes.txt": b"Positive"})
    assert made.state == Upload.State.ASKS, (made.error, reasons(made))
    say_columns(owner(dataset), made.pk, {"columns": {"decision": "gold"}})
    import_upload(made.pk)
    made.refresh_from_db()
    assert (made.rows_added, made.rows_refused, Gold.objects.count()) == (3, 2, 3), reasons(made)
    golds = {one.item.file_name: one.truth["label"] for one in Gold.objects.select_related("item")}
    assert golds["set/v1/train/negative/1.png"] == "neg"


@pytest.mark.parametrize("more", ["Tram/1.png", "1.png"])
def test_one_file_that_lies_elsewhere_and_folders_say_nothing(more):
    _, made = folders({**FOLDERS, more: picture("black")})
    assert (made.state, made.rows_added, Gold.objects.count()) == ("done", 4, 0)


def test_folders_are_no_answer_to_what_is_drawn():
    _, made = folders(FOLDERS, "boxes")
    assert (made.state, made.rows_added) == ("done", 3)


def test_the_metadata_names_each_file_and_its_label():
    dataset, workers = new_dataset("image"), crew(1)
    item = new_item(dataset, 1, payload={}, media=media_of(dataset), file_name="a/1.png")
    decide(item, new_batch(dataset), {"label": "pos"}, workers)
    [line] = downloaded(built(dataset), "image-folder").splitlines()
    assert json.loads(line) == {"file_name": "a/1.png", "label": "Positive"}
