"""A number is asked for: a sample, people's answers, an interval that holds, and an end by itself."""

from __future__ import annotations

import pytest
from django.urls import reverse

from consensus.core.guarantees.warranty import draws
from delivery import outbox
from labelling.batches.refund_batch import refund_batch
from labelling.estimates.look import look_at, weights_of
from labelling.models import Batch, BatchItem, Estimate, Suggestion
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger import factories
from ledger.posting import balance
from tests.worlds import World, answer_to, sentiment_world

pytestmark = pytest.mark.django_db
N = 120


def is_good(text: str) -> bool:
    return int(text.split()[-1]) % 4 == 0  # a quarter of them


@pytest.fixture
def world() -> World:
    return sentiment_world(items=N, workers=2, min_answers=1, max_answers=2, target_ppm=500_000)


def ask(client, world: World, **said):
    client.force_login(world.requester)
    body = {"of": "share", "what": "Good", "half_width_ppm": 150_000, "draws": 400, "base_micro": 10_000}
    return client.post(f"/api/v1/projects/{world.project.pk}/estimates", {**body, **said}, "application/json")


def work_on(world: World, batch: Batch, tasks: int) -> None:
    """People who are right."""
    for worker in world.workers[:1]:
        left = tasks
        while left and (lent := draw_work(worker, batch, min(left, 10))):
            said = [answer_to(one, {"label": "good" if is_good(one.payload["text"]) else "bad"}) for one in lent]
            assert {one.status for one in accept_answers(worker, said)} == {"accepted"}
            left -= len(lent)
            outbox.drain()


def test_it_stops_by_itself_and_what_was_not_needed_comes_back(client, world):
    before = balance(factories.funds_of(world.organisation.pk), "USD")
    reply = ask(client, world)
    assert reply.status_code == 201, reply.content
    told, batch = reply.json(), Batch.objects.get()
    assert (told["state"], told["draws_seen"], told["value_low"], told["value_high"]) == ("open", 0, 0, 1)
    assert told["batch"] == batch.pk
    [listed] = client.get(f"/api/v1/projects/{world.project.pk}/estimates").json()["results"]
    assert (listed["id"], listed["value"], listed["draws_seen"]) == (told["id"], None, None)
    work_on(world, batch, N)
    asked = Estimate.objects.get()
    told = client.get(f"/api/v1/estimates/{asked.pk}").json()
    assert (told["state"], told["half_width_now_ppm"] <= 150_000) == ("reached", True)
    assert told["value_low"] <= 0.25 <= told["value_high"]
    assert told["value_low"] <= told["value"] <= told["value_high"]
    assert 0 < told["draws_seen"] < 400
    batch.refresh_from_db()
    assert batch.state == "closed"
    answered = BatchItem.objects.filter(batch=batch, counted__gt=0).count()
    assert answered < BatchItem.objects.filter(batch=batch).count()  # it did not need them all
    outbox.drain()
    refund_batch(batch.pk)
    assert balance(factories.funds_of(world.organisation.pk), "USD") == before - 10_000 * answered
    again = client.get(f"/api/v1/estimates/{asked.pk}").json()
    assert again == told


def test_the_sample_is_drawn_again_from_what_was_fixed_and_only_draws_without_a_gap_count(client, world):
    ask(client, world)
    asked = Estimate.objects.get()
    items = [item for item, _ in asked.items]
    drawn = draws(asked.seed, weights_of([share for _, share in asked.items]), asked.draws)
    order = list(dict.fromkeys(items[place] for place in drawn))
    assert set(BatchItem.objects.values_list("item", flat=True)) == set(order)
    work_on(world, asked.batch, 12)
    first = set(order[:12])
    assert {row.item_id for row in BatchItem.objects.filter(counted__gt=0)} == first  # the first drawn are asked first
    found = look_at(asked)
    assert found.n == next(place for place, one in enumerate(drawn) if items[one] not in first)


def test_a_models_predictions_make_it_shorter_and_never_wrong(client, world):
    for item in world.items:
        value = {"label": "good" if is_good(item.payload["text"]) else "bad"}
        Suggestion.objects.create(item=item, model_version_id=7, value=value, confidence_ppm=900_000)
    assert ask(client, world).status_code == 201
    asked = Estimate.objects.get()
    work_on(world, asked.batch, N)
    with_model = look_at(asked)
    assert with_model.low <= 0.25 <= with_model.high
    accuracy = ask(client, world, of="accuracy", what="model:7")
    assert accuracy.status_code == 201, accuracy.content
    work_on(world, Batch.objects.get(pk=accuracy.json()["batch"]), N)
    told = client.get(f"/api/v1/estimates/{accuracy.json()['id']}").json()
    assert (told["state"], told["value_high"]) == ("reached", 1.0)
    assert told["value"] > 0.85


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"what": "Nothing of the kind"}, "what"),
        ({"of": "mean"}, "of"),
        ({"of": "win_rate", "what": "left"}, "of"),
        ({"of": "accuracy", "what": "judge:99"}, "what"),
        ({"of": "weather"}, "of"),
        ({"draws": 3}, "draws"),
        ({"half_width_ppm": 0}, "half_width_ppm"),
        ({"base_micro": 100_000_000}, "funds"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_its_field(client, world, said, field):
    reply = ask(client, world, **said)
    assert (reply.status_code, reply.json()["error"]["field"]) == (400, field)
    assert not Estimate.objects.exists()
    assert not Batch.objects.exists()


def test_the_page_shows_the_interval_and_looks_again_while_it_is_open(client, world):
    ask(client, world)
    asked = Estimate.objects.get()
    page = client.get(reverse("console:estimate", args=[asked.pk])).content.decode()
    assert "Share of items with Good" in page
    assert "0.0 % to 100.0 %" in page
    assert 'hx-trigger="every 5s"' in page
    Estimate.objects.update(state="ended", result=[0.25, 0.2, 0.3, 100])
    page = client.get(reverse("console:estimate", args=[asked.pk])).content.decode()
    assert "20.0 % to 30.0 %" in page
    assert "hx-trigger" not in page.split('id="estimate"')[1].split("</section>")[0]
    assert (
        "Share of items with Good" in client.get(reverse("console:estimates", args=[world.project.pk])).content.decode()
    )


def test_a_mean_is_in_the_units_of_its_scale(client):
    world = sentiment_world(
        items=40, workers=1, task_type="rating", config={"scale": 5}, min_answers=1, max_answers=2, target_ppm=500_000
    )
    told = ask(client, world, of="mean", what="").json()
    assert (told["range_low"], told["range_high"], told["value"]) == (1, 5, 3)
