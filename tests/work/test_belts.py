"""Skill belts: a stated formula of known tasks and agreement; they open batches, change no pay, and are not climbed by guessing."""

import math
import random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from delivery import outbox
from kernel.errors import Conflict
from labelling.access import get_open_batch_for
from labelling.models import Lease, Settlement, WorkerRecord
from labelling.models.belts import BELTS, NEEDS, Evidence, holders_of
from labelling.projects.edit_project import edit_project
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from tests.worlds import answer_to, opened, sentiment_world, sign_in

SPROUT_AT, TREE_AT = 7, 15  # known tasks, none missed: as docs/decisions/belts.md says


def wilson(right: float, n: float, z: float = 1.2815515655446004) -> float:
    """The bound as Wilson wrote it: the lower root of |share - p| = z sqrt(p (1 - p) / n), found by halving."""
    share, low, high = right / n, 0.0, right / n
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if share - middle > z * math.sqrt(middle * (1 - middle) / n) else (low, middle)
    return low


def test_the_formula_is_wilsons_bound_of_the_stated_counts():
    assert Evidence(20, 18, 0, 0).sure == pytest.approx(wilson(18, 20))
    assert Evidence(20, 18, 10, 9).sure == pytest.approx(wilson(18 + 5 * 0.9, 25))
    assert Evidence(4, 4, 1000, 1000).sure == pytest.approx(wilson(8, 8)), "agreement weighs no more than known tasks"
    assert Evidence(0, 0, 1000, 1000).belt == "seed", "without a known task agreement opens nothing"


def test_what_the_page_promises_is_what_it_takes():
    assert [Evidence(n, n).belt for n in (SPROUT_AT - 1, SPROUT_AT, TREE_AT - 1, TREE_AT)] == [
        "seed",
        "sprout",
        "sprout",
        "tree",
    ]
    for known in range(12):
        for right in range(known + 1):
            hers = Evidence(known, right, decided=5, agreed=3)
            for belt in BELTS:
                more = hers.right_needed(belt)
                assert more is not None
                assert Evidence(known + more, right + more, 5, 3).sure >= NEEDS[belt]
                assert more == 0 or Evidence(known + more - 1, right + more - 1, 5, 3).sure < NEEDS[belt]


CROWDS = [  # skill, share of her other answers that agree, a belt, and how many of such people may have it
    (0.5, 1.0, "sprout", 0.0, 0.01),  # guesses, and agrees with a ring of friends
    (0.8, 1.0, "tree", 0.0, 0.05),
    (0.95, 0.95, "sprout", 0.9, 1.0),
    (0.99, 0.97, "tree", 0.8, 1.0),
]


@pytest.mark.parametrize(("skill", "agrees", "belt", "least", "most"), CROWDS)
def test_belts_are_for_who_is_good_and_guessing_does_not_climb(skill, agrees, belt, least, most):
    """The share of 2,000 people of one skill who hold the belt after 60 known tasks and 500 others."""
    draw = random.Random(7)
    held = sum(
        Evidence(60, sum(draw.random() < skill for _ in range(60)), 500, int(500 * agrees)).sure >= NEEDS[belt]
        for _ in range(2000)
    )
    assert least <= held / 2000 <= most


@pytest.fixture
def world(db):
    world = opened(sentiment_world(items=30, workers=2, golds=4, gold_share_bps=1000, min_answers=1, max_answers=1))
    edit_project(world.requester, world.project, asks_belt="sprout")
    return world


def give(worker, world, n: int) -> None:
    WorkerRecord.objects.update_or_create(
        worker=worker, project=world.project, defaults={"gold_seen": n, "gold_right": n}
    )


def offer(worker) -> dict:
    client = Client()
    client.force_login(worker.person)
    [one] = client.get("/api/v1/work/batches").json()["results"]
    return one


def test_an_offer_that_asks_for_a_belt_is_shown_with_what_is_missing_and_lent_to_who_has_it(world):
    worker = world.workers[0]
    told = offer(worker)
    assert (told["asks_belt"], told["missing"]) == ("sprout", {"belt": "sprout", "right_needed": SPROUT_AT})
    assert told["base_micro"] == world.batch.base_micro
    client = sign_in(Client(), worker.person)
    refused = client.post("/api/v1/work/draw", {"batch": world.batch.pk, "n": 3}, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "belt")
    assert not Lease.objects.filter(worker=worker).exists()
    give(worker, world, SPROUT_AT)
    assert offer(worker)["missing"] is None
    assert draw_work(worker, get_open_batch_for(worker, world.batch.pk), 3)


def test_what_is_out_is_answered_and_paid_when_a_belt_is_asked_for_later_and_none_changes_pay(db):
    world = opened(sentiment_world(items=4, workers=2, min_answers=1, max_answers=1))
    first, second = world.workers
    give(second, world, TREE_AT)
    lent = {worker: draw_work(worker, get_open_batch_for(worker, world.batch.pk), 2) for worker in (first, second)}
    edit_project(world.requester, world.project, asks_belt="tree")
    with pytest.raises(Conflict):
        get_open_batch_for(first, world.batch.pk)
    WorkerRecord.objects.filter(worker=second).update(gold_seen=0, gold_right=0)
    for worker, leases in lent.items():
        assert {
            one.status for one in accept_answers(worker, [answer_to(one, {"label": "good"}) for one in leases])
        } == {"accepted"}
    while outbox.drain():
        continue
    paid = {
        worker: sorted(Settlement.objects.filter(worker=worker).values_list("base_micro", "bonus_micro"))
        for worker in lent
    }
    assert paid[first] == paid[second] != []


def test_the_requester_is_told_how_many_have_it_and_chooses_by_form_and_by_rest(world):
    give(world.workers[0], world, TREE_AT)
    give(world.workers[1], world, SPROUT_AT)
    assert holders_of(("choice", "text")) == {"seed": 2, "sprout": 2, "tree": 1}
    client = sign_in(Client(), world.requester)
    page = client.get(f"/console/projects/{world.project.pk}/question/").content.decode()
    assert "Now 2 people have “sprout” or more, 1 have “tree”." in page
    address = f"/api/v1/projects/{world.project.pk}"
    assert client.patch(address, {"asks_belt": "tree"}, content_type="application/json").json()["asks_belt"] == "tree"
    refused = client.patch(address, {"asks_belt": "black"}, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "asks_belt")


def test_her_scores_say_her_belt_what_it_is_made_of_and_what_raises_it(world):
    worker = world.workers[0]
    edit_project(world.requester, world.project, asks_belt="seed")
    lent = draw_work(worker, get_open_batch_for(worker, world.batch.pk), 5)
    accept_answers(worker, [answer_to(one, {"label": "good"}) for one in lent])
    while outbox.drain():
        continue
    give(worker, world, 3)
    client = Client()
    client.force_login(worker.person)
    [kind] = client.get("/api/v1/work/scores").json()["kinds"]
    assert (kind["belt"], kind["known"], kind["right"], kind["next_belt"]) == ("seed", 3, 3, "sprout")
    assert 0 < kind["right_needed"] <= SPROUT_AT - 3
    assert kind["wage_micro_per_hour"] is None, "ten seconds are no wage"


def test_a_belt_that_is_asked_for_costs_the_list_one_statement(world):
    client = sign_in(Client(), world.workers[0].person)
    counts = []
    for belt in ("seed", "tree"):
        edit_project(world.requester, world.project, asks_belt=belt)
        client.get("/api/v1/work/batches")
        with CaptureQueriesContext(connection) as seen:
            client.get("/api/v1/work/batches")
        counts.append(len(seen))
    assert counts[1] == counts[0] + 1
