"""Voices: who works rates a project and asks about it; its requester answers without learning who; the admins see what is bad."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from delivery import outbox
from labelling.conduct import public_figures
from labelling.conduct.appeal_ban import appeal_ban
from labelling.conduct.ban_worker import ban_worker
from labelling.conduct.lift_ban import lift_ban
from labelling.conduct.public_figures import count_figures
from labelling.models import Answer, Rating, Settlement, TaskQuestion
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger import clock
from people.models import Person
from tests.worlds import answer_to, make_worker, opened, sentiment_world, sign_in

pytestmark = pytest.mark.django_db
NO, YES = {"clear": 3, "fair": 1, "paid": 3}, {"clear": 3, "fair": 3, "paid": 3}


@pytest.fixture
def world():
    world = opened(sentiment_world(items=6, workers=4, min_answers=1, max_answers=1))
    for worker in world.workers[:3]:
        lent = draw_work(worker, world.batch, 1)
        accept_answers(worker, [answer_to(one, {"label": "good"}) for one in lent])
    while outbox.drain():
        continue
    mail.outbox.clear()
    return world


def post(person, path: str, body: dict):
    return sign_in(Client(), person).post(f"/api/v1{path}", body, content_type="application/json")


def rate(world, worker, marks=YES, words=""):
    return post(worker.person, f"/work/projects/{world.project.pk}/rating", marks | {"words": words})


def told(world, worker) -> dict:
    return sign_in(Client(), worker.person).get(f"/api/v1/work/projects/{world.project.pk}/voices").json()


def test_who_has_worked_there_rates_it_and_few_make_no_figure(world):
    first, second, third, idle = world.workers
    assert rate(world, first, NO, "They said it was good.").status_code == 200
    assert told(world, second)["figures"] is None
    rate(world, second)
    refused = rate(world, idle)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_done")
    rate(world, third)
    assert told(world, idle)["figures"] == {"raters": 3, "clear": 300, "fair": 233, "paid": 300}
    assert rate(world, first, YES).json()["mine"]["fair"] == 3, "said again, the new one stands"
    assert Rating.objects.count() == 3
    assert rate(world, first, YES | {"clear": 4}).status_code == 400


def test_the_requester_answers_and_never_learns_whose_it_is(world):
    worker, *others, _ = world.workers
    rate(world, worker, NO, "They said it was good.")
    client = sign_in(Client(), world.requester)
    for other in others:
        alone = Rating.objects.get(worker=worker)
        assert client.get(f"/api/v1/projects/{world.project.pk}/ratings").json()["results"] == []
        assert (
            "They said it was good." not in client.get(f"/console/projects/{world.project.pk}/voices/").content.decode()
        )
        assert post(world.requester, f"/ratings/{alone.pk}/reply", {"words": "Who is it?"}).status_code == 404
        rate(world, other)
    rows = client.get(f"/api/v1/projects/{world.project.pk}/ratings").json()["results"]
    assert len(rows) == 3
    [row] = [one for one in rows if one["words"]]
    assert set(row) == {"id", "clear", "fair", "paid", "words", "said_on", "reply"}
    assert row["said_on"] == clock.today().isoformat(), "the hour would tell whose it is"
    page = client.get(f"/console/projects/{world.project.pk}/voices/").content.decode()
    assert "They said it was good." in page
    assert worker.pseudonym not in page
    assert post(world.requester, f"/ratings/{row['id']}/reply", {"words": "We look."}).json()["reply"] == "We look."
    assert told(world, worker)["mine"]["reply"] == "We look."
    answered = client.post(f"/console/ratings/{row['id']}/reply/", {"words": "We mend it."})
    assert answered.status_code == 302
    assert told(world, worker)["mine"]["reply"] == "We mend it."


def test_a_question_reaches_the_requester_and_its_answer_everybody_who_does_the_work(world):
    asks, other = world.workers[:2]
    path = f"/work/projects/{world.project.pk}/questions"
    for _ in range(2):  # repeated: asked once
        assert post(asks.person, path, {"words": "What of irony?"}).status_code == 200
    while outbox.drain():
        continue
    assert [letter.to for letter in mail.outbox] == [[world.requester.email]]
    assert told(world, other)["questions"] == []
    asked = TaskQuestion.objects.get()
    post(world.requester, f"/task-questions/{asked.pk}/reply", {"words": "Count what is meant."})
    [seen] = told(world, other)["questions"]
    assert (seen["words"], seen["reply"], seen["mine"]) == ("What of irony?", "Count what is meant.", False)
    for n in range(3):
        assert post(asks.person, path, {"words": f"And {n}?"}).status_code == 200
    assert post(asks.person, path, {"words": "And more?"}).status_code == 409
    stranger = make_worker("stranger")
    assert post(stranger.person, path, {"words": "Hello?"}).json()["error"]["code"] == "not_done"


def test_what_is_rated_badly_reaches_the_admins_once_and_leaves_when_people_say_otherwise(world):
    admin = Person.objects.create_user(email="admin@example.org", is_staff=True)
    for worker, marks in zip(world.workers[:3], (NO, NO, YES), strict=True):
        rate(world, worker, marks)
    rate(world, world.workers[0], NO, "Still.")
    while outbox.drain():
        continue
    assert [letter.to for letter in mail.outbox] == [[admin.email]]
    page = lambda: sign_in(Client(), admin).get("/console/admin/voices/").content.decode()  # noqa: E731
    assert world.project.title in page()
    rate(world, world.workers[0], YES)
    assert world.project.title not in page()


def test_nobodys_pay_depends_on_it(world):
    before = sorted(Settlement.objects.values_list("answer", "base_micro", "bonus_micro", "score_bps"))
    for worker in world.workers[:3]:
        rate(world, worker, NO, "No.")
    assert sorted(Settlement.objects.values_list("answer", "base_micro", "bonus_micro", "score_bps")) == before


def test_the_public_figures_are_counted_from_the_books(world):
    found = count_figures(clock.now())
    assert (found["workers"], found["answers"], found["refused"]) == (3, 3, 0)
    assert found["wages"] is None, "recorded crowds and few people make no wage"
    assert 0 <= found["paid_s"]["median"] <= found["paid_s"]["slow"]
    assert found["appeals"] == {"decided": 0, "won": 0}
    page = Client().get("/numbers/")
    assert page.status_code == 200
    assert "too few people" in page.content.decode()
    assert Answer.objects.count() == 3


def test_the_figures_are_counted_once_in_ten_minutes_and_without_redis(world, monkeypatch):
    counted = []
    monkeypatch.setattr(public_figures, "count_figures", lambda now: counted.append(now) or count_figures(now))
    for _ in range(2):
        cache.clear()
        assert Client().get("/numbers/").status_code == 200
    assert len(counted) == 1
    later = clock.now() + timedelta(seconds=public_figures.KEPT_S + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert Client().get("/numbers/").status_code == 200
    assert len(counted) == 2


def test_an_appeal_that_nobody_answered_because_the_ban_was_lifted_is_neither_won_nor_lost(world):
    admin = Person.objects.create_user(email="admin@example.org", is_staff=True)
    week = {"reason": "lent", "sentence": "Others use it.", "until": clock.now() + timedelta(days=7), "evidence": []}
    ban = ban_worker(admin, world.workers[0], world.project, **week)
    appeal_ban(world.workers[0], ban.pk, "It was not me.")
    lift_ban(admin, ban.pk, "It was not she.")
    assert count_figures(clock.now())["appeals"] == {"decided": 0, "won": 0}
