"""Decided items, made row by row, and releases of them."""

import uuid

from django.utils import timezone

from labelling.models import Answer, Batch, Dataset, Decision, Item, Lease, Release
from labelling.releases.build_release import build_release
from labelling.releases.create_release import create_release
from labelling.releases.download_release import download_release
from people.models import Person, Worker
from tests.formats.worlds import new_dataset, owner

EVIL = ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1,1)", "\t=1", "\r=1", "＝1+1"]


def new_batch(dataset: Dataset) -> Batch:
    return Batch.objects.create(project=dataset.project, name="b", base_micro=10_000, min_answers=2, max_answers=5)


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


def answer(item: Item, batch: Batch, worker: Worker, value: dict, *, counted: bool = True) -> Answer:
    now = timezone.now()
    lease = Lease.objects.create(
        id=uuid.uuid4(), worker=worker, batch=batch, item=item, state="answered", drawn_at=now, expires_at=now
    )
    return Answer.objects.create(
        id=uuid.uuid4(), lease=lease, worker=worker, item=item, batch=batch, project=item.project, value=value,
        body_sha256="cd" * 32, counted=counted, base_micro=10_000, active_ms=2_000, device_class="phone", received_at=now,
        receipt={}, receipt_signature="",
    )  # fmt: skip


def crew(n: int) -> list[Worker]:
    people = [Person.objects.create_user(email=f"{uuid.uuid4().hex}@example.org") for _ in range(n)]
    return [Worker.objects.create(person=person) for person in people]


def built(dataset: Dataset, **choice) -> Release:
    release = create_release(owner(dataset), dataset.project, **choice)
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
