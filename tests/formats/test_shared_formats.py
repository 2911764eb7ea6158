"""Every folder of the shared data sets in the formats of the field (Datumaro's own test files): it is imported, or what is left is said."""

import io
import zipfile

import pytest

from labelling.data.import_upload import import_upload
from labelling.data.say_columns import say_columns
from labelling.models import Gold, Suggestion, Upload
from tests.formats.worlds import file, new_dataset, owner, reasons, remarks, upload_one
from tests.servers import SHARED

FOLDER = SHARED / "data" / "media" / "formats" / "datumaro-assets"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER.exists(), reason="the shared data sets (../shared/data/media/formats) are absent"),
]
AB, NUMBERED = ("a", "b", "c"), tuple(f"label_{n}" for n in range(5))
LANGUAGE = {"language": "en"}
# folder, medium, task type, labels, other settings: items, and how many of them have a known answer. Pictures that are alike are one item.
CASES = [
    ("coco_dataset/coco_instances", "image", "boxes", AB, {}, ("done", 2, 2)),
    ("coco_dataset/coco_instances", "image", "polygons", AB, {}, ("done", 2, 2)),
    ("coco_dataset/coco", "image", "boxes", AB, {}, ("done", 2, 2)),
    ("coco_dataset/mmdet_coco", "image", "boxes", AB, {}, ("done", 2, 2)),
    ("coco_dataset/coco_roboflow", "image", "boxes", AB, {}, ("done", 2, 2)),
    ("coco_dataset/coco_stuff", "image", "mask", AB, {}, ("done", 2, 2)),
    ("coco_dataset/coco_person_keypoints", "image", "boxes", AB, {}, ("done", 2, 2)),
    ("coco_dataset/coco_panoptic", "image", "mask", AB, {}, ("done", 2, 1)),
    ("coco_dataset/coco_captions", "image", "text", (), {}, ("done", 2, 0)),
    ("coco_dataset/coco", "image", "text", (), {}, ("done", 2, 0)),
    ("coco_dataset/coco_labels", "image", "choice", AB, {}, ("done", 2, 0)),
    ("coco_dataset/coco_image_info", "image", "boxes", AB, {}, ("done", 2, 0)),
    ("voc_dataset/voc_dataset1", "image", "boxes", ("cat", "person"), {}, ("done", 2, 1)),
    ("voc_dataset/voc_dataset1", "image", "mask", ("cat", "person"), {}, ("done", 2, 1)),
    ("voc_dataset/voc_dataset2", "image", "boxes", ("cat", "person"), {}, ("done", 0, 0)),
    ("voc_dataset/voc_dataset3", "image", "boxes", ("cat", "person"), {}, ("done", 1, 1)),
    ("yolo_dataset/labels", "image", "boxes", NUMBERED, {}, ("done", 1, 1)),
    ("yolo_dataset/annotations", "image", "boxes", NUMBERED, {}, ("done", 1, 1)),
    ("yolo_dataset/strict", "image", "boxes", NUMBERED, {}, ("done", 1, 1)),
    ("cvat_dataset/for_images/export_project", "image", "boxes", ("label1", "label2"), {}, ("done", 2, 2)),
    ("cvat_dataset/for_images/export_task", "image", "boxes", ("label1", "label2"), {}, ("done", 2, 2)),
    ("cvat_dataset/for_video", "video", "tracks", AB, {}, ("done", 0, 0)),
    ("mot_dataset/mot_seq", "video", "tracks", AB, {}, ("done", 0, 0)),
    ("vott_json_dataset/dataset", "image", "boxes", ("animal", "dog", "person"), {}, ("done", 1, 0)),
    ("vott_json_dataset/dataset_with_meta_file", "image", "boxes", ("animal", "dog", "person"), {}, ("done", 1, 0)),
    ("labelme_dataset", "image", "polygons", ("license plate",), {}, ("done", 3, 0)),
    ("imagenet_dataset", "image", "choice", NUMBERED, {}, ("done", 2, 0)),
    ("icdar_dataset/text_localization", "image", "regions", ("word",), LANGUAGE, ("done", 1, 0)),
    ("icdar_dataset/word_recognition", "image", "text", (), {}, ("done", 1, 0)),
    ("icdar_dataset/text_segmentation", "image", "mask", AB, {}, ("done", 2, 0)),
    ("datumaro_dataset/legacy", "image", "boxes", AB, {}, ("failed", 0, 0)),
]


def sent(folder: str, medium: str, task_type: str, names: tuple[str, ...], more: dict) -> Upload:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted((FOLDER / folder).rglob("*")):
            if path.is_file():
                archive.write(path, str(path.relative_to(FOLDER / folder)))
    fields = {"labels": [{"id": f"l{n}", "name": {"en": name}} for n, name in enumerate(names)]} if names else {}
    dataset = new_dataset(medium, task_type, **fields, **more)
    made = upload_one(dataset, file("all.zip", buffer.getvalue()))
    if made.state == Upload.State.ASKS:
        say_columns(owner(dataset), made.pk, {"columns": {"decision": "gold"}})
        import_upload(made.pk)
        made.refresh_from_db()
    return made


@pytest.mark.parametrize(
    ("folder", "medium", "task_type", "names", "more", "right"), CASES, ids=[f"{one[0]}-{one[2]}" for one in CASES]
)
def test_a_folder_is_imported_or_what_is_left_is_said(folder, medium, task_type, names, more, right):
    made = sent(folder, medium, task_type, names, more)
    assert (made.state, made.rows_added, Gold.objects.count()) == right, (made.error, reasons(made), remarks(made))
    said = [made.error, *reasons(made), *(sentence for _, _, sentence in remarks(made))]
    assert right[1:] == (right[1], right[1]) or any(said), "what has no known answer has a sentence"
    captions = "coco_captions" in folder or (folder, task_type) == ("coco_dataset/coco", "text")
    assert [one.value["text"] for one in Suggestion.objects.order_by("item")] == (
        ["hello", "world"] if captions else []
    )
