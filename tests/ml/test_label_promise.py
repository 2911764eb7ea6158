"""A promise on what the label API gives: people answer until enough is known of the model, and again when it has changed."""

import json
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from delivery import outbox
from delivery.models import OutboxEvent
from labelling.data.add_items import add_text_item
from labelling.label_api.promise_labels import LOOK_EVERY, look_at, look_at_due_promises, look_at_promises
from labelling.models import Item, LabelPromise, LabelRequest, Suggestion
from labelling.models.warranties import NOTHING_PPM
from labelling.proof import warranty as verifier
from ml_assist.report import label_api_report
from proofs import sign_receipt
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
    LabelPromise.objects.update(looked_at=timezone.now() - 2 * LOOK_EVERY)
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


def test_within_a_minute_the_draws_are_read_once_and_the_clock_sees_what_came_afterwards(world, promise):
    drawn(world, 1, right=True)
    LabelRequest.objects.filter(audit_right=None).update(audit_right=True)
    with CaptureQueriesContext(connection) as seen:
        for _ in range(5):
            look_at_promises({world.project.pk})
    assert not [query for query in seen if "labelling_labelrequest" in query["sql"]]
    assert look_at_due_promises() == 0, "not yet"
    LabelPromise.objects.update(looked_at=timezone.now() - 2 * LOOK_EVERY)
    assert (look_at_due_promises(), look_at_due_promises()) == (1, 0)


def test_anybody_recomputes_the_bound_from_the_file_and_finds_a_changed_number(client, world, promise, tmp_path):
    drawn(world, 60, right=True, sure_ppm=900_000)
    drawn(world, 1, right=False, sure_ppm=300_000)
    said, path = client.get(f"{world.url}/file").json(), tmp_path / "label-promise.json"
    page = reverse("console:label_promise_file", args=[world.project.pk])
    assert client.get(page).json() == said
    shown = client.get(world.url).json()
    assert {name: said["body"]["stated"][name] for name in ("bound_ppm", "wrong", "threshold_ppm")} == {
        name: shown[name] for name in ("bound_ppm", "wrong", "threshold_ppm")
    }

    def verified(body: dict) -> int:
        """By whoever holds the platform's key, too: the signature is right."""
        path.write_text(json.dumps(said | {"body": body, "signature": sign_receipt(body)}))
        return verifier.main([str(path)])

    body = said["body"]
    assert verified(body) == 0
    stated, draws = body["stated"], body["draws"]
    assert verified(body | {"stated": stated | {"bound_ppm": stated["bound_ppm"] - 1}}) == 1
    assert verified(body | {"draws": [*draws[:5], [*draws[5][:2], not draws[5][2]], *draws[6:]]}) == 1
    assert verified(body | {"draws": draws[1:]}) == 1, "one left out"
    assert verified(body | {"error_ppm": 20_000}) == 1
    assert verified({"v": body["v"]}) == 2
    path.write_text(json.dumps(said | {"body": body | {"since": "2020-01-01T00:00:00+00:00"}}))
    assert verifier.main([str(path)]) == 1, "and so is a changed date by the signature"


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


def test_after_twenty_thousand_draws_a_change_is_heard_as_soon(world, promise):
    LabelRequest.objects.filter(guess_ppm__isnull=False).update(audit_right=True)
    item, now = add_text_item(world.dataset, "asked for again and again"), timezone.now()
    said = {"guess": {"label": "good"}, "guess_ppm": 990_000, "audit_right": True, "requested_at": now}
    LabelRequest.objects.bulk_create(
        LabelRequest(id=uuid.uuid4(), project=world.project, item=item, source="crowd", **said) for _ in range(20_000)
    )
    drawn(world, 1, right=True)
    promise.refresh_from_db()
    assert promise.threshold_ppm < NOTHING_PPM
    drawn(world, 40, right=False)
    promise.refresh_from_db()
    assert promise.threshold_ppm == NOTHING_PPM
    assert promise.since > now


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
        client.post(promise, {"error": "10", "confidence": "95", "reference": "0,0", "budget": "0,5"}).status_code
        == 302
    )
    for wrong in ({"error": "60"}, {"error": "10", "reference": "20"}, {"error": ""}, {"error": "1", "budget": "-1"}):
        client.post(promise, wrong)
    told = client.get(page).content.decode()
    assert "Wrong at most, %: Write 50 or less." in told
    assert "“Who judges is wrong at most, %” must be below “Wrong at most, %”" in told
    assert "ppm" not in re.sub(r"<[^>]*>", "", told)
    made = LabelPromise.objects.get()
    assert (made.error_ppm, made.confidence_ppm, made.budget_micro) == (100_000, 950_000, 500_000)
    assert "People answer everything until enough is known of the model." in client.get(page).content.decode()
    client.post(promise, {"end": "1"})
    assert not LabelPromise.objects.exists()
