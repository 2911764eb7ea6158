"""Who did it, that nothing was taken, which rows were refused in which order, and which field was wrong: told, never guessed."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from labelling.gold.set_gold import set_gold
from labelling.models import Batch, Project
from people.models import Person
from tests.formats.worlds import file, new_dataset, owner, upload_one
from tests.worlds import sentiment_world, sign_in

pytestmark = pytest.mark.django_db


def test_the_audit_log_says_who_made_an_answer_known():
    world = sentiment_world(items=1)
    set_gold(world.requester, world.items[0], {"label": "bad"})
    admin = Person.objects.create_user(email="admin@example.org", is_staff=True)
    page = sign_in(Client(), admin).get(reverse("console:admin_audit"), {"action": "gold.set"})
    rows = re.findall(r"<tr>.*?</tr>", page.content.decode(), re.DOTALL)
    assert [str(world.requester) in row for row in rows if "gold.set" in row] == [True]


def test_an_upload_of_which_nothing_was_taken_is_not_done_and_its_rows_stand_in_their_order():
    dataset = new_dataset("image")
    made = upload_one(dataset, *(file(f"{name}.png", name.encode() + b"\x00" * 60) for name in "abc"))
    assert (made.rows_added, made.rows_refused) == (0, 3)
    page = sign_in(Client(), owner(dataset)).get(reverse("console:upload", args=[made.pk])).content.decode()
    assert "nothing taken" in page
    refused = page[page.rindex("a.png") :]
    assert refused.index("b.png") < refused.index("c.png")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"config": {"labels": ["A", "B"], "multiple": True}}, "config.multiple"),
        ({"config": {"labels": ["A", " "]}}, "config.labels[1].name"),
        ({"config": {"labels": ["A", "A"]}}, "config.labels[1].name"),
        ({"title": "  "}, "title"),
    ],
)
def test_what_a_project_does_not_know_is_refused_by_its_name(changed, field):
    world = sentiment_world(items=1)
    body = {
        "organisation": world.organisation.pk, "title": "t", "task_type": "choice", "medium": "text",
        "config": {"labels": ["A", "B"]}, **changed,
    }  # fmt: skip
    reply = sign_in(Client(), world.requester).post(reverse("api-projects"), body, "application/json")
    assert reply.status_code == 400, reply.content
    assert reply.json()["error"]["field"].startswith(field.split("[")[0]), reply.json()
    assert Project.objects.count() == 1


def test_a_word_is_no_truth_value():
    world = sentiment_world(items=1)
    body = {"name": "b", "base_micro": 10_000, "keep_open": "yes"}
    url = reverse("api-batches", args=[world.project.pk])
    reply = sign_in(Client(), world.requester).post(url, body, "application/json")
    assert (reply.status_code, reply.json()["error"]["field"]) == (400, "keep_open")
    assert Batch.objects.count() == 0


def test_a_filter_that_a_list_does_not_know_is_refused_by_its_name():
    world = sentiment_world(items=1)
    reply = sign_in(Client(), world.requester).get(reverse("api-items", args=[world.project.pk]), {"colour": "red"})
    assert (reply.status_code, reply.json()["error"]["field"]) == (400, "colour")
