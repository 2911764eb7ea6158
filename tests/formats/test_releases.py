"""A release is frozen, hashed and streamed; each format is read back by a reader of that format."""

import csv
import gzip
import hashlib
import io
import json
import tracemalloc
import uuid

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from delivery.models import OutboxEvent
from intake.models import Media
from labelling import tasks
from labelling.actions import build_release as building
from labelling.actions.build_release import build_release
from labelling.actions.create_release import create_release
from labelling.actions.download_release import download_release
from labelling.formats import EXPORTS, exports_for
from labelling.formats.cells import harmless
from labelling.formats.frozen import UNITS, Frozen
from labelling.models import Answer, Batch, Dataset, Decision, Item, Lease, Release
from people.models import AuditEntry, Person, Worker
from people.refusals import Conflict, Refusal
from tests.formats.worlds import LABELS, file, new_dataset, owner, upload_one, zipped

pytestmark = pytest.mark.django_db
EVIL = ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1,1)", "\t=1", "\r=1", "＝1+1"]


def new_batch(dataset: Dataset) -> Batch:
    return Batch.objects.create(project=dataset.project, name="b", base_micro=10_000)


def new_item(dataset: Dataset, number: int, **fields) -> Item:
    fields = {"payload": {"text": f"text {number}"}, **fields}
    return Item.objects.create(
        project=dataset.project,
        dataset=dataset,
        content_hash=f"{dataset.pk}-{number}",
        external_id=f"row {number}",
        **fields,
    )


def decide(item: Item, batch: Batch, value: dict, workers: list[Worker], *, final: bool = True) -> Decision:
    for worker in workers:
        answer(item, batch, worker, value)
    return Decision.objects.create(
        item=item, project=item.project, batch=batch, value=value, confidence_ppm=987_654, agreement_ppm=900_000,
        answers_used=len(workers), final=final, sure=True, method="choice-pooled/1", inputs_hash="ab" * 32,
        decided_at=timezone.now(),
    )  # fmt: skip


def answer(item: Item, batch: Batch, worker: Worker, value: dict) -> Answer:
    now = timezone.now()
    lease = Lease.objects.create(
        id=uuid.uuid4(), worker=worker, batch=batch, item=item, state="answered", drawn_at=now, expires_at=now
    )
    return Answer.objects.create(
        id=uuid.uuid4(), lease=lease, worker=worker, item=item, batch=batch, project=item.project, value=value,
        body_sha256="cd" * 32, counted=True, base_micro=10_000, active_ms=2_000, device_class="phone", received_at=now,
        receipt={}, receipt_signature="",
    )  # fmt: skip


def crew(n: int) -> list[Worker]:
    people = [Person.objects.create_user(email=f"{uuid.uuid4().hex}@example.org") for _ in range(n)]
    return [Worker.objects.create(person=person) for person in people]


def built(dataset: Dataset) -> Release:
    release = create_release(owner(dataset), dataset.project)
    build_release(release.pk)
    return Release.objects.select_related("project").get(pk=release.pk)


def text_world(n: int = 3) -> tuple[Dataset, list[Worker]]:
    dataset, workers = new_dataset(), crew(2)
    batch = new_batch(dataset)
    for number in range(n):
        metadata = {"source": EVIL[number % len(EVIL)], "n": number}
        decide(new_item(dataset, number, metadata=metadata), batch, {"label": "pos"}, workers)
    return dataset, workers


def downloaded(release: Release, name: str) -> bytes:
    return b"".join(download_release(release.created_by, release, name).chunks)


# --- freezing ---------------------------------------------------------------------------------------------------------
def test_a_release_holds_every_decision_with_its_answers_and_where_they_come_from():
    dataset, workers = text_world(2)
    decide(new_item(dataset, 9), new_batch(dataset), {"label": "neg"}, workers[:1], final=False)
    release = built(dataset)
    lines = [json.loads(line) for line in downloaded(release, "jsonl").splitlines()]
    assert (release.number, release.state, release.items, len(lines)) == (1, "ready", 2, 2)
    first = lines[0]
    assert (first["external_id"], first["text"], first["metadata"]) == ("row 0", "text 0", {"source": EVIL[0], "n": 0})
    assert (first["decision"], first["confidence_ppm"], first["agreement_ppm"]) == ({"label": "pos"}, 987_654, 900_000)
    assert (first["method"], first["inputs_hash"], first["answers_used"], first["sure"]) == (
        "choice-pooled/1",
        "ab" * 32,
        2,
        True,
    )
    assert [answer["value"] for answer in first["answers"]] == [{"label": "pos"}] * 2
    provenance = first["provenance"]
    assert (provenance["release"], provenance["source"], provenance["units"]) == (1, "crowd", UNITS)
    assert provenance["project"] == dataset.project_id


def test_workers_have_a_name_of_the_release_only():
    dataset, workers = text_world(3)
    releases = [built(dataset), built(dataset)]
    names = []
    for release in releases:
        content = downloaded(release, "jsonl").decode()
        assert not any(worker.pseudonym in content for worker in workers)
        names.append({a["worker"] for line in content.splitlines() for a in json.loads(line)["answers"]})
    assert [len(found) for found in names] == [2, 2]  # the same worker has the same name on each line
    assert not names[0] & names[1]


def test_the_same_decisions_give_the_same_bytes_and_a_ready_release_never_changes():
    dataset, workers = text_world()
    release = built(dataset)
    content, packed = downloaded(release, "jsonl"), default_storage.open(release.stored).read()
    assert hashlib.sha256(content).hexdigest() == release.sha256
    assert (len(content), gzip.decompress(packed)) == (release.size_bytes, content)

    Release.objects.filter(pk=release.pk).update(state="building")
    build_release(release.pk)
    again = Release.objects.select_related("project").get(pk=release.pk)
    assert default_storage.open(again.stored).read() == packed

    decide(new_item(dataset, 99), new_batch(dataset), {"label": "neg"}, workers)
    build_release(release.pk)  # asked for once more: it is ready, and stays
    assert downloaded(again, "jsonl") == content
    assert built(dataset).items == 4


def test_progress_is_seen_while_it_is_built(monkeypatch):
    dataset, _ = text_world(5)
    monkeypatch.setattr(building, "BLOCK_ROWS", 2)
    monkeypatch.setattr(building, "PROGRESS_ROWS", 2)
    release, seen = create_release(owner(dataset), dataset.project), []
    blocks = building._blocks

    def watched(release):
        for block in blocks(release):
            seen.append(Release.objects.get(pk=release.pk).items)
            yield block

    monkeypatch.setattr(building, "_blocks", watched)
    build_release(release.pk)
    assert seen == [0, 2, 4]


def test_asking_for_a_release_is_one_event_and_needs_something_decided():
    dataset = new_dataset()
    with pytest.raises(Refusal) as refusal:
        create_release(owner(dataset), dataset.project)
    assert (refusal.value.field, Release.objects.count(), OutboxEvent.objects.count()) == ("project", 0, 0)
    decide(new_item(dataset, 1), new_batch(dataset), {"label": "pos"}, crew(1))
    release = create_release(owner(dataset), dataset.project)
    assert OutboxEvent.objects.get(name="release.requested").payload == {"release": release.pk}
    assert (release.number, release.state) == (1, "building")
    assert create_release(owner(dataset), dataset.project).number == 2


def test_a_release_that_fails_says_so_and_the_sweep_asks_for_one_that_nobody_built(monkeypatch):
    dataset, _ = text_world(1)
    release = create_release(owner(dataset), dataset.project)
    asked = []
    monkeypatch.setattr(tasks.build_release, "delay", asked.append)
    Release.objects.update(created_at="2026-01-01T00:00:00Z")
    tasks.resume_long_jobs()
    assert asked == [release.pk]
    monkeypatch.setattr(building, "_write", lambda *_: 1 / 0)
    build_release(release.pk)
    release.refresh_from_db()
    assert release.state == "failed"


def test_what_cannot_be_downloaded_is_refused_and_not_written_down():
    dataset, _ = text_world(1)
    release = create_release(owner(dataset), dataset.project)
    with pytest.raises(Conflict, match="building"):
        download_release(release.created_by, release, "csv")
    build_release(release.pk)
    release.refresh_from_db()
    for name in ("coco", "exe", ""):  # coco is for boxes
        with pytest.raises(Refusal, match="one of jsonl, csv"):
            download_release(release.created_by, release, name)
    assert not AuditEntry.objects.filter(action="release.download").exists()
    made = download_release(release.created_by, release, "csv")
    assert (made.file_name, made.content_type) == ("uploads-release-1.csv", "text/csv; charset=utf-8")
    assert AuditEntry.objects.get(action="release.download").detail == {"format": "csv"}


# --- CSV --------------------------------------------------------------------------------------------------------------
def test_csv_has_a_row_for_each_item_and_no_cell_that_a_spreadsheet_would_run():
    dataset, _ = text_world(len(EVIL))
    content = downloaded(built(dataset), "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["metadata.source"] for row in rows] == ["'" + cell for cell in EVIL]
    assert not any(cell.startswith(tuple("=+-@\t\r\0")) for row in rows for cell in row.values())
    first = rows[0]
    assert (first["external_id"], first["decision"], first["confidence_ppm"]) == ("row 0", "pos", "987654")
    assert (first["metadata.n"], first["sure"], first["units"]) == ("0", "true", UNITS)


@pytest.mark.parametrize(
    "cell", ["-5", "+27821234567", "+27 82 123 4567", "-1.5e-3", "-1,000.5", "plain", "", " =1", "a=b", "5"]
)
def test_numbers_and_plain_cells_stay_as_they_are(cell):
    assert harmless(cell) == cell


@pytest.mark.parametrize("cell", [*EVIL, "\0=1", "\n=1", "-", "+", "-cmd", "+27=1", "-2+3+cmd|' /C calc'!A0", "＋1"])
def test_cells_that_run_are_made_text(cell):
    assert harmless(cell) == "'" + cell


def test_a_downloaded_csv_can_be_uploaded_again():
    dataset, _ = text_world(3)
    content = downloaded(built(dataset), "csv")
    other = new_dataset(name="Other")
    made = upload_one(other, file("again.csv", content))
    assert (made.state, made.rows_added, made.rows_refused) == ("done", 3, 0)
    assert Item.objects.filter(project=other.project).order_by("pk").first().metadata["external_id"] == "row 0"


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
            file_name=f"{number}.jpg", content_type="image/jpeg", size_bytes=1, width_px=640, height_px=480,
        )  # fmt: skip
        decide(new_item(dataset, number, payload={}, media=media), batch, {"boxes": boxes}, workers)
    return dataset


def test_coco_is_what_pycocotools_reads(tmp_path, capsys):
    coco_tools = pytest.importorskip("pycocotools.coco", reason="pycocotools is not installed (requirements-dev)")
    release = built(boxes_world())
    path = tmp_path / "instances.json"
    path.write_bytes(downloaded(release, "coco"))
    coco = coco_tools.COCO(str(path))
    capsys.readouterr()
    assert [coco.imgs[key]["file_name"] for key in sorted(coco.imgs)] == ["0.jpg", "1.jpg", "2.jpg"]
    assert {one["name"]: one["id"] for one in coco.cats.values()} == {"neg": 1, "pos": 2, "gone": 3}
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
    assert [one.name for one in exports_for("choice")] == ["jsonl", "csv"]
    assert [one.name for one in exports_for("boxes")] == ["jsonl", "csv", "coco"]


@pytest.mark.parametrize("name", EXPORTS)
def test_memory_does_not_grow_with_the_release(name):
    """Ten times the items, the same peak within a part of what ten times would be."""
    peaks = {n: _peak_bytes(name, n) for n in (2_000, 20_000)}
    assert peaks[20_000] < peaks[2_000] + 1_500_000


def _peak_bytes(name: str, n: int) -> int:
    row = {
        "item": 1, "external_id": "x", "text": None, "media": {"file_name": "a.jpg", "width_px": 9, "height_px": 9},
        "metadata": {"k": "v"}, "decision": {"boxes": [{"label": "pos", "x": 1, "y": 1, "width": 2, "height": 2}]},
        "provenance": {}, "answers": [], "answers_used": 1,
    }  # fmt: skip
    packed = gzip.compress(b"".join(json.dumps(row | {"item": i}).encode() + b"\n" for i in range(n)), 1)
    frozen = Frozen("T", 1, "boxes", "2026-11-22T00:00:00Z", lambda: io.BytesIO(packed), LABELS)
    tracemalloc.start()
    try:
        size = sum(map(len, EXPORTS[name].write(frozen)))
        assert size > 30 * n
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
