"""The label API over HTTP: from the model when it is sure, from people when it is not, measured, and free of side effects."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from api.views.label import wait_for
from delivery import outbox
from delivery.models import OutboxEvent
from labelling.actions.draw_work import draw_work
from labelling.actions.open_batch import close_batch
from labelling.models import BatchItem, Dataset, Decision, Item, LabelRequest, Settlement, Suggestion
from ledger import verbs
from ledger.models import Transfer
from ledger.posting import balance
from ml_assist.actions.train_version import train_version
from ml_assist.examples import is_held_back
from ml_assist.report import label_api_report
from people.models import ApiToken, Organisation, Person
from tests.ml import data
from tests.ml.worlds import crowd_says, learning_world, opened_for_api
from tests.worlds import opened

pytestmark = pytest.mark.django_db

SURE = "I loved the soup wonderful 7"
UNSURE = "xyzzy 12"


@pytest.fixture
def world(client):
    """A live model, a batch kept open, and the requester signed in."""
    world = opened_for_api(learning_world(data.english(120), label_api_audit_bps=0))
    world.version = train_version(world.project)
    client.force_login(world.requester)
    return world


def ask(client, world, text, query="", **more):
    return client.post(
        f"/api/v1/projects/{world.project.pk}/label{query}", {"item": {"text": text}, **more}, "application/json"
    )


def everything() -> dict:
    """What a refused call must leave as it was."""
    rows = (Item, Dataset, LabelRequest, BatchItem, Suggestion, Transfer, OutboxEvent)
    return {model.__name__: model.objects.count() for model in rows}


def test_a_sure_model_answers_at_once(client, world):
    before = everything()
    answer = ask(client, world, SURE, external_id="mine-1")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["status"], body["source"], body["value"]) == ("answered", "model", {"label": "good"})
    assert body["confidence_ppm"] >= world.project.label_api_threshold_ppm
    assert (body["model_version"], body["cost_micro"]) == (world.version.pk, 0)
    item = Item.objects.get(pk=body["item"])
    assert (item.external_id, item.dataset.name) == ("mine-1", "Label API")
    assert not BatchItem.objects.filter(item=item).exists()
    assert not Decision.objects.filter(item=item).exists()  # the model's word is no decision
    assert everything()["Transfer"] == before["Transfer"]
    event = OutboxEvent.objects.get(name="label.answered").payload
    assert (event["request"], event["source"], event["value"]) == (body["id"], "model", {"label": "good"})


def test_an_unsure_model_sends_it_to_the_front_of_the_crowds_queue(client, world):
    escrow = balance(verbs.escrow_of(world.batch.pk), "USD")
    answer = ask(client, world, UNSURE)
    assert answer.status_code == 202
    body = answer.json()
    assert (body["status"], body["source"], body["value"], body["answered_at"]) == ("waiting", None, None, None)
    row = BatchItem.objects.get(item=body["item"])
    assert (row.need, row.batch, row.wanted) == (2, world.batch, 2)
    world.batch.refresh_from_db()
    assert world.batch.items_total == 2
    assert balance(verbs.escrow_of(world.batch.pk), "USD") == world.batch.escrow_micro > escrow
    [first] = draw_work(world.workers[0], world.batch, 1)
    assert first.item_id == body["item"]  # before the item that was there earlier


def test_the_crowds_answer_comes_back_with_its_cost_and_its_webhook(client, world):
    asked = ask(client, world, UNSURE).json()
    crowd_says(world, {UNSURE: "bad", "the first on offer": "good"})
    body = client.get(f"/api/v1/label-requests/{asked['id']}").json()
    assert (body["status"], body["source"], body["value"]) == ("answered", "crowd", {"label": "bad"})
    decision = Decision.objects.get(item=asked["item"])
    assert body["confidence_ppm"] == decision.confidence_ppm
    paid = Settlement.objects.filter(answer__item=asked["item"])
    assert body["cost_micro"] == sum(row.base_micro + row.bonus_micro for row in paid) > 0
    [event] = OutboxEvent.objects.filter(name="label.answered")
    assert event.payload == {
        "request": asked["id"],
        "project": world.project.pk,
        "item": asked["item"],
        "source": "crowd",
        "value": {"label": "bad"},
        "confidence_ppm": decision.confidence_ppm,
    }


def test_the_unsure_guess_becomes_a_suggestion_unless_it_is_held_back(client, world):
    texts = [f"xyzzy {i}" for i in range(12)]
    items = [ask(client, world, text).json()["item"] for text in texts]
    suggested = set(Suggestion.objects.values_list("item_id", flat=True))
    hashes = dict(Item.objects.filter(pk__in=items).values_list("pk", "content_hash"))
    assert suggested == {item for item in items if not is_held_back(hashes[item])}
    assert 0 < len(suggested) < 12


def test_the_same_content_is_the_same_request(client, world):
    first, second = ask(client, world, UNSURE).json(), ask(client, world, f"  {UNSURE} ").json()
    assert first == second
    assert LabelRequest.objects.count() == 1
    assert BatchItem.objects.filter(item=first["item"]).count() == 1


def test_the_same_id_is_the_same_request_and_for_another_item_a_conflict(client, world):
    request_id = str(uuid.uuid4())
    first = ask(client, world, UNSURE, id=request_id).json()
    assert first["id"] == request_id
    before = everything()
    assert ask(client, world, UNSURE, id=request_id).json() == first
    conflict = ask(client, world, "another text", id=request_id)
    assert (conflict.status_code, conflict.json()["error"]["field"]) == (409, "id")
    assert everything() == before


def test_a_request_whose_batch_was_closed_says_so_and_goes_on_offer_again(client, world):
    asked = ask(client, world, UNSURE).json()
    with transaction.atomic():
        close_batch(world.requester, world.batch)
    outbox.drain()
    before = everything()
    refused = ask(client, world, UNSURE)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "no_open_batch")
    assert everything() == before
    opened_for_api(world)
    assert ask(client, world, UNSURE).json() == asked
    assert BatchItem.objects.get(batch=world.batch, item=asked["item"]).need == 2
    crowd_says(world, {UNSURE: "bad", "the first on offer": "good"})
    assert ask(client, world, UNSURE).json()["value"] == {"label": "bad"}


def test_two_requests_for_one_item_are_paid_once(client, world):
    ids = [ask(client, world, UNSURE, id=str(uuid.uuid4())).json()["id"] for _ in range(2)]
    crowd_says(world, {UNSURE: "bad", "the first on offer": "good"})
    found = [client.get(f"/api/v1/label-requests/{pk}").json() for pk in ids]
    assert [one["value"] for one in found] == [{"label": "bad"}] * 2
    costs = sorted(one["cost_micro"] for one in found)
    assert costs[0] == 0 < costs[1]


def test_what_people_said_already_is_answered_from_it(client, world):
    ask(client, world, UNSURE)
    crowd_says(world, {UNSURE: "bad", "the first on offer": "good"})
    again = ask(client, world, UNSURE, id=str(uuid.uuid4()))
    assert again.status_code == 200
    assert (again.json()["source"], again.json()["value"], again.json()["cost_micro"]) == ("crowd", {"label": "bad"}, 0)
    gold = ask(client, world, data.english(2)[1].content.text).json()
    assert (gold["source"], gold["value"], gold["confidence_ppm"]) == ("crowd", {"label": "good"}, 1_000_000)


def test_an_audited_answer_is_checked_by_people_who_see_no_suggestion(client, world):
    world.project.label_api_audit_bps = 10_000
    world.project.save()
    texts = {f"I loved the soup wonderful {i}": "good" for i in range(3)} | {
        f"I hated the bus awful {i}": "bad" for i in range(3)
    }
    found = [ask(client, world, text).json() for text in texts]
    assert {one["source"] for one in found} == {"model"}
    assert {row.need for row in BatchItem.objects.filter(item__in=[one["item"] for one in found])} == {0}
    assert not Suggestion.objects.exists()
    wrong = next(iter(texts))
    crowd_says(world, {**texts, wrong: "bad", "the first on offer": "good"})
    requests = LabelRequest.objects.filter(audit=True)
    assert requests.count() == 6
    assert sorted(request.audit_right for request in requests) == [False] + [True] * 5
    assert requests.get(item__payload__text=wrong).value == {"label": "good"}  # what was answered stands
    assert OutboxEvent.objects.filter(name="label.answered").count() == 6  # answered once, by the model
    audits = label_api_report(world.project)["audits"]
    assert (audits["asked"], audits["checked"], audits["right"]) == (6, 6, 5)
    assert audits["accuracy"] == pytest.approx(5 / 6)
    assert audits["low"] == pytest.approx(0.4365, abs=1e-3)
    assert audits["high"] == pytest.approx(0.9699, abs=1e-3)


def test_without_a_batch_the_model_still_answers_and_no_audit_is_promised(client):
    world = learning_world(data.english(120), label_api_audit_bps=10_000)
    train_version(world.project)
    client.force_login(world.requester)
    assert ask(client, world, SURE).json()["source"] == "model"
    assert LabelRequest.objects.get().audit is False


def test_without_a_batch_an_unsure_one_is_refused_and_nothing_changed(client):
    world = learning_world(data.english(120))
    train_version(world.project)
    client.force_login(world.requester)
    before = everything()
    refused = ask(client, world, UNSURE)
    assert refused.status_code == 400
    assert refused.json()["error"] == {
        "code": "no_open_batch",
        "field": "project",
        "message": "No batch of this project is open, so nobody can be asked: fund and open one first.",
    }
    assert everything() == before


def test_without_the_money_for_one_more_it_is_refused_and_nothing_changed(client):
    # Just enough for one item: 3 answers and a spare one, 15,000 each.
    world = opened_for_api(learning_world([], funds_micro=60_000))
    assert balance(verbs.funds_of(world.organisation.pk), "USD") == 0
    client.force_login(world.requester)
    before = everything()
    refused = ask(client, world, UNSURE)
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "funds")
    assert refused.json()["error"]["message"].startswith("One more item needs 0.0450 USD in escrow")
    assert everything() == before
    world.batch.refresh_from_db()
    assert world.batch.items_total == 1


BAD_BODIES = [
    ({}, "item"),
    ({"item": "text"}, "item"),
    ({"item": {}}, "item"),
    ({"item": {"text": ""}}, "item.text"),
    ({"item": {"text": " \n"}}, "item.text"),
    ({"item": {"text": 5}}, "item.text"),
    ({"item": {"text": "nul \x00"}}, "item.text"),
    ({"item": {"text": "x" * 20_001}}, "item.text"),
    ({"item": {"text": "a", "url": "https://example.org"}}, "item"),
    ({"item": {"url": "https://example.org/a.png"}}, "item"),
    ({"item": {"text": "a"}, "id": "no uuid"}, "id"),
    ({"item": {"text": "a"}, "external_id": 5}, "external_id"),
    ({"item": {"text": "a"}, "threshold": 0}, "threshold"),
    ({"file": "not a file"}, "file"),
    ([], "body"),
]


def test_a_bad_request_is_one_sentence_and_changes_nothing(client, world):
    before = everything()
    for body, field in BAD_BODIES:
        refused = client.post(f"/api/v1/projects/{world.project.pk}/label", body, "application/json")
        assert (refused.status_code, refused.json()["error"]["field"]) == (400, field), body
    for wait in ("-1", "61", "soon", "1.5"):
        refused = ask(client, world, UNSURE, f"?wait={wait}")
        assert (refused.status_code, refused.json()["error"]["field"]) == (400, "wait"), wait
    assert everything() == before


def test_somebody_elses_project_and_request_are_not_there(client, world):
    asked = ask(client, world, UNSURE).json()
    stranger = Person.objects.create_user(email="stranger@example.org")
    Organisation.objects.create(name="Other").memberships.create(person=stranger, role="owner")
    client.force_login(stranger)
    before = everything()
    assert ask(client, world, UNSURE).status_code == 404
    assert client.get(f"/api/v1/label-requests/{asked['id']}").status_code == 404
    assert client.get(f"/api/v1/projects/{world.project.pk}/label-report").status_code == 404
    assert client.get(f"/api/v1/label-requests/{uuid.uuid4()}").status_code == 404
    assert everything() == before


def test_a_token_needs_the_scope_label(client, world):
    import hashlib

    client.logout()
    for scopes, status in ((["label"], 200), (["projects"], 403)):
        secret = f"ilm_{scopes[0]}"
        digest = hashlib.sha256(secret.encode()).hexdigest()
        ApiToken.objects.create(person=world.requester, name="t", prefix="ilm_", token_sha256=digest, scopes=scopes)
        headers = {"Authorization": f"Bearer {secret}"}
        url = f"/api/v1/projects/{world.project.pk}/label"
        answer = client.post(url, {"item": {"text": SURE}}, "application/json", headers=headers)
        assert answer.status_code == status


def test_an_archived_project_takes_nothing(client, world):
    world.project.archived_at = timezone.now()
    world.project.save()
    before = everything()
    refused = ask(client, world, SURE)
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "project")
    assert everything() == before


def test_a_batch_opened_later_does_not_pay_for_what_the_model_answered(client, world):
    answered = ask(client, world, SURE).json()
    world.batch.refresh_from_db()
    crowd_says(world, {"the first on offer": "good"})
    from labelling.actions.add_items import add_text_item

    fresh = add_text_item(world.dataset, "fresh")
    opened(world)
    on_offer = set(BatchItem.objects.filter(batch=world.batch).values_list("item_id", flat=True))
    assert on_offer == {fresh.pk}
    assert answered["item"] not in on_offer


def test_statements_of_a_call(client, world, django_assert_num_queries):
    """Pinned: what a call costs does not creep up. Savepoints are counted too: the test runs in a transaction."""
    ask(client, world, SURE)  # the model is in memory, the data set is there
    with django_assert_num_queries(19):
        ask(client, world, "I hated the bus awful 3")
    with django_assert_num_queries(29):
        ask(client, world, "plugh 5")
    with django_assert_num_queries(14):  # a repeated call, still waiting
        ask(client, world, "plugh 5")


def test_the_report_counts_days_share_latency_and_cost(client, world):
    for text in (SURE, UNSURE, "plugh"):
        ask(client, world, text)
    crowd_says(world, {UNSURE: "bad", "plugh": "good", "the first on offer": "good"})
    ask(client, world, "still waiting")
    LabelRequest.objects.filter(source="model").update(
        requested_at=timezone.now() - timedelta(days=1, seconds=2), answered_at=timezone.now() - timedelta(days=1)
    )
    report = client.get(f"/api/v1/projects/{world.project.pk}/label-report?days=7").json()
    assert (report["requests"], report["waiting"]) == (4, 1)
    assert (report["answered_by_model"], report["answered_by_crowd"]) == (1, 2)
    assert report["model_share"] == pytest.approx(1 / 3)
    assert report["latency_s"]["model"]["p50"] == pytest.approx(2, abs=0.5)
    assert set(report["latency_s"]["crowd"]) == {"p50", "p95", "p99"}
    paid = Settlement.objects.exclude(answer__item__payload__text="the first on offer")
    assert report["cost_micro"] == sum(row.base_micro + row.bonus_micro for row in paid)
    assert report["cost_per_label_micro"] == report["cost_micro"] // 3
    assert [(day["requests"], day["by_model"], day["by_crowd"]) for day in report["days"]] == [(1, 1, 0), (3, 0, 2)]
    assert sum(day["cost_micro"] for day in report["days"]) == report["cost_micro"]
    assert label_api_report(world.project, days=7)["days"][0]["day"] < report["days"][1]["day"]


def test_the_report_of_a_project_that_never_asked(world):
    report = label_api_report(world.project)
    assert (report["requests"], report["model_share"], report["cost_per_label_micro"]) == (0, None, None)
    assert (report["audits"]["accuracy"], report["audits"]["low"], report["audits"]["high"]) == (None, 0.0, 1.0)


@pytest.mark.django_db(transaction=True)
def test_a_waiting_call_is_answered_while_it_waits_and_holds_no_connection(client):
    world = opened_for_api(learning_world([]))
    client.force_login(world.requester)
    ask(client, world, UNSURE)
    pauses = []

    def sleep(pause_s):
        pauses.append((pause_s, connection.connection))
        if len(pauses) == 3:  # the crowd is at work elsewhere, on connections of its own
            elsewhere = threading.Thread(target=lambda: (_crowd_answers(world), connection.close()))
            elsewhere.start()
            elsewhere.join()

    answered = wait_for(LabelRequest.objects.get(), 30, sleep=sleep)
    assert (answered.source, answered.value) == ("crowd", {"label": "bad"})
    assert [held for _, held in pauses] == [None] * 3
    assert [pause for pause, _ in pauses] == pytest.approx([0.2, 0.3, 0.45])


def _crowd_answers(world):
    crowd_says(world, {UNSURE: "bad", "the first on offer": "good"})


@pytest.mark.django_db(transaction=True)
def test_waiting_ends_on_time_and_few_may_wait_at_once(client, settings):
    world = opened_for_api(learning_world([]))
    client.force_login(world.requester)
    ask(client, world, UNSURE)
    asked, now = LabelRequest.objects.get(), [0.0]

    def sleep(pause_s):
        now[0] += pause_s

    assert wait_for(asked, 5, sleep=sleep, clock=lambda: now[0]).answered_at is None
    assert now[0] == pytest.approx(5)
    crowded = threading.BoundedSemaphore(1)
    crowded.acquire()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.views.label._waiting", crowded)
        assert wait_for(asked, 60, sleep=lambda _: pytest.fail("it waited")).answered_at is None


@pytest.mark.django_db(transaction=True)
def test_the_same_call_at_one_moment_makes_one_request(client):
    """Ten threads, one content: one item, one request, one top-up of the escrow."""
    from ml_assist.actions.request_label import Asked, request_label

    world = opened_for_api(learning_world([]))
    start, found = threading.Barrier(10), []

    def call():
        start.wait()
        try:
            found.append(request_label(world.project, Asked(text=UNSURE)).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=call) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 10
    assert len(set(found)) == 1
    assert Item.objects.filter(payload__text=UNSURE).count() == 1
    assert Transfer.objects.filter(kind="fund").count() == 2  # at opening, and this one
    outbox.drain()
