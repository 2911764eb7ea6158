"""The page on which the questions of a form are written: by keys alone, one form, nothing kept between two presses."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from labelling import catalogue
from labelling.models import Project
from labelling.task_types.label_names import name_of
from tests.worlds import World, sentiment_world

pytestmark = pytest.mark.django_db
ENTRY = catalogue.entry("answer-rubric")
TYPE = ENTRY["task_type"]


@pytest.fixture
def world() -> World:
    return sentiment_world(items=0, task_type=TYPE, medium="text", config=ENTRY["config"])


@pytest.fixture
def client(world) -> Client:
    client = Client()
    client.force_login(world.requester)
    return client


def page_of(world: World) -> str:
    return reverse("console:question_cards", args=[world.project.pk])


def typed_in(html: str) -> dict[str, str]:
    """All that the form would send if its key were pressed now."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self):
            super().__init__()
            self.sent, self.area, self.select = {}, None, None

        def handle_starttag(self, tag, attrs):
            one = dict(attrs)
            if tag == "input" and one.get("name") and (one.get("type") != "checkbox" or "checked" in one):
                self.sent[one["name"]] = one.get("value", "on" if one.get("type") == "checkbox" else "")
            elif tag == "textarea":
                self.area = one["name"]
                self.sent[self.area] = ""
            elif tag == "select":
                self.select = one["name"]
            elif tag == "option" and ("selected" in one or self.select not in self.sent):
                self.sent[self.select] = one.get("value", "")

        def handle_data(self, data):
            if self.area:
                self.sent[self.area] += data

        def handle_endtag(self, tag):
            if tag == "textarea":
                self.sent[self.area] = self.sent[self.area].removeprefix("\n").removeprefix("\r\n")
                self.area = None

    reader = Reader()
    reader.feed(html[html.index('class="form question-cards"') :])
    return reader.sent


def titles_in(html: str) -> list[str]:
    return re.findall(r"<legend><strong>\d+\. (.*?)</strong>", html)


def test_what_stands_there_is_saved_as_it_stands(client, world):
    sent = typed_in(client.get(page_of(world)).content.decode())
    before = world.project.config
    response = client.post(page_of(world), {**sent, "do": "save"})
    assert response.status_code == 302
    after = Project.objects.get().config
    for one, was in zip(after["questions"], before["questions"], strict=True):
        assert one == was


def test_questions_are_added_moved_and_taken_out_by_keys(client, world):
    html = client.get(page_of(world)).content.decode()
    first = titles_in(html)
    html = client.post(page_of(world), {**typed_in(html), "do": "down:0"}).content.decode()
    assert titles_in(html)[:2] == first[1::-1]
    html = client.post(page_of(world), {**typed_in(html), "do": "remove:5"}).content.decode()
    html = client.post(page_of(world), {**typed_in(html), "do": "add"}).content.decode()
    assert titles_in(html) == [first[1], first[0], *first[2:5], first[6], "A new question"]
    new = {
        "q6-title_en": "Is it kind?",
        "q6-title_zu": "Inomusa?",
        "q6-labels": "Yes\nA little | Kancane",
        "q6-if_question": "clear",
    }
    new |= {"q6-if_is": "Yes", "q6-points": "Yes = 2\nA little = 1", "q6-weight": "2", "q6-veto": "A little"}
    response = client.post(page_of(world), {**typed_in(html), **new, "do": "save"})
    assert response.status_code == 302, response.content.decode()
    asked = Project.objects.get().config["questions"]
    assert [one["id"] for one in asked] == ["on_point", "harmful", "correct", "complete", "clear", "why", "is_it_kind"]
    kind = asked[-1]
    yes, little = kind["settings"]["labels"]
    assert (yes["id"], name_of(little)) == ("yes", "A little")  # the same label as in the other questions
    assert kind["show_if"] == {"question": "clear", "is": ["yes"]}
    assert kind["points"] == {"yes": 2, little["id"]: 1}
    assert (kind["weight"], kind["veto"]) == (2, [little["id"]])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"q1-title_en": "", "q1-title_zu": ""}, "must map languages to what is asked"),
        ({"q1-labels": "", "q1-points": ""}, "must be a list of 1 to 200 labels"),
        ({"q1-points": "Perhaps = 1"}, "must list labels of that question: Yes, No"),
        ({"q1-points": "Yes = much"}, "must be a whole number from 0 to 1000"),
        ({"q1-if_question": "harmful", "q1-if_is": "Perhaps"}, "must list labels of that question: Yes, No"),
    ],
)
def test_what_is_wrong_is_told_on_its_card_and_nothing_is_changed(client, world, change, says):
    sent = typed_in(client.get(page_of(world)).content.decode())
    response = client.post(page_of(world), {**sent, **change, "do": "save"})
    html = response.content.decode()
    card = html[html.index('id="card-1"') : html.index('id="card-2"')]
    assert response.status_code == 400
    assert says in card
    assert Project.objects.get().config == world.project.config
