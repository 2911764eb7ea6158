"""While an appeal waits its miss takes no belt away; and who appeals against everything climbs no higher than she stood before."""

import pytest

from delivery import outbox
from labelling.gold.appeal_gold import appeal_gold
from labelling.gold.decide_gold_appeal import decide_gold_appeal
from labelling.models import Answer, Settlement
from labelling.models.belts import Evidence, evidence_of
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.scores import kinds_of
from people.models import Person
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db
KIND = ("choice", "text")


@pytest.fixture
def world():
    return opened(sentiment_world(items=80, workers=2, golds=14, gold_share_bps=5000))


def known_tasks(world, worker, n: int) -> list:
    """So many known tasks, on loan to her."""
    golds, found = {item.pk for item in world.golds}, []
    while len(found) < n:
        found += [one for one in draw_work(worker, world.batch, 10) if one.item_id in golds]
    return found[:n]


def say(worker, lent: list, label: str) -> None:
    for one in lent:
        accept_answers(worker, [answer_to(one, {"label": label})])
        while outbox.drain():
            continue


def appeal_against_all(worker) -> list[Answer]:
    missed = list(Answer.objects.filter(worker=worker, gold_right=False, settlement__taught=False))
    for answer in missed:
        appeal_gold(worker, answer.pk)
    return missed


def belt(worker) -> str:
    return evidence_of(worker)[KIND].belt


def test_an_open_appeal_keeps_the_belt_that_she_had_and_a_lost_one_takes_it_back(world):
    worker = world.workers[0]
    lent = known_tasks(world, worker, 12)
    say(worker, lent[:9], "good")
    assert belt(worker) == "sprout"
    say(worker, lent[9:], "bad")
    assert belt(worker) == "seed", "one miss taught, two count"
    bonuses = list(Settlement.objects.order_by("pk").values_list("bonus_micro", "counts"))
    missed = appeal_against_all(worker)
    assert (len(missed), belt(worker)) == (2, "sprout")
    [row] = kinds_of(worker)
    assert (row["belt"], row["waiting"], row["known"], row["right"]) == ("sprout", 2, 11, 9)
    assert list(Settlement.objects.order_by("pk").values_list("bonus_micro", "counts")) == bonuses, "no money has moved"
    reviewer = Person.objects.create_user(email="reviewer@example.org", is_reviewer=True)
    decide_gold_appeal(reviewer, missed[0].pk, "lost", "It is plainly good.")
    assert belt(worker) == "seed"


def test_who_appeals_against_everything_gets_no_belt_that_she_had_not(world):
    worker = world.workers[1]
    lent = known_tasks(world, worker, 12)
    say(worker, lent[:6], "good")
    say(worker, lent[6:9], "bad")
    say(worker, lent[9:], "good")
    assert belt(worker) == "seed"
    assert len(appeal_against_all(worker)) == 2
    assert Evidence(9, 9).belt == "sprout", "without her misses it would be hers"
    assert belt(worker) == "seed"


def test_a_miss_in_question_gives_nothing_and_takes_nothing():
    honest = Evidence(20, 18, waiting=2, sure_before=Evidence(16, 16).sure)
    assert Evidence(20, 18).belt == "seed"
    assert honest.standing == Evidence(16, 16).sure < Evidence(18, 18).sure
    assert honest.right_needed(honest.belt) == 0
    assert Evidence(20, 18, waiting=2, sure_before=0.1).standing == Evidence(20, 18).sure
