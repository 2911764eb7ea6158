"""A requester pauses, resumes, closes and copies her batches, and takes things away: no worker loses what she may still claim."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from delivery import outbox
from kernel.errors import Conflict
from labelling.access import get_batch_for, get_open_batch_for
from labelling.batches.add_to_batch import open_batch_of
from labelling.batches.close_batch import close_batch
from labelling.batches.close_overdue import close_overdue
from labelling.batches.closing import closing_of
from labelling.batches.copy_batch import copy_batch
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.batches.pause_batch import pause_batch
from labelling.batches.recover_escrow import resume_batch
from labelling.data.add_items import add_text_item
from labelling.data.items import find_items
from labelling.data.remove import remove_items
from labelling.gold.set_gold import set_gold
from labelling.models import Answer, Batch, BatchItem, Dataset, Gold, Item, Lease, Release, Settlement
from labelling.releases.build_release import build_release
from labelling.releases.create_release import create_release
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.work_listing import offers_for
from ledger.factories import escrow_of, funds_of
from ledger.posting import balance
from people.models import AuditEntry
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return opened(sentiment_world(items=4, workers=2, golds=1))


def locked(world) -> Batch:
    return get_batch_for(world.requester, world.batch.pk, write=True, lock=True)


def answer_all(worker, batch, label="good"):
    lent = draw_work(worker, batch, 20)
    return accept_answers(worker, [answer_to(one, {"label": label}) for one in lent])


# --- pause ------------------------------------------------------------------------------------------------------------
def test_a_paused_batch_lends_nothing_and_pays_what_is_out(world):
    worker, other = world.workers
    lent = draw_work(worker, world.batch, 2)
    pause_batch(world.requester, locked(world))
    assert offers_for(other)[0] == []
    with pytest.raises(Conflict) as refusal:
        get_open_batch_for(other, world.batch.pk)
    assert (refusal.value.code, "their requester paused them" in str(refusal.value)) == ("stopped", True)
    assert draw_work(other, world.batch, 2) == []  # who looked before the pause draws nothing after it
    sent = accept_answers(worker, [answer_to(one, {"label": "good"}) for one in lent])
    assert [one.status for one in sent] == ["accepted", "accepted"]
    assert open_batch_of(world.project) is None

    resume_batch(world.requester, locked(world))
    assert len(draw_work(other, get_open_batch_for(other, world.batch.pk), 2)) == 2
    said = AuditEntry.objects.filter(target=f"batch:{world.batch.pk}").order_by("pk").values_list("action", flat=True)
    assert list(said)[-2:] == ["batch.stop", "batch.go"]


def test_pausing_twice_is_pausing_once_and_only_an_open_batch_is_paused(world):
    first = pause_batch(world.requester, locked(world)).stopped_at
    assert pause_batch(world.requester, locked(world)).stopped_at == first
    resume_batch(world.requester, locked(world))
    with pytest.raises(Conflict):
        resume_batch(world.requester, locked(world))
    close_batch(world.requester, locked(world))
    for verb in (pause_batch, resume_batch):
        with pytest.raises(Conflict):
            verb(world.requester, locked(world))


# --- close ------------------------------------------------------------------------------------------------------------
def test_what_closing_is_said_to_do_is_what_it_does(client, world):
    worker, other = world.workers
    draw_work(worker, world.batch, 2)  # stay out
    answer_all(other, world.batch)
    before, funds = closing_of(locked(world)), balance(funds_of(world.organisation.pk), "USD")
    assert (before.undecided, before.leases_out, before.currency) == (4, 2, "USD")
    client.force_login(world.requester)
    told = client.get(reverse("api-batch-close", args=[world.batch.pk])).json()
    assert told["returned_micro"] == before.returned_micro
    page = client.get(reverse("console:close_batch", args=[world.batch.pk])).content.decode()
    for said in (
        "4 items are not decided yet.",
        "2 tasks are in workers' hands",
        "come back to your funds",
        "No, leave it",
    ):
        assert said in page.replace("&#x27;", "'"), said
    assert Batch.objects.get(pk=world.batch.pk).state == "open"  # asked, not done

    client.post(reverse("console:close_batch", args=[world.batch.pk]))
    outbox.drain()
    back = balance(funds_of(world.organisation.pk), "USD") - funds
    left = balance(escrow_of(world.batch.pk), "USD")
    assert back + left <= before.returned_micro + before.claimable_micro
    lent = Lease.objects.filter(worker=worker, state="live")
    sent = accept_answers(worker, [_answer(one) for one in lent])
    assert {one.status for one in sent} == {"accepted"}


def _answer(lease: Lease) -> dict:
    return {
        "id": str(uuid.uuid4()), "lease": str(lease.pk), "value": {"label": "good"}, "active_ms": 2000, "device_class": "phone",
        "suggestion_shown": False,
    }  # fmt: skip


def test_a_closed_batch_is_asked_again_as_a_draft_on_its_terms(client, world):
    answer_all(world.workers[0], world.batch)
    with pytest.raises(Conflict):
        copy_batch(world.requester, locked(world))
    close_batch(world.requester, locked(world))
    client.force_login(world.requester)
    reply = client.post(reverse("api-batch-copy", args=[world.batch.pk]), {}, content_type="application/json")
    made = Batch.objects.get(pk=reply.json()["id"])
    terms = ("name", "base_micro", "bonus_micro", "min_answers", "max_answers", "keep_open")
    assert [getattr(made, name) for name in terms] == [getattr(world.batch, name) for name in terms]
    assert (reply.status_code, made.state, made.deadline, made.escrow_micro) == (201, "draft", None, 0)


# --- taking away ------------------------------------------------------------------------------------------------------
def test_items_nobody_has_worked_on_are_deleted_and_the_rest_is_archived(world):
    answer_all(world.workers[0], world.batch)
    outbox.drain()
    new = add_text_item(world.dataset, "nobody saw this")
    known = set_gold(world.requester, add_text_item(world.dataset, "known"), {"label": "good"})
    answered, kept = world.items[0], Answer.objects.count()
    done = remove_items(world.requester, world.project, [new.pk, answered.pk, known.item_id, 10**12])
    assert done == {"deleted": 1, "archived": 2}
    assert not Item.objects.filter(pk=new.pk).exists()
    assert Answer.objects.count() == kept
    assert Gold.objects.get(pk=known.pk).retired_at is not None
    rows, _ = find_items(world.project, {})
    assert not rows.filter(pk__in=[answered.pk, known.item_id]).exists()
    assert not BatchItem.objects.filter(item=answered, state="open").exists()
    assert remove_items(world.requester, world.project, [answered.pk]) == {"deleted": 0, "archived": 0}


def test_what_was_taken_away_can_be_brought_again_and_is_new(world):
    answer_all(world.workers[0], world.batch)
    remove_items(world.requester, world.project, [world.items[0].pk])
    again = add_text_item(world.dataset, world.items[0].payload["text"])
    assert again.pk != world.items[0].pk
    remove_items(world.requester, world.project, [again.pk])
    assert add_text_item(world.dataset, world.items[0].payload["text"]).pk not in (again.pk, world.items[0].pk)


def test_archived_items_are_not_offered_and_a_task_in_hand_is_still_paid(world):
    worker = world.workers[0]
    lent = draw_work(worker, world.batch, 1)
    item = Lease.objects.get(pk=lent[0].lease).item
    remove_items(world.requester, world.project, [item.pk])
    sent = accept_answers(worker, [answer_to(lent[0], {"label": "good"})])
    assert sent[0].status == "accepted"
    close_batch(world.requester, locked(world))
    outbox.drain()
    assert Settlement.objects.filter(answer__item=item).exists()
    draft = create_batch(world.requester, world.project, name="b2", base_micro=10_000)
    open_batch(world.requester, draft)
    assert not draft.batch_items.filter(item=item).exists()


def test_a_dataset_goes_with_its_items(client, world):
    other = Dataset.objects.create(project=world.project, name="mistake")
    for place in range(3):
        add_text_item(other, f"wrong {place}")
    client.force_login(world.requester)
    page = client.get(reverse("console:remove_dataset", args=[other.pk])).content.decode()
    assert "3 items are deleted." in page
    assert client.delete(reverse("api-dataset", args=[other.pk])).json() == {"deleted": 3, "archived": 0}
    assert not Dataset.objects.filter(pk=other.pk).exists()
    answer_all(world.workers[0], world.batch)
    assert client.delete(reverse("api-dataset", args=[world.dataset.pk])).json()["archived"] >= 4
    assert Dataset.objects.get(pk=world.dataset.pk).archived_at is not None
    listed = client.get(reverse("api-datasets", args=[world.project.pk])).json()["results"]
    assert listed == []


def test_an_open_batch_stays_and_the_database_says_so_too(client, world):
    client.force_login(world.requester)
    assert client.delete(reverse("api-batch", args=[world.batch.pk])).status_code == 409
    with pytest.raises(IntegrityError, match="no_open_batch_is_archived"), transaction.atomic():
        Batch.objects.filter(pk=world.batch.pk).update(archived_at=timezone.now())
    draft = create_batch(world.requester, world.project, name="slip", base_micro=10_000)
    assert client.delete(reverse("api-batch", args=[draft.pk])).status_code == 204
    assert not Batch.objects.filter(pk=draft.pk).exists()
    close_batch(world.requester, locked(world))
    assert client.delete(reverse("api-batch", args=[world.batch.pk])).status_code == 204
    assert Batch.objects.get(pk=world.batch.pk).archived_at is not None
    assert client.get(reverse("api-batches", args=[world.project.pk])).json()["results"] == []


def test_a_release_loses_its_file_and_keeps_its_hash(client, world, django_capture_on_commit_callbacks):
    for worker in world.workers:
        answer_all(worker, world.batch)
    outbox.drain()
    release = create_release(world.requester, world.project)
    client.force_login(world.requester)
    assert client.delete(reverse("api-release", args=[release.pk])).status_code == 409
    build_release(release.pk)
    release.refresh_from_db()
    stored, sha256 = release.stored, release.sha256
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(reverse("api-release", args=[release.pk])).status_code == 204
    gone = Release.objects.get(pk=release.pk)
    assert (gone.stored, gone.sha256, default_storage.exists(stored)) == ("", sha256, False)
    assert client.get(reverse("api-release-download", args=[release.pk])).status_code == 409
    assert create_release(world.requester, world.project).number == 2  # numbers are not used twice


def test_an_archived_project_closes_its_batches_and_comes_back(client, world):
    client.force_login(world.requester)
    page = client.get(reverse("console:archive_project", args=[world.project.pk])).content.decode()
    assert "The batch “b1” is closed" in page
    client.post(reverse("console:archive_project", args=[world.project.pk]))
    assert Batch.objects.get(pk=world.batch.pk).state == "closed"
    listed = reverse("console:projects")
    assert world.project.title not in client.get(listed).content.decode()
    assert world.project.title in client.get(listed, {"archived": "yes"}).content.decode()
    assert client.get(reverse("api-projects")).json()["results"] == []
    assert len(client.get(reverse("api-projects"), {"archived": "yes"}).json()["results"]) == 1
    batch = json.dumps({"name": "b", "base_micro": 10_000})
    refused = client.post(reverse("api-batches", args=[world.project.pk]), batch, content_type="application/json")
    assert refused.status_code == 409
    client.post(reverse("console:archive_project", args=[world.project.pk]))
    assert world.project.title in client.get(listed).content.decode()


def test_the_deadline_goes_on_while_a_batch_is_paused(world):
    pause_batch(world.requester, locked(world))
    Batch.objects.filter(pk=world.batch.pk).update(deadline=timezone.now() - timedelta(seconds=1))
    assert close_overdue() == 1
