"""The thread of a project: who does its work and who asks speak in the open; who is banned reads; what is reported reaches a person."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from delivery import outbox
from labelling.conduct.ban_worker import ban_worker
from labelling.conduct.talk import MOST, WITHIN
from labelling.models import Post
from labelling.work.draw_work import draw_work
from ledger import clock
from people.models import Person
from tests.worlds import opened, sentiment_world, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = opened(sentiment_world(items=6, workers=3, min_answers=1, max_answers=1))
    for worker in world.workers[:2]:
        draw_work(worker, world.batch, 1)
    return world


def post(person, path: str, words: str | None = None):
    body = {} if words is None else {"words": words}
    return sign_in(Client(), person).post(f"/api/v1{path}", body, content_type="application/json")


def say(world, worker, words: str):
    return post(worker.person, f"/work/projects/{world.project.pk}/thread", words)


def read(person, path: str) -> list[dict]:
    return sign_in(Client(), person).get(f"/api/v1{path}").json()["results"]


def test_workers_and_the_requester_speak_and_all_read_the_newest_first(world):
    first, second, idle = world.workers
    assert say(world, first, "Is irony bad or good?").status_code == 201
    assert say(world, second, "I take it as it is meant.").status_code == 201
    assert post(world.requester, f"/projects/{world.project.pk}/thread", "So do.").status_code == 201
    rows = read(second.person, f"/work/projects/{world.project.pk}/thread")
    assert [(row["by"], row["is_requester"], row["mine"]) for row in rows] == [
        (world.organisation.name, True, False),
        (second.pseudonym, False, True),
        (first.pseudonym, False, False),
    ]
    assert first.person.email not in str(rows)
    assert len(read(world.requester, f"/projects/{world.project.pk}/thread")) == 3
    refused = say(world, idle, "Hello.")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_done")
    assert len(read(idle.person, f"/work/projects/{world.project.pk}/thread")) == 3, "who looks at an offer may read"
    page = sign_in(Client(), world.requester).get(f"/console/projects/{world.project.pk}/thread/").content.decode()
    assert "Is irony bad or good?" in page


@pytest.mark.parametrize(
    "words",
    [
        "See https://evil.example/x",
        "write to me: a@b",
        "www.evil",
        "go to earn-more.com now",
        "WhatsApp +27 82 123 4567",
    ],
)
def test_nothing_leads_outside(world, words):
    refused = say(world, world.workers[0], words)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "leads_out")
    assert say(world, world.workers[0], "I did 120 of them today, e.g. the long ones.").status_code == 201


def test_said_twice_it_stands_once_and_who_floods_waits(world):
    worker = world.workers[0]
    assert say(world, worker, "Same.").json()["id"] == say(world, worker, "Same.").json()["id"]
    for n in range(MOST - 1):
        assert say(world, worker, f"And {n}.").status_code == 201
    refused = say(world, worker, "And more.")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "too_often")
    Post.objects.update(said_at=clock.now() - WITHIN - timedelta(seconds=1))
    assert say(world, worker, "And more.").status_code == 201


def test_who_is_banned_reads_on_and_does_not_speak(world):
    admin, worker = Person.objects.create_user(email="admin@example.org", is_staff=True), world.workers[0]
    say(world, world.workers[1], "Good morning.")
    week = {"reason": "misuse", "sentence": "She insulted others.", "until": clock.now() + timedelta(days=7)}
    ban_worker(admin, worker, world.project, evidence=[], **week)
    assert say(world, worker, "I am back.").json()["error"]["code"] == "banned"
    assert len(read(worker.person, f"/work/projects/{world.project.pk}/thread")) == 1


def test_a_report_reaches_a_person_who_takes_it_down_or_lets_it_stand(world):
    admin = Person.objects.create_user(email="admin@example.org", is_staff=True)
    first, second, _ = world.workers
    rude, fine = (say(world, first, words).json()["id"] for words in ("You are all stupid.", "Well done."))
    while outbox.drain():
        continue
    mail.outbox.clear()
    for reporter in (second, second, first):
        assert post(reporter.person, f"/work/posts/{rude}/report").status_code == 200
    assert post(world.requester, f"/posts/{fine}/report").status_code == 200
    while outbox.drain():
        continue
    assert {letter.to[0] for letter in mail.outbox} == {admin.email}
    assert len(read(second.person, f"/work/projects/{world.project.pk}/thread")) == 2, "a report takes nothing down"
    client = sign_in(Client(), admin)
    assert "You are all stupid." in client.get("/console/admin/posts/").content.decode()
    client.post(f"/console/admin/posts/{rude}/", {"act": "take_down"})
    client.post(f"/console/admin/posts/{fine}/", {"act": "keep"})
    assert [row["id"] for row in read(second.person, f"/work/projects/{world.project.pk}/thread")] == [fine]
    assert post(second.person, f"/work/posts/{rude}/report").status_code == 404
    assert "Nobody waits" in client.get("/console/admin/posts/").content.decode()
    assert sign_in(Client(), world.requester).get("/console/admin/posts/").status_code == 403
