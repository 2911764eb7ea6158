"""What a phone hears: conflicts are 409, skips and reports are free, and a late answer is taken while it is needed."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from delivery import outbox
from labelling.models import Answer, BatchItem, Decision, Lease, WorkerRecord
from labelling.work.expire_leases import expire_leases
from ledger import factories
from ledger.models import Transfer
from ledger.posting import balance
from people.actions.make_token import make_token
from proofs import signatures, verify_signature
from tests.worlds import opened, sentiment_world

pytestmark = pytest.mark.django_db


class Phone:
    def __init__(self, worker):
        self._client = Client(headers={"Authorization": f"Bearer {make_token(worker.person, 'test', ['work'])[1]}"})

    def post(self, path: str, body: dict):
        return self._client.post(f"/api/v1/work/{path}", body, content_type="application/json")

    def draw(self, world, n: int = 1) -> list[str]:
        return [one["lease"] for one in self.post("draw", {"batch": world.batch.pk, "n": n}).json()["leases"]]

    def answer(self, lease: str, label: str = "good", answer_id: str | None = None):
        sent = {"id": answer_id or str(uuid.uuid4()), "lease": lease, "value": {"label": label}, "active_ms": 900}
        return self.post("answers", {"answers": [sent]})


def phones(world) -> list[Phone]:
    return [Phone(worker) for worker in world.workers]


def test_the_same_bytes_get_the_receipt_again_and_other_bytes_409():
    world = opened(sentiment_world(items=2, workers=2))
    mine, other = phones(world)
    [lease] = mine.draw(world)
    answer_id = str(uuid.uuid4())
    first, again = mine.answer(lease, answer_id=answer_id), mine.answer(lease, answer_id=answer_id)
    assert (first.status_code, again.status_code) == (200, 200)
    assert [reply.json()["results"][0]["status"] for reply in (first, again)] == ["accepted", "repeated"]
    assert first.json()["results"][0]["receipt"] == again.json()["results"][0]["receipt"]
    [others_lease] = other.draw(world)
    conflicts = [
        mine.answer(lease, "bad", answer_id),  # other bytes
        other.answer(others_lease, "good", answer_id),  # another's id
        mine.answer(lease),  # a second answer to one task
    ]
    assert [reply.status_code for reply in conflicts] == [409, 409, 409]
    errors = [reply.json()["results"][0]["error"] for reply in conflicts]
    assert [(error["code"], error["field"]) for error in errors] == [
        ("conflict", "id"),
        ("conflict", "id"),
        ("conflict", "lease"),
    ]
    assert Answer.objects.get().value == {"label": "good"}
    assert Transfer.objects.filter(kind="earn").count() == 1


def test_a_batch_with_one_conflict_is_taken_and_names_it():
    world = opened(sentiment_world(items=2, workers=1))
    [phone] = phones(world)
    one, two = phone.draw(world, 2)
    known = str(uuid.uuid4())
    phone.answer(one, answer_id=known)
    sent = [
        {"id": known, "lease": one, "value": {"label": "bad"}, "active_ms": 900},
        {"id": str(uuid.uuid4()), "lease": two, "value": {"label": "bad"}, "active_ms": 900},
    ]
    reply = phone.post("answers", {"answers": sent})
    assert reply.status_code == 200
    assert [(r["id"], r["status"]) for r in reply.json()["results"]] == [
        (known, "refused"),
        (sent[1]["id"], "accepted"),
    ]


def test_every_receipt_is_signed_by_the_published_key():
    world = opened(sentiment_world(items=3, workers=1))
    [phone] = phones(world)
    for lease in phone.draw(world, 3):
        receipt = phone.answer(lease).json()["results"][0]["receipt"]
        assert receipt["body"]["base_micro"] == 10_000
        assert verify_signature(receipt["body"], receipt["signature"], signatures.public_key_hex())
        changed = {**receipt["body"], "base_micro": 20_000}
        assert not verify_signature(changed, receipt["signature"], signatures.public_key_hex())


def money(world) -> dict:
    worker = world.workers[0].pk
    refs = (factories.pending_of(worker), factories.available_of(worker), factories.escrow_of(world.batch.pk))
    return {ref.kind: balance(ref, "USD") for ref in refs}


@pytest.mark.parametrize(("path", "more"), [("skip", {}), ("report", {"reason": "broken"})])
def test_handing_a_task_back_is_free(path, more):
    world = opened(sentiment_world(items=2, workers=2, golds=1))
    phone = phones(world)[0]
    before = money(world)
    [lease] = phone.draw(world)
    for _ in range(2):  # also when it is sent twice
        assert phone.post(path, {"lease": lease, **more}).status_code == 200
    assert money(world) == before
    record = WorkerRecord.objects.get()
    assert (record.skips + record.reports, record.decided, record.agreed, record.gold_seen) == (1, 0, 0, 0)
    assert sorted(BatchItem.objects.values_list("taken", flat=True)) == [0, 0]
    assert not Transfer.objects.filter(kind__in=("earn", "settle")).exists()
    assert phone.answer(phone.draw(world)[0]).json()["results"][0]["status"] == "accepted"  # and she goes on


def test_a_late_answer_is_taken_while_the_item_needs_it():
    world = opened(sentiment_world(items=1, workers=3))
    late, other, _ = phones(world)
    [lease] = late.draw(world)
    Lease.objects.update(expires_at=timezone.now())
    expire_leases()
    assert BatchItem.objects.get().taken == 0
    assert late.answer(lease).json()["results"][0]["status"] == "accepted"
    row = BatchItem.objects.get()
    assert (row.taken, row.counted, Answer.objects.get().counted) == (1, 1, True)
    assert other.answer(other.draw(world)[0]).status_code == 200
    outbox.drain()
    assert Decision.objects.get(final=True).answers_used == 2
    settled = Answer.objects.get(worker=world.workers[0]).settlement
    assert (settled.agreed, settled.base_micro) == (True, 10_000)
