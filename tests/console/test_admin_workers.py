"""Who is good: the confusion matrix is the learned one, and every number leads in one click to the answers that it counts."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from consensus.app.actions.refresh_skills import refresh_skills
from consensus.app.models import Skill
from delivery import outbox
from labelling.models import Answer, WorkerRecord
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from people.models import Person
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'<dt>(?P<name>[^<]+)</dt><dd><a href="(?P<url>[^"]+)">(?P<value>[\d /]+)</a>')


@pytest.fixture
def world(client):
    """Two good workers, and one who says good whatever it is."""
    fields = {"items": 40, "golds": 4, "gold_share_bps": 1000, "min_answers": 3, "target_ppm": 600_000}
    world = opened(sentiment_world(**fields))
    truth = {item.pk: ("good", "bad")[n % 2] for n, item in enumerate(world.items)}
    for number, worker in enumerate(world.workers):
        while lent := draw_work(worker, world.batch, 20):
            said = ["good" if number == 2 else truth.get(one.item_id, "good") for one in lent]
            answers = [answer_to(one, {"label": label}) for one, label in zip(lent, said, strict=True)]
            accept_answers(worker, answers)
    outbox.drain()
    refresh_skills(world.project.pk)
    client.force_login(Person.objects.create_user(email="admin@example.org", is_staff=True, is_superuser=True))
    return world


def page_of(client, worker) -> str:
    return client.get(reverse("console:admin_worker", args=[worker.pk])).content.decode()


def matrix_on(page: str) -> list[list[int]]:
    table = re.search(r'<table class="matrix">.*?</table>', page, re.DOTALL)[0]
    return [[int(cell) for cell in re.findall(r"<td[^>]*>(\d+)</td>", row)] for row in table.split("<tr>")[2:]]


def test_the_matrix_is_the_learned_one(client, world):
    for worker in world.workers:
        skill = Skill.objects.get(project=world.project, worker=worker)
        shown = matrix_on(page_of(client, worker))
        assert shown == [[round(ppm / 10_000) for ppm in row] for row in skill.summary["confusion_ppm"]]
        assert all(99 <= sum(row) <= 101 for row in shown)
    bad, good = skill.tables["labels"].index("bad"), skill.tables["labels"].index("good")
    assert shown[bad][good] > 80  # what is bad she calls good
    assert shown[good][good] > 80
    assert matrix_on(page_of(client, world.workers[0]))[bad][bad] > 80
    assert 'class="miss"' in page_of(client, world.workers[2])
    assert 'class="miss"' not in page_of(client, world.workers[0])


def test_each_number_leads_to_the_answers_that_it_counts(client, world):
    clicker = world.workers[2]
    record = WorkerRecord.objects.get(worker=clicker)
    figures = {found["name"]: found for found in FIGURE.finditer(page_of(client, clicker))}
    mine = Answer.objects.filter(worker=clicker)
    counted = {
        "Answers": (str(record.answers), mine.count()),
        "Known items right": (
            f"{record.gold_right} / {record.gold_seen}",
            mine.filter(gold_right__isnull=False).count(),
        ),
        "Agrees": (f"{record.agreed} / {record.decided}", mine.filter(settlement__agreed=False).count()),
    }
    assert record.decided - record.agreed == mine.filter(settlement__agreed=False).count() >= 15
    for name, (value, answers) in counted.items():
        assert figures[name]["value"] == value
        assert answers_behind(client, figures[name]["url"]) == answers


def answers_behind(client, url: str) -> int:
    """On all pages."""
    path, total, url = url.split("?")[0], 0, url.replace("&amp;", "&")
    while url:
        page = client.get(url).content.decode()
        total += page.count('<article class="answer')
        older = re.search(r'<a href="([^"]+)" rel="next"', page)
        url = path + older[1].replace("&amp;", "&") if older else ""
    return total
