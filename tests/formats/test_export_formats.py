"""Each format is read back by a reader of that format; memory does not grow with the release."""

import csv
import gc
import gzip
import io
import json
import re
import tracemalloc

import pytest

from intake.models import Media
from labelling.formats import EXPORTS, exports_for
from labelling.formats.cells import harmless
from labelling.formats.frozen import UNITS, Frozen
from labelling.models import Dataset, Item
from tests.formats.decided import EVIL, built, crew, decide, downloaded, new_batch, new_item, text_world
from tests.formats.worlds import LABELS, file, new_dataset, upload_one, zipped

pytestmark = pytest.mark.django_db


# --- CSV --------------------------------------------------------------------------------------------------------------
def test_csv_has_a_row_for_each_item_and_no_cell_that_a_spreadsheet_would_run():
    dataset, _ = text_world(len(EVIL))
    content = downloaded(built(dataset), "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["metadata.source"] for row in rows] == [made_text(cell) for cell in EVIL]
    assert not any(cell.startswith(tuple("=+-@\t\r\0")) for row in rows for cell in row.values())
    first = rows[0]
    assert (first["external_id"], first["decision"], first["confidence_ppm"]) == ("row 0", "Positive", "987654")
    assert (first["metadata.n"], first["sure"], first["units"]) == ("0", "true", UNITS)


@pytest.mark.parametrize(
    "cell", ["-5", "+27821234567", "+27 82 123 4567", "-1.5e-3", "-1,000.5", "plain", "", " =1", "a=b", "5"]
)
def test_numbers_and_plain_cells_stay_as_they_are(cell):
    assert harmless(cell) == cell


@pytest.mark.parametrize("cell", [*EVIL, "\0=1", "\n=1", "-", "+", "-cmd", "+27=1", "-2+3+cmd|' /C calc'!A0", "＋1"])
def test_cells_that_run_are_made_text(cell):
    assert harmless(cell) == made_text(cell)


def made_text(cell: str) -> str:
    """Behind a sign that parts cells stands a cell as well."""
    return "'" + (cell[0] + "'" + cell[1:] if cell[0] in "\t\r\n" else cell)


LINK = '=HYPERLINK("http://evil")'
HIDDEN = [f"ok{sign}{quote}{LINK}" for sign in ",;\t|\r\n" for quote in ("", '"', '""')] + [
    "a;-1+cmd", "a|@SUM(1)", 'say "no";=1', "a;\t=1", "a\r\n=1", "a,+1+1", "a;＝1", '"=1', ";=1", "x;;=1", "a\tb\t=1", "a;\r=1",
]  # fmt: skip


def naive(text: str, sign: str) -> list[str]:
    """A reader that knows of no quotes."""
    return [cell.strip('"') for line in text.splitlines() for cell in line.split(sign)]


def cells_of(text: str, sign: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign) for cell in row] + naive(
        text, sign
    )


def running(text: str) -> list[tuple[str, str]]:
    """Cells that a spreadsheet would run, whichever sign it parts them at; numbers are none."""
    number = re.compile(r"[+-]?[0-9][0-9 .,]*")
    found = [
        (sign, cell) for sign in ",;\t|" for cell in cells_of(text, sign) if cell.startswith(tuple("=+-@\t\r＝＋－＠"))
    ]
    return [(sign, cell) for sign, cell in found if not number.fullmatch(cell)]


def test_no_cell_runs_whichever_sign_parts_them():
    values = [*HIDDEN, *EVIL, {"text": HIDDEN}, [1, -2, "=1", f"a;{LINK}"], {f"=k;{LINK}": -5}]
    dataset, _ = text_world(2)
    item = Item.objects.filter(project=dataset.project).order_by("pk").first()
    item.metadata = {f"{number}": value for number, value in enumerate(values)} | {f"name;{LINK}": 1}
    item.save()
    text = downloaded(built(dataset), "csv").decode("utf-8-sig")
    assert running(text) == []
    (row, _) = csv.DictReader(io.StringIO(text, newline=""))
    read = [row[f"metadata.{number}"] for number in range(len(values))]
    assert [json.loads(cell) for cell, value in zip(read, values, strict=True) if not isinstance(value, str)] == values[
        -3:
    ]
    texts = [(cell, value) for cell, value in zip(read, values, strict=True) if isinstance(value, str)]
    assert all(cell.replace("'", "") == value.replace("'", "") for cell, value in texts)


@pytest.mark.parametrize("cell", HIDDEN)
def test_control_quotes_alone_or_the_first_sign_alone_are_not_enough(cell):
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerow(["a", cell])
    assert running(buffer.getvalue())


# --- COCO -------------------------------------------------------------------------------------------------------------
def boxes_world() -> Dataset:
    dataset = new_dataset("image", "boxes")
    batch, workers = new_batch(dataset), crew(2)
    truth = [
        [
            {"label": "pos", "x": 10, "y": 20, "width": 30, "height": 40},
            {"label": "neg", "x": 0, "y": 0, "width": 5, "height": 6},
        ],
        [],
        [{"label": "gone", "x": 1, "y": 2, "width": 3, "height": 4}],
    ]
    for number, boxes in enumerate(truth):
        media = Media.objects.create(
            kind="image", sha256=f"{number:064d}", organisation_id=dataset.project.organisation_id, original="x",
            content_type="image/jpeg", size_bytes=1, width_px=640, height_px=480,
        )  # fmt: skip
        item = new_item(dataset, number, payload={}, media=media, file_name=f"{number}.jpg")
        decide(item, batch, {"boxes": boxes}, workers)
    return dataset


def test_coco_is_what_pycocotools_reads(tmp_path, capsys):
    coco_tools = pytest.importorskip("pycocotools.coco", reason="pycocotools is not installed (requirements-dev)")
    release = built(boxes_world())
    path = tmp_path / "instances.json"
    path.write_bytes(downloaded(release, "coco"))
    coco = coco_tools.COCO(str(path))
    capsys.readouterr()
    assert [coco.imgs[key]["file_name"] for key in sorted(coco.imgs)] == ["0.jpg", "1.jpg", "2.jpg"]
    assert {one["name"]: one["id"] for one in coco.cats.values()} == {"Negative": 1, "Positive": 2, "gone": 3}
    marks = coco.loadAnns(sorted(coco.anns))
    assert [mark["id"] for mark in marks] == [1, 2, 3]
    assert (marks[0]["bbox"], marks[0]["area"], marks[0]["iscrowd"]) == ([10.0, 20.0, 30.0, 40.0], 1200.0, 0)
    assert marks[0]["segmentation"] == [[10.0, 20.0, 40.0, 20.0, 40.0, 60.0, 10.0, 60.0]]
    assert coco.annToMask(marks[0]).sum() == 1200
    assert coco.getImgIds(catIds=[2]) == [marks[0]["image_id"]]
    whole = json.loads(path.read_bytes())
    assert set(whole) == {"info", "licenses", "images", "annotations", "categories"}
    assert (whole["images"][0]["width"], whole["images"][0]["height"]) == (640, 480)
    assert UNITS in whole["info"]["description"]


def test_coco_comes_back_as_gold():
    release = built(boxes_world())
    content = json.loads(downloaded(release, "coco"))
    content["images"], keep = content["images"][:1], content["images"][0]["id"]
    content["annotations"] = [mark for mark in content["annotations"] if mark["image_id"] == keep]
    from tests.formats.worlds import picture

    other = new_dataset("image", "boxes", name="Other")
    index = json.dumps(content).encode()
    upload_one(
        other, file("a.zip", zipped({"instances.json": index, "0.jpg": picture(size=(640, 480), format="JPEG")}))
    )
    assert Item.objects.get(project=other.project).gold.truth == {
        "boxes": [
            {"label": "neg", "x": 0, "y": 0, "width": 5, "height": 6},
            {"label": "pos", "x": 10, "y": 20, "width": 30, "height": 40},
        ]
    }


def test_an_empty_list_of_boxes_is_still_good_json():
    frozen_lines = gzip.compress(
        b'{"item":1,"external_id":"","media":{"width_px":1,"height_px":1,"file_name":"a"},"decision":{"boxes":[]}}\n'
    )
    frozen = Frozen("T", 1, "boxes", "2026-11-22T00:00:00Z", lambda: io.BytesIO(frozen_lines), LABELS)
    whole = json.loads(b"".join(EXPORTS["coco"].write(frozen)))
    assert (whole["annotations"], len(whole["images"]), len(whole["categories"])) == ([], 1, 2)


# --- all --------------------------------------------------------------------------------------------------------------
def test_formats_by_task_type():
    def own(task_type: str, medium: str) -> list[str]:
        return [one.name for one in exports_for(task_type, medium) if one.draws]

    assert own("choice", "image") == ["image-folder", "label-studio", "soft-labels"]
    assert own("choice", "text") == ["doccano", "label-studio", "soft-labels", "spacy"]
    assert own("text", "audio") == ["common-voice", "label-studio"]
    assert own("boxes", "image") == ["coco", "cvat-images", "label-studio", "labelme", "voc", "vott", "yolo"]
    every = {one.name for one in exports_for("choice")} & {one.name for one in exports_for("tracks")}
    assert every == {"jsonl", "csv", "csv-raw", "parquet", "hugging-face", "label-studio"}


# A zip keeps the place of every file until its end.
@pytest.mark.parametrize("name", [one.name for one in exports_for("boxes") if one.extension != "zip"])
def test_memory_does_not_grow_with_the_release(name):
    """Four times the items, the same peak within a part of what four times would be. (The fewer are a whole row group of Parquet.) What
    others in this process allocate meanwhile is counted with it; a writer that grows does so each time."""
    few = 5_000 if name == "parquet" else 1_250
    assert any(_peak_bytes(name, 4 * few) < _peak_bytes(name, few) + 100 * (4 * few - few) for _ in range(3))


def _peak_bytes(name: str, n: int) -> int:
    row = {
        "item": 1, "external_id": "x", "text": None, "media": {"file_name": "a.jpg", "width_px": 9, "height_px": 9},
        "metadata": {"k": "v"}, "decision": {"boxes": [{"label": "pos", "x": 1, "y": 1, "width": 2, "height": 2}]},
        "provenance": {}, "answers": [], "answers_used": 1,
    }  # fmt: skip
    packed = gzip.compress(b"".join(json.dumps(row | {"item": i}).encode() + b"\n" for i in range(n)), 1)
    frozen = Frozen("T", 1, "boxes", "2026-11-22T00:00:00Z", lambda: io.BytesIO(packed), LABELS)
    gc.collect()  # what earlier tests left is not finished off while this is measured
    tracemalloc.start()
    try:
        size = sum(map(len, EXPORTS[name].write(frozen)))
        assert size > (3 if name == "parquet" else 30) * n  # it is packed
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
