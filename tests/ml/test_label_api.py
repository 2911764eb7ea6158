"""The label API over HTTP: from the model when it is sure, from people when it is not, and measured."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from consensus.app.actions.review_item import CANNOT_BE_TOLD, review_item
from consensus.app.actions.undo_review import undo_review
from delivery import outbox
from delivery.models import OutboxEvent
from labelling.models import Answer, BatchItem, Decision, Item, LabelRequest, Settlement, Suggestion
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger import factories
from ledger.posting import balance
from ml_assist.actions.train_version import train_version
from ml_assist.examples import is_held_back
from ml_assist.report import label_api_report
from people.models import Person
from tests.ml import data
from tests.ml.label_calls import SURE, UNSURE, ask, everything
from tests.ml.worlds import crowd_says, learning_world
from tests.worlds import answer_to, opened

pytestmark = pytest.mark.django_db
GOOD, BAD = {"label": "Good", "label_id": "good"}, {"label": "Bad", "label_id": "bad"}


def test_a_sure_model_answers_at_once(client, world):
    before = everything()
    answer = ask(client, world, SURE, external_id="mine-1")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["status"], body["source"], body["value"]) == ("answered", "model", GOOD)
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
    escrow = balance(factories.escrow_of(world.batch.pk), "USD")
    answer = ask(client, world, UNSURE)
    assert answer.status_code == 202
    body = answer.json()
    assert (body["status"], body["source"], body["value"], body["answered_at"]) == ("waiting", None, None, None)
    row = BatchItem.objects.get(item=body["item"])
    assert (row.need, row.batch, row.wanted) == (2, world.batch, 2)
    world.batch.refresh_from_db()
    assert world.batch.items_total == 2
    assert balance(factories.escrow_of(world.batch.pk), "USD") == world.batch.escrow_micro > escrow
    [first] = draw_work(world.workers[0], world.batch, 1)
    assert first.item_id == body["item"]  # before the item that was there earlier


def test_the_crowds_answer_comes_back_with_its_cost_and_its_webhook(client, world):
    asked = ask(client, world, UNSURE).json()
    crowd_says(world, {UNSURE: "bad", "the first on offer": "good"})
    body = client.get(f"/api/v1/label-requests/{asked['id']}").json()
    assert (body["status"], body["source"], body["value"]) == ("answered", "crowd", BAD)
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


def test_two_requests_for_one_item_are_paid_once(client, world):
    ids = [ask(client, world, UNSURE, id=str(uuid.uuid4())).json()["id"] for _ in range(2)]
    crowd_says(world, {UNSURE: "bad", "the first on offer": "good"})
    found = [client.get(f"/api/v1/label-requests/{pk}").json() for pk in ids]
    assert [one["value"] for one in found] == [BAD] * 2
    costs = sorted(one["cost_micro"] for one in found)
    assert costs[0] == 0 < costs[1]


def test_what_people_said_already_is_answered_from_it(client, world):
    ask(client, world, UNSURE)
    crowd_says(world, {UNSURE: "bad", "the first on offer": "good"})
    again = ask(client, world, UNSURE, id=str(uuid.uuid4()))
    assert again.status_code == 200
    assert (again.json()["source"], again.json()["value"], again.json()["cost_micro"]) == ("crowd", BAD, 0)
    gold = ask(client, world, data.english(2)[1].content.text).json()
    assert (gold["source"], gold["value"], gold["confidence_ppm"]) == ("crowd", GOOD, 1_000_000)


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


def test_an_audit_follows_what_a_reviewer_says_later(client, world):
    world.project.label_api_audit_bps = 10_000
    world.project.target_ppm = 999_999
    world.project.save()
    asked = ask(client, world, SURE).json()
    for worker, label in zip(world.workers, ("bad", "bad", "good"), strict=True):
        lent = draw_work(worker, world.batch, 5)
        assert asked["item"] in {one.item_id for one in lent}
        accept_answers(worker, [answer_to(one, {"label": label}) for one in lent])
        outbox.drain()
    reviewer = Person.objects.create_user(email="lerato@example.org", is_reviewer=True)

    def audit_after(act) -> tuple[bool | None, float | None]:
        act()
        outbox.drain()
        return LabelRequest.objects.get(pk=asked["id"]).audit_right, label_api_report(world.project)["audits"][
            "accuracy"
        ]

    assert audit_after(lambda: None) == (False, 0.0)
    minority = str(Answer.objects.get(item=asked["item"], value={"label": "good"}).pk)
    assert audit_after(lambda: review_item(reviewer, asked["item"], minority)) == (True, 1.0)
    assert audit_after(lambda: undo_review(reviewer, asked["item"])) == (False, 0.0)
    assert audit_after(lambda: review_item(reviewer, asked["item"], CANNOT_BE_TOLD)) == (None, None)
    assert LabelRequest.objects.get(pk=asked["id"]).value == {"label": "good"}  # what was answered stands
    assert OutboxEvent.objects.filter(name="label.answered").count() == 1


def test_without_a_batch_the_model_still_answers_and_no_audit_is_promised(client):
    world = learning_world(data.english(120), label_api_audit_bps=10_000)
    train_version(world.project)
    client.force_login(world.requester)
    assert ask(client, world, SURE).json()["source"] == "model"
    assert LabelRequest.objects.get().audit is False


def test_a_batch_opened_later_does_not_pay_for_what_the_model_answered(client, world):
    answered = ask(client, world, SURE).json()
    world.batch.refresh_from_db()
    crowd_says(world, {"the first on offer": "good"})
    from labelling.data.add_items import add_text_item

    fresh = add_text_item(world.dataset, "fresh")
    opened(world)
    on_offer = set(BatchItem.objects.filter(batch=world.batch).values_list("item_id", flat=True))
    assert on_offer == {fresh.pk}
    assert answered["item"] not in on_offer


def test_statements_of_a_call(client, world, django_assert_num_queries):
    """Pinned: what a call costs does not creep up. Savepoints are counted too: the test runs in a transaction."""
    ask(client, world, SURE)  # the model is in memory, the data set is there
    with django_assert_num_queries(20):  # one of them: may she spend?
        ask(client, world, "I hated the bus awful 3")
    with django_assert_num_queries(28):
        ask(client, world, "plugh 5")
    with django_assert_num_queries(15):  # a repeated call, still waiting
        ask(client, world, "plugh 5")


def test_the_report_counts_days_share_latency_and_cost(noon, client, world):
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
