"""An import and a release of many rows need no more memory than one of few, the database's part included."""

import json
import tracemalloc

import pytest
from django.db import connection

from labelling.data import import_upload as import_upload_module
from labelling.data.import_upload import import_upload
from labelling.data.receive_upload import receive_upload
from labelling.models import Item, RefusedRow, Release, Upload
from labelling.releases import build_release as build_release_module
from labelling.releases.build_release import build_release
from labelling.releases.create_release import create_release
from labelling.releases.download_release import download_release
from tests.formats.decided import crew, new_batch
from tests.formats.worlds import file, new_dataset, owner

pytestmark = pytest.mark.django_db
FEW, MANY = 4_000, 16_000  # the few are more than the two megabytes in which lines are counted
PIECE_ROWS = 200  # many pieces also of the few rows
SPARE_BYTES = 500_000  # the texts alone of 12,000 rows are fifteen times that


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch):
    monkeypatch.setattr(import_upload_module, "TEXT_CHUNK_ROWS", PIECE_ROWS)
    monkeypatch.setattr(build_release_module, "BLOCK_ROWS", PIECE_ROWS)


def peak_bytes(work) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def imported(rows: int, name: str) -> int:
    """The peak while so many rows are imported, of which every hundredth is refused."""
    dataset = new_dataset(name=f"{name} {rows}")
    if name == "a.csv":
        lines = ["id,text", *(f"{i},{'' if i % 100 == 7 else f'text number {i} ' + 'x' * 600}" for i in range(rows))]
    else:
        texts = ("" if i % 100 == 7 else f"text number {i} " + "x" * 600 for i in range(rows))
        lines = [json.dumps({"id": i, "text": text}) for i, text in enumerate(texts)]
    (upload,) = receive_upload(owner(dataset), dataset, files=[file(name, "\n".join(lines).encode())])
    del lines
    peak = peak_bytes(lambda: import_upload(upload.pk))
    assert Upload.objects.get(pk=upload.pk).state == "done"
    assert Item.objects.filter(dataset=dataset).count() == rows - rows // 100
    assert RefusedRow.objects.filter(upload=upload).count() == rows // 100
    return peak


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_importing_four_times_the_rows(name):
    imported(500, name)  # what is loaded once
    assert imported(MANY, name) < imported(FEW, name) + SPARE_BYTES


_DECIDED = """
WITH item AS (
    INSERT INTO labelling_item (project_id, dataset_id, content_hash, external_id, payload, metadata, created_at)
    SELECT %(project)s, %(dataset)s, 'hash ' || n, 'row ' || n, jsonb_build_object('text', 'text number ' || n), '{}', now()
      FROM generate_series(1, %(rows)s) AS n RETURNING id
), lease AS (
    INSERT INTO labelling_lease (id, worker_id, batch_id, item_id, state, drawn_at, expires_at, report_reason)
    SELECT gen_random_uuid(), %(worker)s, %(batch)s, item.id, 'answered', now(), now(), '' FROM item RETURNING id, item_id
), answer AS (
    INSERT INTO labelling_answer (id, lease_id, worker_id, item_id, batch_id, project_id, value, body_sha256, counted, base_micro,
        active_ms, device_class, suggestion_shown, received_at, receipt, receipt_signature)
    SELECT gen_random_uuid(), lease.id, %(worker)s, lease.item_id, %(batch)s, %(project)s, '{"label": "pos"}', repeat('a', 64), true,
           10000, 900, 'phone', false, now(), '{}', '' FROM lease
)
INSERT INTO labelling_decision (item_id, project_id, batch_id, value, confidence_ppm, agreement_ppm, answers_used, final, sure, source,
    method, inputs_hash, detail, decided_at)
SELECT item.id, %(project)s, %(batch)s, '{"label": "pos"}', 990000, 1000000, 1, true, true, 'crowd', 'choice/1', repeat('b', 64),
       '{}', now() FROM item
"""


def decided(rows: int) -> Release:
    dataset = new_dataset(name=f"decided {rows}")
    values = {"project": dataset.project_id, "dataset": dataset.pk, "batch": new_batch(dataset).pk}
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED, {**values, "worker": crew(1)[0].pk, "rows": rows})
    return create_release(owner(dataset), dataset.project)


def released(rows: int) -> int:
    """The peak while a release of so many items is frozen, and then sent in every format."""
    release = decided(rows)

    def freeze_and_send() -> None:
        build_release(release.pk)
        release.refresh_from_db()
        for name in ("jsonl", "csv"):
            size = sum(len(chunk) for chunk in download_release(release.created_by, release, name).chunks)
            assert size > 100 * rows

    peak = peak_bytes(freeze_and_send)
    assert (release.state, release.items) == ("ready", rows)
    return peak


def test_releasing_four_times_the_items():
    """A quarter of the rows of an import: each is an object of Django's on its way, and 3,000 of those are ten times what is spared."""
    released(500)
    assert released(MANY // 4) < released(FEW // 4) + SPARE_BYTES
