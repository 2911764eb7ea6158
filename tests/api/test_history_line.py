"""An answer in her history is shown with what it was about: nobody appeals from memory."""

import uuid

import pytest
from django.test import Client

from labelling.models import Answer
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from tests.worlds import answer_to, opened, sentiment_world, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = opened(sentiment_world(items=3, workers=2, golds=2, gold_share_bps=5000))
    worker = world.workers[0]
    while Answer.objects.filter(gold_right=None).count() < 1 or Answer.objects.exclude(gold_right=None).count() < 1:
        accept_answers(worker, [answer_to(one, {"label": "bad"}) for one in draw_work(worker, world.batch, 2)])
    return world


def line(worker, answer_id):
    return sign_in(Client(), worker.person).get(f"/api/v1/work/history/{answer_id}")


def test_it_has_the_text_her_answer_and_the_right_one_where_she_was_told(world):
    worker = world.workers[0]
    known = Answer.objects.filter(gold_right=False).first()
    told = line(worker, known.pk).json()
    assert told["item"]["text"].startswith("known text")
    assert (told["value"], told["truth"]) == ({"label": "bad"}, {"label": "good"})
    assert told["explanation"] == "It is plainly good."
    assert [label["id"] for label in told["config"]["labels"]] == [
        label["id"] for label in world.project.config["labels"]
    ]
    plain = line(worker, Answer.objects.filter(gold_right=None).first().pk).json()
    assert plain["item"]["text"].startswith("text number")
    assert not {"truth", "explanation"} & set(plain), "of other work nothing is known that she may be told"


def test_it_is_hers_alone(world):
    answer = Answer.objects.first()
    assert line(world.workers[1], answer.pk).status_code == 404
    assert line(world.workers[0], uuid.uuid4()).status_code == 404
