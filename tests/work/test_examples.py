"""Before her first task she is shown how it is done: two examples that are right, drawn or written, in her language."""

import re
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from django.test import Client

from labelling import catalogue, task_types
from labelling.models import Project
from labelling.projects.create_project import check_project, completed_settings, create_project
from labelling.projects.examples import _in_language, examples_of
from labelling.task_types.parts import KINDS, check_asked, check_expected, checked_parts
from labelling.task_types.questions import question_of
from tests.worlds import opened, sentiment_world, sign_in

ENTRIES = {entry["id"]: entry for entry in catalogue.entries()}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_every_entry_has_two_examples_that_its_own_task_type_takes(entry):
    assert len(entry["examples"]) == 2
    for one in entry["examples"]:
        picture = one.get("picture", {})
        assert bool(picture) == (entry["medium"] == "image")
        assert bool(one.get("parts")) == (entry["medium"] == "parts")
        given = [bool(one.get("text")), bool(picture), bool(one.get("parts"))]
        assert sum(given) == 1, "a text to read, what is heard in words, a picture, or parts"
        for language in ("en", "zu") if "parts" in one else ():
            parts = checked_parts(_in_language(one["parts"], language))
            check_asked(parts, task_types.get(entry["task_type"]).asked)
            many = {role: rule | {"kinds": list(KINDS)} for role, rule in entry.get("expects", {}).items()}
            check_expected(parts, many)  # an example says in words what a picture would show
        question = question_of(
            entry["config"],
            {"parts": checked_parts(_in_language(one["parts"], "en"))}
            if "parts" in one
            else {"text": one.get("text", "")},
            width_px=picture.get("width_px") or one.get("width_px"),
            height_px=picture.get("height_px") or one.get("height_px"),
            duration_ms=one.get("duration_ms"),
        )
        assert task_types.get(entry["task_type"]).parse(one["value"], question) == one["value"]
        assert set(one["why"]) == {"en", "zu"}
        if picture:
            drawing = ElementTree.fromstring(picture["svg"])
            assert drawing.get("viewBox") == f"0 0 {picture['width_px']} {picture['height_px']}"
            assert len(picture["svg"]) < 1500, "it goes to every phone"
            assert not re.search(r"script|href|\son\w+=", picture["svg"])
    assert entry["examples"][0]["value"] != entry["examples"][1]["value"]


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_every_entry_opens_as_a_project(entry):
    names = ("task_type", "medium", "instructions", "min_answers", "max_answers", "estimated_task_s", "target_ppm")
    config = completed_settings(entry["task_type"], entry["config"])
    assert config == entry["config"], "what a project asks stands in its entry, whole"
    made = Project(title=entry["title"]["en"], config=config, expects=entry.get("expects", {}))
    for name in names:
        setattr(made, name, entry[name])
    check_project(made)


@pytest.mark.django_db
def test_the_offer_in_full_brings_them_in_her_language():
    world = opened(
        sentiment_world(medium="audio", catalogue_entry="sound-event", config=ENTRIES["sound-event"]["config"], items=1)
    )
    person = world.workers[0].person
    person.language = "zu"
    person.save()
    client = sign_in(Client(), person)
    offer = client.get(f"/api/v1/work/batches/{world.batch.pk}").json()
    assert [one["value"]["label"] for one in offer["examples"]] == ["animal", "speech"]
    assert offer["examples"][0]["text"].startswith("Uzwa inja")
    [row] = client.get("/api/v1/work/batches").json()["results"]
    assert "examples" not in row, "a list is read often"


@pytest.mark.django_db
@pytest.mark.parametrize("labels", [["left", "right"], ["animal", "person"]])
def test_examples_of_another_question_are_not_shown(labels):
    """A hut is no object of the catalogue's list; where huts are asked for, that example would teach the contrary."""
    world = sentiment_world(items=1)
    entry = ENTRIES["image-classification"]
    own = {"labels": [{"id": label, "name": {"en": label}} for label in labels]}
    shown = [
        examples_of(
            create_project(
                world.requester, world.organisation, title="t", task_type="choice", medium="image", config=config,
                catalogue_entry="image-classification",
            ),
            "en",
        )
        for config in (own, entry["config"])
    ]  # fmt: skip
    assert shown[0] == []
    pictures = [unquote(one["picture"]["url"]) for one in shown[1]]
    assert pictures == ["data:image/svg+xml," + one["picture"]["svg"] for one in entry["examples"]]
