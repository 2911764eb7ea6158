"""A simulated crowd works as fast as a computer; what it says of its time is believed by name, and no figure of people is made of it."""

import random

import pytest

from labelling import task_types
from labelling.batches.measured import MEASURED_FROM, measured_ms
from labelling.models import Answer, Pace
from labelling.task_types.parts import checked_parts
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.mark_recorded import mark_recorded
from labelling.work.scores import scores_of
from labelling.work.work_listing import offer_of
from server.demo import from_catalogue
from server.demo.crowd import Member, work_through
from tests.worlds import answer_to, make_worker, opened, sentiment_world

pytestmark = pytest.mark.django_db
TASK_S = 12


class Simple:
    def __init__(self, world) -> None:
        self.truth = {item.pk: {"label": "good"} for item in world.items}
        self.near = self.wrong = lambda truth, rng: truth


def test_a_demo_that_loads_in_a_second_shows_no_wage_of_that_second():
    world = opened(sentiment_world(items=20, workers=3, estimated_task_s=TASK_S, min_answers=2, max_answers=3))
    crowd = [Member(worker, 1.0) for worker in world.workers]
    given = work_through(world.batch, crowd, Simple(world), until=1.0, seed=1)
    assert given >= 2 * MEASURED_FROM
    took = Answer.objects.filter(project=world.project).values_list("active_ms", flat=True)
    assert all(TASK_S * 500 <= ms <= TASK_S * 1800 for ms in took), sorted(took)
    hers = scores_of(world.workers[0])[0]
    assert hers["active_ms"] >= hers["answers"] * TASK_S * 500
    offer = offer_of(make_worker("somebody", recorded=False), world.batch)
    assert (offer["task_s"], offer["task_time_measured"]) == (TASK_S, False)
    assert offer["wage_micro_per_hour"] == world.batch.base_micro * 3600 // TASK_S
    assert measured_ms([world.project.pk]) == {}


def test_who_becomes_a_person_is_measured_by_the_wall_from_then_on():
    world = opened(sentiment_world(items=20, workers=1))
    [worker] = world.workers
    accept_answers(
        worker, [answer_to(one, {"label": "good"}, active_ms=60_000) for one in draw_work(worker, world.batch, 5)]
    )
    assert set(Answer.objects.values_list("active_ms", flat=True)) == {60_000}
    assert Pace.objects.get(worker=worker).worked_until is None
    mark_recorded([worker], recorded=False)
    [lent] = draw_work(worker, world.batch, 1)
    accept_answers(worker, [answer_to(lent, {"label": "good"}, active_ms=60_000)])
    assert Answer.objects.get(lease=lent.lease).active_ms < 60_000


@pytest.mark.parametrize("opened", from_catalogue.MAKERS, ids=lambda one: one.entry_id)
def test_what_is_opened_from_the_catalogue_is_true_there_and_a_careless_answer_is_another(opened):
    kind, rng = task_types.get(opened.entry["task_type"]), random.Random(1)
    for content, truth in opened.rows():
        parts = None if isinstance(content, str) else checked_parts(content)
        question = {
            **opened.entry,
            "labels": [one["id"] for one in opened.entry["config"].get("labels", ())],
            "parts": parts,
        }
        question["text"] = content if isinstance(content, str) else ""
        assert kind.parse(truth, question) == truth
        assert kind.parse(opened.wrong(truth, rng), question) != truth
        assert kind.is_right(kind.parse(opened.near(truth, rng), question), truth, question)
