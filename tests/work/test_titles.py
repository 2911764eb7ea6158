"""The requester writes a project's title in several languages; a worker reads hers, or else the first one."""

import pytest
from django.core import mail
from django.test import Client

from kernel.errors import DomainError
from labelling.conduct.notifications import MESSAGES
from labelling.projects.edit_project import edit_project
from people.telling import tell
from tests.worlds import opened, sentiment_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = opened(sentiment_world(items=2, workers=1))
    edit_project(world.requester, world.project, titles={"zu": "Kuhle noma kubi"})
    return world


def offered(world, language: str) -> str:
    person = world.workers[0].person
    person.language = language
    person.save(update_fields=["language"])
    client = Client()
    client.force_login(person)
    [offer] = client.get("/api/v1/work/batches").json()["results"]
    assert client.get(f"/api/v1/work/batches/{world.batch.pk}").json()["title"] == offer["title"]
    return offer["title"]


def test_a_worker_reads_it_in_her_language_or_else_the_first(world):
    assert offered(world, "zu") == "Kuhle noma kubi"
    assert offered(world, "en") == offered(world, "sw") == "Good or bad"


def test_a_message_names_the_project_as_she_knows_it(world):
    person = world.workers[0].person
    person.language = "zu"
    tell(person, MESSAGES["won"], where=world.project.title_in(person.language), link="x")
    assert "ku-Kuhle noma kubi:" in mail.outbox[0].body


@pytest.mark.parametrize("titles", ["Kuhle", {"zu": "x" * 121}, {"zu": 3}, {"xx": "A"}, {"zu": "a\x00"}, ["zu"]])
def test_what_is_no_title_is_refused(world, titles):
    with pytest.raises(DomainError) as refused:
        edit_project(world.requester, world.project, titles=titles)
    assert refused.value.field.startswith("titles")


def test_over_rest_and_in_the_console(world):
    client = Client()
    client.force_login(world.requester)
    url = f"/api/v1/projects/{world.project.pk}"
    reply = client.patch(url, {"titles": {"zu": "Okuhle"}}, "application/json")
    assert reply.json()["titles"] == {"zu": "Okuhle"}
    page = client.get(f"/console/projects/{world.project.pk}/question/").content.decode()
    assert 'value="Okuhle"' in page
