"""A promise on what the label API gives: people answer until enough is known of the model, and again when it has changed."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from delivery import outbox
from delivery.models import OutboxEvent
from labelling.data.add_items import add_text_item
from labelling.label_api.promise_labels import look_at, look_at_promises
from labelling.models import Item, LabelPromise, LabelRequest, Suggestion
from labelling.models.warranties import NOTHING_PPM
from ml_assist.report import label_api_report
from tests.ml.label_calls import SURE, ask
from tests.ml.worlds import crowd_says

pytestmark = pytest.mark.django_db


@pytest.fixture
def promise(client, world):
    url = f"/api/v1/projects/{world.project.pk}/label-promise"
    assert client.get(url).status_code == 404
    made = client.post(url, {"error_ppm": 100_000, "budget_micro": 10**9}, "application/json")
    assert made.status_code == 201, made.content
    world.url = url
    assert (made.json()["state"], made.json()["threshold_ppm"], made.json()["draws"]) == ("open", None, 0)
    ask(client, world, "the first that is sent")  # tells which model it is about
    crowd_says(world, {"the first that is sent": "good", "the first on offer": "good"})
    return LabelPromise.objects.get()


def drawn(world, n: int, right: bool | None, sure_ppm: int = 990_000) -> None:
    """n requests of the sample, as people decided them."""
    first = Item.objects.count()
    for place in range(n):
        item = add_text_item(world.dataset, f"drawn {first + place}")
        LabelRequest.objects.create(
            id=uuid.uuid4(), project=world.project, item=item, source="crowd", guess={"label": "good"}, guess_ppm=sure_ppm,
            audit_right=right, value={"label": "good"}, requested_at=timezone.now(), answered_at=timezone.now(),
        )  # fmt: skip
    look_at_promises({world.project.pk})


def test_people_answer_until_the_draws_show_what_the_model_is_worth(client, world, promise):
    asked = ask(client, world, SURE)
    assert asked.status_code == 202  # however sure it says that it is
    row = LabelRequest.objects.get(pk=asked.json()["id"])
    assert row.guess == {"label": "good"}
    assert row.guess_ppm >= world.project.label_api_threshold_ppm
    assert not Suggestion.objects.filter(item=row.item_id).exists()  # people judge it unseen
    crowd_says(world, {SURE: "good"})
    row.refresh_from_db()
    assert (row.source, row.audit_right) == ("crowd", True)
    assert client.get(world.url).json()["draws"] == 2

    drawn(world, 60, right=True, sure_ppm=900_000)
    body = client.get(world.url).json()
    assert (body["state"], body["wrong"]) == ("kept", 0)
    assert body["threshold_ppm"] <= 900_000
    assert body["bound_ppm"] <= 100_000
    answered = ask(client, world, SURE.replace("7", "8"))
    assert (answered.status_code, answered.json()["source"]) == (200, "model")
    assert label_api_report(world.project)["audits"]["checked"] == 0  # an audit is of what the model answered alone


def test_what_waits_holds_up_what_came_after_it(world, promise):
    drawn(world, 1, right=None)
    drawn(world, 60, right=True)
    looked = look_at(promise)
    assert (looked.found.n, looked.waiting) == (1, 61)  # quick decisions do not count first
    promise.refresh_from_db()
    assert promise.threshold_ppm == NOTHING_PPM


def test_a_model_that_has_changed_answers_nothing_until_new_draws_show_it(world, promise):
    drawn(world, 60, right=True)
    promise.refresh_from_db()
    since = promise.since
    assert promise.threshold_ppm < NOTHING_PPM
    drawn(world, 20, right=False)
    promise.refresh_from_db()
    assert (promise.state, promise.threshold_ppm) == ("open", NOTHING_PPM)
    assert promise.since > since
    assert look_at(promise).found.n == 0


def test_a_promise_that_costs_more_than_it_may_says_at_which_price_it_could(client, world, promise):
    changed = client.post(world.url, {"error_ppm": 100_000, "budget_micro": 1}, "application/json").json()
    assert changed["state"] == "open"  # with one draw nothing is known
    drawn(world, 60, right=False)
    body = client.get(world.url).json()
    assert (body["state"], body["threshold_ppm"]) == ("too_dear", None)
    [event] = OutboxEvent.objects.filter(name="labels.dear")
    assert event.payload == {
        "project": world.project.pk, "budget_micro": 1, "price_micro": body["price_micro"], "currency": "USD",
    }  # fmt: skip
    assert body["price_micro"] > 1
    outbox.drain()
    assert client.delete(world.url).status_code == 204
    assert ask(client, world, SURE).json()["source"] == "model"  # by the project's own threshold again


def test_the_page_asks_for_a_promise_and_says_what_has_come_of_it(client, world):
    page = reverse("console:label_api", args=[world.project.pk])
    promise = reverse("console:label_promise", args=[world.project.pk])
    assert (
        client.post(promise, {"error": "10", "confidence": "95", "reference": "0", "budget": "0.5"}).status_code == 302
    )
    made = LabelPromise.objects.get()
    assert (made.error_ppm, made.confidence_ppm, made.budget_micro) == (100_000, 950_000, 500_000)
    assert "People answer everything until enough is known of the model." in client.get(page).content.decode()
    client.post(promise, {"end": "1"})
    assert not LabelPromise.objects.exists()
