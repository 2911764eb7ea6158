"""What is asked, over REST: the same verbs and the same refusals as everywhere."""

import json

import pytest
from django.urls import reverse

from labelling.models import Answer, Decision, Gold, Lease, QuestionVersion
from labelling.projects.change_labels import change_labels
from tests.work.test_question_versions import BAD, GOOD, MIXED, decided, drain, say
from tests.worlds import opened, sentiment_world

pytestmark = pytest.mark.django_db


def call(client, method: str, name: str, pk: int, body: dict | None = None, status: int = 200, query: str = ""):
    url = reverse(name, args=[pk]) + query
    reply = client.generic(method, url, json.dumps(body) if body is not None else "", content_type="application/json")
    assert reply.status_code == status, reply.content
    return reply.json() if reply.content else None


@pytest.fixture
def world(client):
    world = decided(said="bad", items=3)
    client.force_login(world.requester)
    return world


def test_a_project_is_edited_and_its_versions_are_listed(client, world):
    project = world.project.pk
    edited = call(client, "PATCH", "api-project", project, {"title": "Kind?", "target_ppm": 900_000})
    assert (edited["title"], edited["target_ppm"]) == ("Kind?", 900_000)
    assert [v["number"] for v in call(client, "GET", "api-questions", project)["results"]] == [2, 1]
    wrong = call(client, "PATCH", "api-project", project, {"gold_share_bps": 6000}, 400)
    assert wrong["error"]["field"] == "gold_share_bps"
    wrong = call(client, "PATCH", "api-project", project, {"config": {"labels": [GOOD]}}, 400)
    assert wrong["error"]["field"] == "config.labels"
    wrong = call(client, "PATCH", "api-project", project, {"task_type": "boxes"}, 400)
    assert wrong["error"]["field"] == "task_type"


def test_half_a_character_in_a_label_is_one_sentence(client, world):
    for field, wrong in (("merge", {"mixed\x00": "bad"}), ("merge", {"mixed": "\ud800"}), ("retire", ["\x00"])):
        refused = call(client, "POST", "api-labels", world.project.pk, {"labels": [GOOD, BAD], field: wrong}, 400)
        assert refused["error"]["field"] == field


def test_labels_are_merged_after_a_look_at_what_it_touches(client, world):
    body = {"labels": [GOOD, BAD], "merge": {"mixed": "bad"}}
    first = call(client, "POST", "api-labels", world.project.pk, {**body, "preview": True})
    assert first["touched"] == [{"label": "mixed", "answers": 0, "decided": 0, "golds": 0}]
    assert QuestionVersion.objects.count() == 1
    done = call(client, "POST", "api-labels", world.project.pk, body)
    assert done["question"]["number"] == 2
    assert done["question"]["changes"] == [{"id": "mixed", "what": "merged", "into": "bad"}]
    lost = call(client, "POST", "api-labels", world.project.pk, {"labels": [GOOD]}, 400)
    assert lost["error"]["field"] == "labels"


def test_items_are_asked_again_after_a_look_at_the_cost(client, world):
    cost = call(client, "POST", "api-ask-again", world.project.pk, {"label": "Bad", "preview": True})
    assert (cost["items"], cost["currency"]) == (3, "USD")
    assert Decision.objects.filter(final=True).count() == 3
    one = world.items[0].pk
    batch = call(client, "POST", "api-ask-again", world.project.pk, {"items": [one], "max_answers": 2}, 201)
    assert (batch["items_total"], batch["max_answers"], batch["state"]) == (1, 2, "open")
    again = call(client, "POST", "api-ask-again", world.project.pk, {"items": [one]}, 400)
    assert again["error"]["field"] == "items"
    neither = call(client, "POST", "api-ask-again", world.project.pk, {}, 400)
    assert neither["error"]["field"] == "items"


def test_a_label_is_put_right_and_back(client, world):
    item = world.items[0].pk
    right = call(client, "PUT", "api-item-label", item, {"value": {"label": "Mixed"}, "reason": "Both."})
    assert (right["value"], right["source"]) == ({"label": "Mixed", "label_id": "mixed"}, "reviewer")
    wrong = call(client, "PUT", "api-item-label", item, {"value": {"label": "ugly"}}, 400)
    assert wrong["error"]["field"] == "value.label"
    back = call(client, "DELETE", "api-item-label", item)
    assert (back["value"]["label_id"], back["source"]) == ("bad", "crowd")


def test_known_tasks_are_listed_with_their_misses_and_retired(client):
    world = opened(sentiment_world(items=2, workers=2, golds=1, gold_share_bps=5000))
    client.force_login(world.requester)
    for worker in world.workers:
        say(world, worker, "bad")
    [gold] = call(client, "GET", "api-golds", world.project.pk)["results"]
    missed = Answer.objects.filter(gold_right=False).count()
    assert (gold["item"], gold["asked"], gold["missed"], gold["missed_by"]) == (
        world.golds[0].pk,
        missed,
        missed,
        missed,
    )
    assert "worker" not in gold
    call(client, "DELETE", "api-item-gold", world.golds[0].pk, status=204)
    assert Gold.objects.get().retired_at is not None


def test_the_list_of_known_tasks_costs_the_same_for_many(client, django_assert_max_num_queries):
    world = sentiment_world(items=1, golds=12)
    client.force_login(world.requester)
    with django_assert_max_num_queries(6):
        call(client, "GET", "api-golds", world.project.pk)


def test_the_task_is_tried_and_nothing_is_kept(client, django_assert_max_num_queries):
    world = sentiment_world(items=2, golds=1)
    client.force_login(world.requester)
    with django_assert_max_num_queries(5):
        tried = call(client, "GET", "api-try", world.project.pk)
    assert [one["text"] for one in tried["items"]] == ["text number 0", "text number 1", "known text 0"]
    known = world.golds[0].pk
    told = call(client, "POST", "api-try", world.project.pk, {"item": known, "value": {"label": "bad"}})
    assert told["feedback"] == {"right": False, "truth": {"label": "good"}, "explanation": "It is plainly good."}
    wrong = call(client, "POST", "api-try", world.project.pk, {"item": known, "value": {"label": "ugly"}}, 400)
    assert wrong["error"]["field"] == "value.label"
    other = sentiment_world(items=1)
    call(client, "POST", "api-try", world.project.pk, {"item": other.items[0].pk, "value": {"label": "bad"}}, 404)
    assert (Lease.objects.count(), Answer.objects.count()) == (0, 0)


def test_a_phone_gets_the_question_that_its_lease_names(client):
    world = opened(sentiment_world(items=2, workers=1, config={"labels": [BAD, GOOD, MIXED]}))
    client.force_login(world.workers[0].person)
    lent = client.post(reverse("api-work-draw"), {"batch": world.batch.pk}, content_type="application/json").json()
    before = lent["leases"][0]["question"]
    change_labels(world.requester, world.project, [GOOD, BAD], retire=["mixed"])
    drain()
    now = call(client, "GET", "api-work-offer", world.batch.pk)
    assert [one["id"] for one in now["config"]["labels"]] == ["good", "bad"]
    asked = call(client, "GET", "api-work-offer", world.batch.pk, query=f"?question={before}")
    assert [one["id"] for one in asked["config"]["labels"]] == ["bad", "good", "mixed"]
    other = sentiment_world(items=1)
    call(client, "GET", "api-work-offer", world.batch.pk, status=404, query=f"?question={other.project.question_id}")
