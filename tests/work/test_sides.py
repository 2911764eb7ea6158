"""Sides are drawn anew for each loan, kept with the answer, and told to nobody but by what she sees; who answers by side is seen."""

import uuid
from importlib import import_module

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consensus.app.tasks_of import load_tasks
from delivery import outbox
from labelling.batches import escrow
from labelling.data.remove import remove_items
from labelling.models import Answer, BatchItem, GoldPurse, Item, Lease, Settlement, WorkerRecord
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.return_lease import skip_lease
from labelling.work.side_bias import side_bias_of
from ledger.audit import findings
from people.actions.make_token import make_token
from tests.roles import as_owner
from tests.work.test_statements import CONTROL, Lent
from tests.worlds import World, add_parts_item, answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db


def world_of(items: int, workers: int = 2) -> World:
    world = sentiment_world(
        items=0,
        workers=workers,
        task_type="pairwise",
        medium="parts",
        config={},
        min_answers=workers,
        max_answers=workers,
    )
    for n in range(items):
        said = [("prompt", f"Which? {n}"), ("candidate", f"this {n}"), ("candidate", f"that {n}")]
        world.items.append(add_parts_item(world.dataset, said))
    return opened(world)


def shown_to(lent) -> list[str]:
    return [part["id"] for part in lent.parts if part["role"] == "candidate"]


def test_the_order_that_she_saw_is_kept_with_her_answer_and_comes_again_with_the_same_loan():
    world = world_of(40)
    orders = []
    for worker in world.workers:
        lent = draw_work(worker, world.batch, 40, draw := uuid.uuid4())
        again = {one.lease: one.parts for one in draw_work(worker, world.batch, 40, draw)}
        assert all(again[one.lease] == one.parts for one in lent)
        accept_answers(worker, [answer_to(one, {"chosen": shown_to(one)[0]}) for one in lent])
        kept = dict(Answer.objects.filter(worker=worker).values_list("item", "shown"))
        assert kept == {one.item_id: shown_to(one) for one in lent}
        orders.append(kept)
    assert {tuple(order) for order in orders[0].values()} == {("p2", "p3"), ("p3", "p2")}
    assert orders[0] != orders[1], "each loan has an order of its own"


def test_a_loan_of_parts_costs_what_any_costs_and_tells_nothing_of_the_requesters_own():
    world = world_of(3, workers=1)
    _, secret = make_token(world.workers[0].person, "test", ["work"])
    client = Client(headers={"Authorization": f"Bearer {secret}"})

    def loop() -> dict:
        body = {"batch": world.batch.pk, "n": 1}
        [lease] = client.post("/api/v1/work/draw", body, content_type="application/json").json()["leases"]
        answers = {"answers": [answer_to(Lent(lease["lease"]), {"chosen": "p2"})]}
        reply = client.post("/api/v1/work/answers", answers, content_type="application/json").json()
        assert reply["results"][0]["status"] == "accepted"
        return lease

    lease = loop()
    assert [sorted(part) for part in lease["item"]["parts"]] == [["id", "kind", "role", "text"]] * 3
    with CaptureQueriesContext(connection) as queries:
        loop()
    assert len([one for one in queries if not one["sql"].startswith(CONTROL)]) == 8  # as in test_statements.py
    told = client.get(f"/api/v1/work/history/{Answer.objects.first().pk}")
    assert told.status_code in (200, 403)


def test_who_answers_by_side_is_seen_and_who_does_not_is_not():
    world = world_of(40)
    by_side, by_content = world.workers
    for worker, choose in ((by_side, lambda one: shown_to(one)[0]), (by_content, lambda one: "p2")):
        lent = draw_work(worker, world.batch, 40)
        accept_answers(worker, [answer_to(one, {"chosen": choose(one)}) for one in lent])
    bias = side_bias_of(world.project)
    assert (bias.answers, bias.by_chance) == (80, 0.5)
    assert bias.workers[0] == (by_side.pk, 40, 1.0)
    assert abs(bias.workers[1][2] - 0.5) < 0.4
    assert bias.deviations > 2
    assert side_bias_of(sentiment_world(items=0).project) is None
    assert not Settlement.objects.exists()


PAYLOADS = ['{"text": "Sawubona wena, 你好"}', "{}", '{"text": ""}', '{"left": "a", "right": "b"}']


def test_the_words_of_items_of_before_are_what_they_were():
    """The index over them was not made anew, so what it is made of must not have changed."""
    migration = import_module("labelling.migrations.0036_parts_of_items")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(migration._BEFORE.replace("labelling_words(", "pg_temp.words_before("))
        for payload in PAYLOADS:
            told = []
            for name in ("labelling_words", "pg_temp.words_before"):
                cursor.execute(
                    f"SELECT {name}(7, 'Row 1', 'a/b.jpg', %s::jsonb, '{{\"k\": \"v w\"}}'::jsonb)::text", [payload]
                )
                told += cursor.fetchone()
            assert told[0] == told[1]


def answered_all(world, worker, choose) -> None:
    """Until nothing is left for her, twenty at a time."""
    while lent := draw_work(worker, world.batch, 20):
        results = accept_answers(worker, [answer_to(one, {"chosen": choose(one)}) for one in lent])
        assert {one.status for one in results} == {"accepted"}


def test_some_come_twice_with_the_sides_swapped_are_paid_and_decide_nothing(monkeypatch):
    monkeypatch.setattr(escrow, "REPEAT_BPS", 3000)
    world = world_of(60)
    by_side, by_content = world.workers
    answered_all(world, by_side, lambda one: shown_to(one)[0])
    answered_all(world, by_content, lambda one: "p2")
    outbox.drain()
    again = Answer.objects.filter(repeat=True).select_related("lease__repeats__answer")
    assert again.filter(worker=by_side).count() >= 2 <= again.filter(worker=by_content).count()
    for one in again:
        first = one.lease.repeats.answer
        assert (one.item_id, one.worker_id, one.shown) == (first.item_id, first.worker_id, first.shown[::-1])
        assert Answer.objects.filter(worker=one.worker, seq__gt=first.seq, seq__lt=one.seq).count() >= 20
    assert not again.filter(Q(counted=True) | Q(gold_right__isnull=False)).exists()
    assert set(again.values_list("settlement__base_micro", flat=True)) == {10_000}, (
        "she is paid for it like for any other"
    )
    assert set(again.values_list("settlement__agreed", flat=True)) == {None}, "it was compared when it was asked first"
    assert set(WorkerRecord.objects.values_list("decided", flat=True)) == {60}
    assert not Answer.objects.filter(repeat=False, counted=False).exists()
    assert not BatchItem.objects.exclude(counted=2).exists()
    assert all(
        len(task.votes) == 2 for task in load_tasks(world.project, [one.pk for one in world.items], with_truth=True)
    )
    assert findings() == []

    bias = side_bias_of(world.project)
    assert bias.answers == 120, "what is given a second time is in no share"
    assert bias.twice.tasks == again.count()
    n = again.filter(worker=by_side).count()
    assert bias.twice.same_share == pytest.approx(1 - n / again.count()), (
        "who goes by the side contradicts herself each time"
    )
    assert bias.twice.first_share == pytest.approx(n / again.count())
    lost = draw_work(by_content, world.batch, 20)
    assert lost == [], "nobody lives on repeats"


def test_a_repeat_that_is_handed_back_can_be_lent_again_and_costs_the_purse_nothing(monkeypatch):
    monkeypatch.setattr(escrow, "REPEAT_BPS", 5000)
    world = world_of(60, workers=1)
    [worker] = world.workers
    before = purse(world)
    for _ in range(2):
        lent = draw_work(worker, world.batch, 20)
        accept_answers(worker, [answer_to(one, {"chosen": "p2"}) for one in lent])
    lent = draw_work(worker, world.batch, 20)
    repeats = list(Lease.objects.filter(pk__in=[one.lease for one in lent]).exclude(repeats=None))
    assert repeats
    answered = Answer.objects.filter(repeat=True).count()
    assert purse(world) == before - answered - len(repeats)
    for one in repeats:
        skip_lease(worker, one.pk)
    assert purse(world) == before - answered
    assert not BatchItem.objects.filter(taken__gt=1).exists()


def test_what_its_requester_took_away_is_not_asked_a_second_time(monkeypatch):
    monkeypatch.setattr(escrow, "REPEAT_BPS", 9000)
    world = world_of(80, workers=1)
    [worker] = world.workers
    for _ in range(2):
        lent = draw_work(worker, world.batch, 20)
        accept_answers(worker, [answer_to(one, {"chosen": "p2"}) for one in lent])
    taken = set(Answer.objects.values_list("item", flat=True))
    remove_items(world.requester, world.project, taken)
    assert taken.isdisjoint(one.item_id for one in draw_work(worker, world.batch, 20))


def purse(world) -> int:
    return sum(GoldPurse.objects.filter(batch=world.batch).values_list("left", flat=True))


def test_the_escrow_holds_what_is_asked_twice_of_such_types_alone():
    pairs, texts = world_of(20), opened(sentiment_world(items=20))
    assert purse(pairs) == -(-20 * 2 * 500 // 9500)
    assert purse(texts) == 0
    answers, spare = 20 * 2, 1
    assert pairs.batch.escrow_micro == (answers + purse(pairs) + spare) * 15_000


def test_longer_texts_are_seen_to_be_preferred():
    world = world_of(30, workers=1)
    for item in world.items:
        parts = item.payload["parts"]
        parts[2]["text"] += " and so on, at length"
        Item.objects.filter(pk=item.pk).update(payload={"parts": parts})
    answered_all(world, world.workers[0], lambda one: "p3")
    length = side_bias_of(world.project).length
    assert (length.longest_share, length.by_chance) == (1.0, 0.5)
    assert length.answers == 30
