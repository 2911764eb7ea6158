"""Packs: tasks that a worker takes along last for hours, can be renewed, and come back to a second phone. docs/decisions/packs.md."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client

from kernel.errors import DomainError
from labelling.batches.claims import claimed_micro, leases_out
from labelling.batches.create_batch import create_batch
from labelling.conduct.hold_pay import hold_pay
from labelling.models import Answer, Batch, BatchItem, Lease
from labelling.work.draw_work import draw_work
from labelling.work.expire_leases import expire_leases
from ledger import clock
from ledger.audit import findings
from people.actions.make_token import make_token
from tests.worlds import make_worker, opened, sentiment_world

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def phone_of(worker):
    _, secret = make_token(worker.person, "test", ["work"])
    return Client(headers={"Authorization": f"Bearer {secret}"})


def post(phone, path, body):
    return phone.post(f"/api/v1/work/{path}", body, content_type="application/json")


def give(phone, leases):
    answers = [
        {
            "id": str(uuid.uuid4()),
            "lease": one["lease"],
            "value": {"label": "good"},
            "active_ms": 3000,
            "device_class": "phone",
        }
        for one in leases
    ]
    return [one["status"] for one in post(phone, "answers", {"answers": answers}).json()["results"]]


@pytest.fixture
def world():
    return opened(sentiment_world(items=30, workers=2))


def lasts(lease) -> float:
    return (lease.expires_at - lease.drawn_at).total_seconds()


def test_a_pack_lasts_for_hours_and_other_tasks_for_half_an_hour(world):
    phone = phone_of(world.workers[0])
    short = post(phone, "draw", {"batch": world.batch.pk, "n": 2}).json()["leases"]
    pack = post(phone, "draw", {"batch": world.batch.pk, "n": 3, "pack": True}).json()["leases"]
    by_id = {str(one.pk): one for one in Lease.objects.all()}
    assert {lasts(by_id[one["lease"]]) for one in short} == {settings.LEASE_S}
    assert {lasts(by_id[one["lease"]]) for one in pack} == {settings.PACK_LEASE_S}
    offer = phone.get(f"/api/v1/work/batches/{world.batch.pk}").json()
    assert (offer["lease_s"], offer["pack_s"]) == (settings.LEASE_S, settings.PACK_LEASE_S)


def test_eight_hours_later_a_pack_is_taken_and_paid_and_the_escrow_holds_it_until_then(world):
    phone = phone_of(world.workers[0])
    pack = post(phone, "draw", {"batch": world.batch.pk, "n": 10, "pack": True}).json()["leases"]
    claims = claimed_micro(world.batch)
    with time_machine.travel(clock.now() + 8 * HOUR, tick=True):
        expire_leases()
        assert leases_out(world.batch).count() == 10
        assert claimed_micro(world.batch) == claims, "longer leases keep their money for longer"
        assert give(phone, pack) == ["accepted"] * 10
    assert findings() == []


def test_a_pack_that_never_comes_back_ends_with_its_grace_and_the_money_is_free(world):
    draw_work(world.workers[0], world.batch, 5, pack=True)
    ends = settings.PACK_LEASE_S + settings.LEASE_GRACE_S
    with time_machine.travel(clock.now() + timedelta(seconds=ends + 1), tick=True):
        expire_leases()
        assert claimed_micro(world.batch) == 0
        assert set(Lease.objects.values_list("state", flat=True)) == {"expired"}
        assert BatchItem.objects.filter(taken__gt=0).count() == 0


def test_what_somebody_waits_for_is_never_taken_along(world):
    BatchItem.objects.filter(batch=world.batch).update(need=2)
    assert draw_work(world.workers[0], world.batch, 5, pack=True) == []
    assert len(draw_work(world.workers[0], world.batch, 5)) == 5


def test_a_pack_goes_back_by_the_deadline_and_an_ordinary_task_keeps_its_time(world):
    now = clock.now()
    Batch.objects.update(deadline=now + 2 * HOUR)
    world.batch.refresh_from_db()
    [pack] = draw_work(world.workers[0], world.batch, 1, pack=True)
    assert abs(pack.expires_at - now - 2 * HOUR) < timedelta(seconds=5)
    Batch.objects.update(deadline=now + timedelta(minutes=1))
    world.batch.refresh_from_db()
    [late] = draw_work(world.workers[0], world.batch, 1, pack=True)
    assert late.expires_at - now > timedelta(minutes=29)


@pytest.mark.parametrize("pack", [False, True])
def test_who_is_online_keeps_her_tasks_and_not_for_ever(world, pack):
    worker, phone = world.workers[0], phone_of(world.workers[0])
    length = settings.PACK_LEASE_S if pack else settings.LEASE_S
    draw_work(worker, world.batch, 3, pack=pack)
    drawn = clock.now()
    body = {"batch": world.batch.pk, "pack": pack}
    with time_machine.travel(drawn + timedelta(seconds=length * 0.75), tick=True):
        renewed = post(phone, "renew", body).json()["leases"]
        assert len(renewed) == 3
        assert renewed[0]["paid_until"] > renewed[0]["expires_at"]
        assert all(abs(lasts(one) - length * 1.75) < 60 for one in Lease.objects.all())
    with time_machine.travel(drawn + timedelta(seconds=length * 1.5), tick=True):
        post(phone, "renew", body)
        assert all(abs(lasts(one) - length * 2) < 60 for one in Lease.objects.all()), "twice its length at most"
    with time_machine.travel(drawn + timedelta(seconds=length * 2 + 60), tick=True):
        assert post(phone, "renew", body).json()["leases"] == []


def test_a_renewal_never_shortens_and_concerns_only_her_own_tasks(world):
    one, two = world.workers
    draw_work(one, world.batch, 2, pack=True)
    draw_work(two, world.batch, 2)
    post(phone_of(one), "renew", {"batch": world.batch.pk})
    assert {lasts(lease) for lease in Lease.objects.filter(worker=one)} == {settings.PACK_LEASE_S}
    assert {lasts(lease) for lease in Lease.objects.filter(worker=two)} == {settings.LEASE_S}


def test_nothing_is_renewed_where_nothing_is_lent(world):
    worker = make_worker("held", recorded=False)
    phone = phone_of(worker)
    draw_work(worker, world.batch, 2)
    hold_pay(world.project, [(worker.pk, "hurried")])
    assert post(phone, "renew", {"batch": world.batch.pk, "pack": True}).status_code == 200
    assert {lasts(one) for one in Lease.objects.all()} == {settings.LEASE_S}, "a flag waits: what is out comes back"
    Batch.objects.update(state=Batch.State.CLOSED)
    assert post(phone, "renew", {"batch": world.batch.pk, "pack": True}).status_code == 404


def test_a_second_phone_gets_what_she_holds_and_nobody_elses(world):
    one, two = world.workers
    first, second = phone_of(one), phone_of(one)
    drawn = post(first, "draw", {"batch": world.batch.pk, "n": 4, "pack": True}).json()["leases"]
    draw_work(two, world.batch, 3)
    reply = second.get("/api/v1/work/leases")
    by_lease = {lease["lease"]: lease for lease in drawn}
    assert {lease["lease"]: lease for lease in reply.json()["leases"]} == by_lease, "as they were drawn, whole"
    same = second.get("/api/v1/work/leases", headers={"If-None-Match": reply["ETag"]})
    assert same.status_code == 304
    assert give(second, drawn[:1]) == ["accepted"]
    assert len(first.get("/api/v1/work/leases").json()["leases"]) == 3
    with time_machine.travel(clock.now() + 13 * HOUR):
        assert first.get("/api/v1/work/leases").json()["leases"] == []
    assert Answer.objects.count() == 1


def test_what_she_holds_costs_one_statement_however_much_it_is(world, django_assert_num_queries):
    from labelling.work.lent import in_hand

    draw_work(world.workers[0], world.batch, 20, pack=True)
    with django_assert_num_queries(1):
        assert len(in_hand(world.workers[0])) == 20


@pytest.mark.parametrize(
    ("times", "field"),
    [
        ({"lease_s": 299}, "lease_s"),
        ({"lease_s": 90_000}, "lease_s"),
        ({"pack_s": 1799}, "pack_s"),
        ({"pack_s": 200_000}, "pack_s"),
    ],
)
def test_lengths_that_help_nobody_are_refused_also_by_the_database(world, times, field):
    fields = {"name": "b", "base_micro": 10_000}
    with pytest.raises(DomainError) as refused:
        create_batch(world.requester, world.project, **fields, **times)
    assert refused.value.field == field
    with pytest.raises(IntegrityError, match="lends_for_hours"), transaction.atomic():
        Batch.objects.filter(pk=world.batch.pk).update(**times)
    assert create_batch(world.requester, world.project, **fields, pack_s=0).pack_s == 0
