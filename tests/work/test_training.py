"""Paid training: known tasks that teach, out of an escrow of its own, once a kind, and nothing of it counts."""

import pytest
from django.test import Client

from consensus.app.actions.ask_again import last_terms
from consensus.app.tasks_of import load_tasks
from delivery import outbox
from kernel.errors import Conflict, DomainError
from labelling.access import get_open_batch_for
from labelling.batches.add_to_batch import open_batch_of
from labelling.batches.close_batch import close_batch
from labelling.batches.escrow import cost_of_answer_micro
from labelling.batches.open_training import open_training
from labelling.models import Answer, Gold, Settlement, WorkerRecord
from labelling.tasks import refund_closed_batches
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger.factories import available_of, escrow_of, funds_of
from ledger.reading import balance
from tests.worlds import answer_to, opened, sentiment_world, sign_in

pytestmark = pytest.mark.django_db
EXAMPLES, SEATS = 8, 3


@pytest.fixture
def world():
    return sentiment_world(items=20, workers=3, golds=12, gold_share_bps=5000, min_answers=1, max_answers=1)


def train(world, worker, batch, label="bad", n=20) -> list:
    lent = draw_work(worker, get_open_batch_for(worker, batch.pk), n)
    results = accept_answers(worker, [answer_to(one, {"label": label}) for one in lent])
    while outbox.drain():
        continue
    return results


def test_it_is_funded_teaches_at_once_is_paid_and_counts_for_nothing(world):
    worker, before = world.workers[0], balance(funds_of(world.organisation.pk), "USD")
    batch = open_training(world.requester, world.project, seats=SEATS, examples=EXAMPLES)
    cost = SEATS * EXAMPLES * cost_of_answer_micro(batch.base_micro, 0, batch.fee_bps)
    assert balance(escrow_of(batch.pk), "USD") == cost == before - balance(funds_of(world.organisation.pk), "USD")
    results = train(world, worker, batch)
    assert len(results) == EXAMPLES
    for one in results:
        assert one.feedback["truth"] == {"label": "good"}
        assert one.feedback["explanation"] == "It is plainly good."
        assert (one.feedback["right"], one.feedback["teaches"]) == (False, True)
    assert balance(available_of(worker.pk), "USD") == EXAMPLES * batch.base_micro
    record = WorkerRecord.objects.get(worker=worker)
    assert (record.gold_seen, record.gold_right, record.decided, record.taught) == (0, 0, 0, False)
    assert set(Settlement.objects.filter(worker=worker).values_list("taught", "bonus_micro")) == {(True, 0)}
    assert draw_work(worker, get_open_batch_for(worker, batch.pk), 5) == [], "each example is done once"


def test_its_examples_are_never_mixed_in_with_work_and_teach_no_skill(world):
    batch = open_training(world.requester, world.project, seats=SEATS, examples=EXAMPLES)
    train(world, world.workers[0], batch, "good")
    opened(world)
    examples = set(Gold.objects.filter(project=world.project, training=True).values_list("item", flat=True))
    for worker in world.workers:
        train(world, worker, world.batch, "good", n=6)  # so that work is left for all of them
    met = set(Answer.objects.filter(batch=world.batch, gold_right__isnull=False).values_list("item", flat=True))
    assert met
    assert not met & examples
    taught = load_tasks(world.project, sorted(examples), with_truth=True)
    assert [one.truth for one in taught] == [None] * len(examples)


def test_once_a_kind_and_the_offer_says_what_it_is(world):
    worker = world.workers[0]
    first = open_training(world.requester, world.project, seats=SEATS, examples=EXAMPLES)
    client = sign_in(Client(), worker.person)
    [offer] = client.get("/api/v1/work/batches").json()["results"]
    assert (offer["batch"], offer["training"], offer["open_items"]) == (first.pk, True, EXAMPLES)
    train(world, worker, first)
    assert client.get("/api/v1/work/batches").json()["results"] == []
    elsewhere = sentiment_world(items=1, workers=0, golds=EXAMPLES)
    with pytest.raises(DomainError, match="4 are missing"):
        open_training(elsewhere.requester, elsewhere.project, seats=1, examples=EXAMPLES + 4)
    second = open_training(elsewhere.requester, elsewhere.project, seats=1, examples=EXAMPLES)
    assert client.get("/api/v1/work/batches").json()["results"] == []
    with pytest.raises(Conflict, match="paid once"):
        get_open_batch_for(worker, second.pk)


def test_who_asks_two_trainings_of_a_kind_at_the_same_moment_has_one(world):
    elsewhere = sentiment_world(items=1, workers=0, golds=EXAMPLES)
    opened_ones = [open_training(one.requester, one.project, seats=1, examples=EXAMPLES) for one in (world, elsewhere)]
    first, second = (get_open_batch_for(world.workers[0], one.pk) for one in opened_ones)  # both doors, then both draws
    assert draw_work(world.workers[0], first, 5)
    with pytest.raises(Conflict, match="paid once"):
        draw_work(world.workers[0], second, 5)


def test_what_nobody_used_comes_back_and_a_second_one_waits_for_the_first(world):
    worker, before = world.workers[0], balance(funds_of(world.organisation.pk), "USD")
    batch = open_training(world.requester, world.project, seats=SEATS, examples=EXAMPLES)
    with pytest.raises(Conflict, match="open already"):
        open_training(world.requester, world.project, seats=1, examples=EXAMPLES)
    train(world, worker, batch)
    close_batch(world.requester, batch)
    refund_closed_batches()
    paid = EXAMPLES * cost_of_answer_micro(batch.base_micro, 0, batch.fee_bps)
    assert balance(funds_of(world.organisation.pk), "USD") == before - paid
    again = open_training(world.requester, world.project, seats=1, examples=EXAMPLES)
    assert Gold.objects.filter(project=world.project, training=True).count() == EXAMPLES
    assert again.pk != batch.pk


def test_work_goes_on_beside_it_on_its_own_terms(world):
    opened(world)
    training = open_training(world.requester, world.project, seats=SEATS, examples=EXAMPLES)
    assert open_batch_of(world.project) == world.batch, "no single item is asked of who is trained"
    terms = last_terms(world.project)
    assert (terms["base_micro"], terms["bonus_micro"]) == (world.batch.base_micro, world.batch.bonus_micro)
    assert training.bonus_micro == 0 < terms["bonus_micro"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"seats": 0}, "seats must be"),
        ({"examples": 7}, "examples must be from 8 to 12"),
        ({"base_micro": 1}, "below the floor"),
        ({"seats": 10_000, "base_micro": 1_000_000}, "are missing: deposit"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_has_happened(world, said, sentence):
    before = balance(funds_of(world.organisation.pk), "USD")
    with pytest.raises(DomainError, match=sentence):
        open_training(world.requester, world.project, **{"seats": 2, "examples": 10, **said})
    assert balance(funds_of(world.organisation.pk), "USD") == before
    assert not Gold.objects.filter(training=True).exists()


def test_the_requester_opens_one_by_form_and_by_rest(world):
    client = sign_in(Client(), world.requester)
    page = client.get(f"/console/projects/{world.project.pk}/training/")
    assert page.status_code == 200
    made = client.post(
        f"/api/v1/projects/{world.project.pk}/training", {"seats": 2, "examples": 8}, content_type="application/json"
    )
    assert made.status_code == 201, made.content
    assert (made.json()["training"], made.json()["state"]) == (True, "open")
    close_batch(world.requester, world.project.batches.get())
    form = {"seats": "1", "examples": "8", "base_micro": "0.02"}
    assert client.post(f"/console/projects/{world.project.pk}/training/", form).status_code == 302
    refused = client.post(f"/console/projects/{world.project.pk}/training/", form | {"seats": "2"})
    assert refused.status_code == 400
    assert "open already" in refused.content.decode()
