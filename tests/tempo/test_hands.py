"""How many tasks a worker holds at once, over HTTP and side by side; a hoard is given back; answers a minute."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from kernel.errors import Conflict
from labelling.conduct.ban_worker import ban_worker
from labelling.conduct.hold_pay import hold_pay
from labelling.models import Lease, Pace, WorkerRecord
from labelling.work.draw_work import draw_work
from people.actions.make_token import make_token
from people.models import Person
from tests.worlds import make_worker, opened, sentiment_world


class Phone:
    def __init__(self, worker):
        _, secret = make_token(worker.person, "test", ["work"])
        self.client, self.worker = Client(headers={"Authorization": f"Bearer {secret}"}), worker

    def post(self, path, body):
        return self.client.post(f"/api/v1/work/{path}", body, content_type="application/json")

    def draw(self, batch, n=50):
        return self.post("draw", {"batch": batch.pk, "n": n})

    def answer(self, leases, label="good"):
        sent = [{**_body(one), "value": {"label": label}} for one in leases]
        return self.post("answers", {"answers": sent})


def _body(lease):
    return {"id": str(uuid.uuid4()), "lease": lease["lease"], "active_ms": 3000, "device_class": "phone"}


def world_of(items=120, **fields):
    world = opened(sentiment_world(items=items, workers=0, **fields))
    world.workers = [make_worker(f"n{i}-{world.organisation.pk}", recorded=False) for i in range(3)]
    return world


def settled(worker, project, answers):
    """As if so many of hers had been settled, and looked at."""
    WorkerRecord.objects.update_or_create(worker=worker, project=project, defaults={"answers": answers})
    Pace.objects.update_or_create(worker=worker, defaults={"answers": answers, "seen": answers})


@pytest.mark.django_db
@pytest.mark.parametrize(("done", "most"), [(0, 10), (20, 20), (119, 20), (120, 40), (5000, 40)])
def test_her_hand_grows_with_her_settled_answers_and_is_two_packs_at_most(done, most):
    world = world_of()
    phone = Phone(world.workers[0])
    settled(phone.worker, world.project, done)
    assert phone.client.get("/api/v1/me").json()["worker"]["may_hold"] == most
    assert len(phone.draw(world.batch).json()["leases"]) == min(most, 50)
    refused = phone.draw(world.batch)
    error = refused.json()["error"]
    assert (refused.status_code, error["code"], error["why"]) == (409, "hand_full", "full")
    assert (error["may_hold"], error["held"]) == (most, most)
    assert f"you may hold {most} at once" in error["message"]


@pytest.mark.django_db
def test_the_limit_is_over_all_batches_and_what_is_given_back_or_ran_out_makes_room():
    one, two = world_of(), world_of()
    phone = Phone(one.workers[0])
    mine = phone.draw(one.batch).json()["leases"]
    assert phone.draw(two.batch).status_code == 409
    phone.post("skip", {"lease": mine[0]["lease"]})
    assert len(phone.draw(two.batch).json()["leases"]) == 1
    Lease.objects.filter(pk=mine[1]["lease"]).update(expires_at=timezone.now())
    assert len(phone.draw(two.batch).json()["leases"]) == 1


@pytest.mark.django_db
def test_three_new_accounts_cannot_take_a_batch_from_everybody():
    """m4: 400 items for three answers each, three accounts, 50 a call."""
    world = world_of(items=400, min_answers=3, max_answers=3)
    for worker in world.workers:
        while Phone(worker).draw(world.batch).status_code == 200:
            pass
    assert Lease.objects.filter(batch=world.batch, state="live").count() == 30
    assert len(Phone(make_worker("honest", recorded=False)).draw(world.batch).json()["leases"]) == 10


@pytest.mark.django_db(transaction=True)
def test_draws_side_by_side_do_not_pass_the_limit():
    world = world_of(gold_share_bps=2000, golds=40)
    worker, given, begin = world.workers[0], [], threading.Barrier(6)

    def draw():
        try:
            begin.wait()
            given.append(len(draw_work(worker, world.batch, 8)))
        except Conflict:
            given.append(0)
        finally:
            connection.close()

    threads = [threading.Thread(target=draw) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) == 6
    assert sum(given) == Lease.objects.filter(worker=worker, state="live").count() == 10


@pytest.mark.django_db
@pytest.mark.parametrize(("reason", "kept"), [("accounts", 1), ("lent", 10)])
def test_a_ban_about_accounts_takes_a_hoard_back_but_not_what_ran_out(reason, kept):
    """m5: hoarded leases were answered, and paid, long after the ban."""
    world = world_of()
    phone, admin = Phone(world.workers[0]), Person.objects.create_user(email="admin@example.org", is_staff=True)
    mine = phone.draw(world.batch).json()["leases"]
    Lease.objects.filter(pk=mine[0]["lease"]).update(expires_at=timezone.now())
    until = timezone.now() + timedelta(days=3)
    ban_worker(admin, phone.worker, None, reason=reason, sentence="One hand, many accounts.", until=until, evidence=[])
    assert Lease.objects.filter(worker=phone.worker, state="live").count() == kept
    taken = sum(world.batch.batch_items.values_list("taken", flat=True))
    assert taken == kept  # their slots are somebody else's now
    assert WorkerRecord.objects.filter(worker=phone.worker, skips__gt=0).count() == 0


@pytest.mark.django_db
def test_until_her_first_answers_were_looked_at_she_gets_twenty_and_then_goes_on():
    from consensus.app.actions.look_at_newcomers import look_at_newcomers

    world = world_of()
    phone, given = Phone(world.workers[0]), 0
    while (reply := phone.draw(world.batch)).status_code == 200:
        leases = reply.json()["leases"]
        Lease.objects.filter(worker=phone.worker, state="live").update(drawn_at=timezone.now() - timedelta(seconds=40))
        given += len(phone.answer(leases).json()["results"])
    assert (given, reply.json()["error"]["why"]) == (20, "look")
    assert look_at_newcomers() == 1
    assert phone.draw(world.batch).status_code == 200


@pytest.mark.django_db
def test_while_a_flag_waits_who_is_known_holds_five_and_who_is_new_none():
    world = world_of()
    known, new = Phone(world.workers[0]), Phone(world.workers[1])
    settled(known.worker, world.project, 500)
    hold_pay(world.project, [(known.worker.pk, "fast"), (new.worker.pk, "fast")])
    assert len(known.draw(world.batch).json()["leases"]) == 5
    assert new.draw(world.batch).json()["error"]["why"] == "flag"


@pytest.mark.django_db
def test_an_offline_phone_brings_two_packs_at_once_and_too_many_are_told_when_to_come_again():
    world = world_of()
    phone = Phone(world.workers[0])
    settled(phone.worker, world.project, 500)
    pack = phone.draw(world.batch, 40).json()["leases"]
    assert phone.answer(pack[:20]).status_code == phone.answer(pack[20:]).status_code == 200
    more = phone.draw(world.batch, 40).json()["leases"]
    assert phone.answer(more[:20]).status_code == 200
    sent = {"answers": [{**_body(one), "value": {"label": "good"}} for one in more[20:]]}
    refused = phone.post("answers", sent)
    assert refused.status_code == 429
    assert 10 <= int(refused.headers["Retry-After"]) <= 20
    assert Lease.objects.filter(worker=phone.worker, state="live").count() == 20  # nothing was taken, nothing is lost
    Pace.objects.filter(worker=phone.worker).update(answers_until=timezone.now() + timedelta(seconds=40))
    again = phone.post("answers", sent).json()["results"]
    assert {one["status"] for one in again} == {"accepted"}
    assert phone.post("answers", sent).json()["results"][0]["status"] == "repeated"  # and a repeat costs nothing


@pytest.mark.django_db
def test_forged_times_are_bounded_by_the_wall_and_show():
    world = world_of()
    phone = Phone(world.workers[0])
    leases = phone.draw(world.batch).json()["leases"]
    Lease.objects.filter(worker=phone.worker).update(drawn_at=timezone.now() - timedelta(seconds=1.5))
    phone.answer(leases)
    took = list(phone.worker.answers.values_list("active_ms", "hurried"))
    assert sum(ms for ms, _ in took) <= 2500
    assert all(hurried for _, hurried in took)
