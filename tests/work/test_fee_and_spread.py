"""What an offer says beside its price: who gets what of it, and how far the times of people lie apart."""

import pytest
from django.test import Client

from delivery import outbox
from labelling.models import Answer
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger.factories import fee_of
from ledger.reading import balance
from tests.roles import as_owner
from tests.tempo.test_wages import measured
from tests.work.test_gold_appeals import available
from tests.worlds import answer_to, opened, sentiment_world, sign_in

pytestmark = pytest.mark.django_db


def get(worker, path: str) -> dict:
    return sign_in(Client(), worker.person).get(f"/api/v1/work/{path}").json()


def test_the_fee_of_the_offer_and_of_her_history_is_that_of_the_ledger():
    world = opened(sentiment_world(items=3, workers=2), base_micro=10_000, bonus_micro=5_000, fee_bps=1250)
    worker = world.workers[0]
    assert [one["fee_micro"] for one in get(worker, "batches")["results"]] == [1250]
    assert get(worker, f"batches/{world.batch.pk}")["fee_micro"] == 1250
    for one in world.workers:
        accept_answers(one, [answer_to(lent, {"label": "good"}) for lent in draw_work(one, world.batch, 3)])
    while outbox.drain():
        continue
    lines = [line for one in world.workers for line in get(one, "history")["results"]]
    assert {line["state"] for line in lines} == {"settled"}
    assert sum(line["fee_micro"] for line in lines) == balance(fee_of(world.batch.pk), "USD") > 0
    assert sum(line["base_micro"] + line["bonus_micro"] for line in lines) == sum(map(available, world.workers))


def test_the_middle_half_of_the_measured_times_stands_beside_them():
    world = measured([4, 5, 6])
    assert get(world.workers[0], f"batches/{world.batch.pk}")["half_took_s"] == {"low": 4, "high": 6}
    with as_owner():
        Answer.objects.filter(worker=world.workers[2]).update(active_ms=3_600_000)
    half = get(world.workers[0], f"batches/{world.batch.pk}")["half_took_s"]
    assert half["low"] == 4, "one who leaves her phone lying moves one end alone"


def test_nothing_is_said_of_times_that_nobody_has_measured():
    world = opened(sentiment_world(items=3, workers=1))
    assert get(world.workers[0], f"batches/{world.batch.pk}")["half_took_s"] is None
