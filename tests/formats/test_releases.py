"""A release is frozen, hashed and streamed; each format is read back by a reader of that format."""

import gzip
import hashlib
import json

import pytest
from django.core.files.storage import default_storage

from delivery.models import OutboxEvent
from kernel.errors import Conflict, DomainError
from labelling import tasks
from labelling.formats.frozen import UNITS
from labelling.models import Lease, QuestionVersion, Release
from labelling.releases import build_release as building
from labelling.releases.build_release import build_release
from labelling.releases.create_release import create_release
from labelling.releases.download_release import download_release
from people.models import AuditEntry
from tests.formats.decided import EVIL, built, crew, decide, downloaded, new_batch, new_item, text_world
from tests.formats.worlds import new_dataset, owner

pytestmark = pytest.mark.django_db


POSITIVE = {"label": "Positive", "label_id": "pos"}


# --- freezing ---------------------------------------------------------------------------------------------------------
def test_a_release_holds_every_decision_with_its_answers_and_where_they_come_from():
    dataset, workers = text_world(2)
    decide(new_item(dataset, 9), new_batch(dataset), {"label": "neg"}, workers[:1], final=False)
    release = built(dataset)
    lines = [json.loads(line) for line in downloaded(release, "jsonl").splitlines()]
    assert (release.number, release.state, release.items, len(lines)) == (1, "ready", 2, 2)
    first = lines[0]
    assert (first["external_id"], first["text"], first["metadata"]) == ("row 0", "text 0", {"source": EVIL[0], "n": 0})
    assert (first["decision"], first["confidence_ppm"], first["agreement_ppm"]) == (POSITIVE, 987_654, 900_000)
    assert (first["method"], first["inputs_hash"], first["answers_used"], first["sure"]) == (
        "choice-pooled/1",
        "ab" * 32,
        2,
        True,
    )
    assert [answer["value"] for answer in first["answers"]] == [POSITIVE] * 2
    provenance = first["provenance"]
    assert ("release" in provenance, provenance["source"], provenance["units"]) == (False, "crowd", UNITS)
    assert provenance["project"] == dataset.project_id


def test_each_answer_says_to_which_version_of_the_question_it_is():
    dataset, _ = text_world(1)

    def said() -> list[int]:
        (line,) = downloaded(built(dataset), "jsonl").splitlines()
        return [answer["question"] for answer in json.loads(line)["answers"]]

    assert said() == [1, 1]
    second = QuestionVersion.objects.create(project=dataset.project, number=2, title="t", instructions={}, config={})
    Lease.objects.filter(pk=Lease.objects.order_by("answer__seq").last().pk).update(question=second)
    assert said() == [1, 2]


def test_workers_have_a_name_of_the_release_only():
    """Of its content: the same again, asked for twice, is the same (test_release_choice.py)."""
    dataset, workers = text_world(3)
    first = built(dataset)
    decide(new_item(dataset, 99), new_batch(dataset), {"label": "neg"}, workers)
    releases = [first, built(dataset)]
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


@pytest.mark.django_db(transaction=True)  # progress is told beside the transaction that reads
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
    with pytest.raises(DomainError) as refusal:
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
    with pytest.raises(Conflict, match="being built"):
        download_release(release.created_by, release, "csv")
    build_release(release.pk)
    release.refresh_from_db()
    for name in ("coco", "exe", ""):  # coco is for boxes
        with pytest.raises(DomainError, match="one of jsonl, csv"):
            download_release(release.created_by, release, name)
    assert not AuditEntry.objects.filter(action="release.download").exists()
    made = download_release(release.created_by, release, "csv")
    assert (made.file_name, made.content_type) == ("uploads-release-1.csv", "text/csv; charset=utf-8")
    assert AuditEntry.objects.get(action="release.download").detail == {"format": "csv"}
