"""The exam of a project: known tasks that say who may do its work, told at the end, paid out of an escrow of its own, in no count."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from delivery import outbox
from kernel.errors import Conflict, DomainError
from labelling.access import get_open_batch_for
from labelling.batches.close_batch import close_batch
from labelling.batches.escrow import cost_of_answer_micro
from labelling.batches.exam_length import LONGEST, least_tasks, needed, passes, passes_by_chance
from labelling.batches.open_exam import open_exam
from labelling.batches.open_training import open_training
from labelling.data.add_items import add_text_item
from labelling.gold.appeal_gold import appeal_gold
from labelling.gold.decide_gold_appeal import decide_gold_appeal
from labelling.gold.end_gold_appeals import end_gold_appeals
from labelling.gold.retire_gold import retire_gold
from labelling.gold.set_gold import set_gold
from labelling.models import Answer, Gold, GoldAppeal, Lease, Settlement, Sitting, WorkerRecord
from labelling.models.bans import ANSWER_WITHIN
from labelling.projects.edit_project import edit_project
from labelling.tasks import refund_closed_batches
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.expire_leases import end_over, grace
from labelling.work.return_lease import skip_lease
from labelling.work.sit_exam import sit_again
from ledger import clock
from ledger.factories import available_of, escrow_of, funds_of
from ledger.reading import balance
from people.models import Membership, Person
from rewards.models import Score
from tests.worlds import World, answer_to, opened, sentiment_world, sign_in

pytestmark = pytest.mark.django_db
TASKS, SEATS = 14, 2  # of two labels: the shortest that a guesser passes once in a hundred at most
ENOUGH = needed(TASKS)


@pytest.fixture
def world() -> World:
    world = opened(sentiment_world(items=20, workers=3, gold_share_bps=0, min_answers=1, max_answers=1))
    add_known(world, 2 * TASKS)
    return world


def add_known(world: World, n: int) -> None:
    """Texts that are good and bad in turn."""
    for i in range(n):
        item = add_text_item(world.dataset, f"exam text {i} of {world.project.pk}")
        set_gold(world.requester, item, {"label": ("good", "bad")[i % 2]}, "It says so.")


def sit(worker, batch, *, right: int = TASKS, n: int = 50) -> list:
    """She answers what her sitting lends, so many of them right."""
    lent = draw_work(worker, get_open_batch_for(worker, batch.pk), n)
    return answer(worker, lent, right)


def answer(worker, lent, right: int) -> list:
    truth = dict(Gold.objects.filter(item__in=[one.item_id for one in lent]).values_list("item", "truth"))
    other = {"good": "bad", "bad": "good"}
    labels = [truth[one.item_id]["label"] for one in lent]
    said = [label if i < right else other[label] for i, label in enumerate(labels)]
    results = accept_answers(worker, [answer_to(one, {"label": label}) for one, label in zip(lent, said, strict=True)])
    while outbox.drain():
        continue
    return results


def told(worker, batch) -> dict:
    client = Client()
    client.force_login(worker.person)
    return client.get(f"/api/v1/work/exams/{batch.pk}").json()


def may_draw(worker, world) -> bool:
    client = sign_in(Client(), worker.person)
    drawn = client.post("/api/v1/work/draw", {"batch": world.batch.pk, "n": 1}, content_type="application/json")
    assert drawn.status_code == 200 or drawn.json()["error"]["code"] == "exam", drawn.content
    return drawn.status_code == 200


# --- how long it is ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("labels", range(2, 12))
def test_who_guesses_passes_at_most_once_in_a_hundred_and_no_shorter_exam_says_so(labels):
    truths = [i % labels for i in range(2 * LONGEST)]
    tasks = least_tasks(truths, 1 / labels)
    by_chance = sum(  # the same sum, over all ways to answer, without the closed form
        share for right, share in enumerate(_distribution(tasks, 1 / labels)) if passes(right, tasks)
    )
    assert by_chance == pytest.approx(passes_by_chance(tasks, 1 / labels))
    assert by_chance <= 0.01
    assert tasks == 8 or passes_by_chance(tasks - 1, max(1 / labels, 1 / labels)) > 0.01


def _distribution(n: int, p: float) -> list[float]:
    shares = [1.0]
    for _ in range(n):
        shares = [
            (shares[k] if k < len(shares) else 0) * (1 - p) + (shares[k - 1] * p if k else 0)
            for k in range(len(shares) + 1)
        ]
    return shares


def test_who_always_says_the_commonest_answer_is_a_guesser_too():
    even, odd = [0, 1] * 50, ([0] * 7 + [1] * 3) * 10
    assert least_tasks(even, 0.5) == TASKS
    assert least_tasks(odd[:60], 0.5) is None, "seven of ten have one answer: fifty tasks are too few"
    assert least_tasks([0] * 100, 0.0) is None
    assert least_tasks(list(range(100)), 0.0) == 8, "outlines: nobody draws one blindly"


# --- opening it ----------------------------------------------------------------------------------------------------------


def test_it_is_funded_for_two_sittings_each_to_the_micro_unit_and_what_nobody_used_comes_back(world):
    before = balance(funds_of(world.organisation.pk), "USD")
    batch = open_exam(world.requester, world.project, seats=SEATS)
    cost = cost_of_answer_micro(batch.base_micro, 0, batch.fee_bps)
    assert (batch.exam_tasks, batch.exam_seats) == (TASKS, SEATS)
    assert balance(escrow_of(batch.pk), "USD") == SEATS * 2 * TASKS * cost
    worker = world.workers[0]
    sit(worker, batch, right=0)
    sit_again(worker, batch)
    sit(worker, batch)
    assert balance(available_of(worker.pk), "USD") == 2 * TASKS * batch.base_micro
    close_batch(world.requester, batch)
    refund_closed_batches()
    assert balance(funds_of(world.organisation.pk), "USD") == before - 2 * TASKS * cost
    assert balance(escrow_of(batch.pk), "USD") == 0


def test_known_tasks_for_one_sitting_are_escrowed_once(db):
    world = sentiment_world(items=1, workers=1)
    add_known(world, TASKS)
    batch = open_exam(world.requester, world.project, seats=3)
    cost = cost_of_answer_micro(batch.base_micro, 0, batch.fee_bps)
    assert balance(escrow_of(batch.pk), "USD") == 3 * TASKS * cost


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"seats": 0}, "seats must be"),
        ({"tasks": TASKS - 1}, "tasks must be from 14 to 28"),
        ({"base_micro": 1}, "below the floor"),
        ({"seats": 10_000, "base_micro": 1_000_000}, "are missing: deposit"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_has_happened(world, said, sentence):
    before = balance(funds_of(world.organisation.pk), "USD")
    with pytest.raises(DomainError, match=sentence):
        open_exam(world.requester, world.project, **{"seats": 2, **said})
    assert balance(funds_of(world.organisation.pk), "USD") == before
    assert not Gold.objects.filter(exam=True).exists()
    world.project.refresh_from_db()
    assert not world.project.asks_exam


def test_known_tasks_that_are_all_alike_make_no_exam(db):
    world = sentiment_world(items=1, workers=1, golds=30)
    with pytest.raises(DomainError, match="nobody passes by guessing: there are 30"):
        open_exam(world.requester, world.project, seats=1)


def test_an_example_of_a_training_is_no_task_of_an_exam_nor_the_other_way_round(world):
    add_known_for_training = 8
    for i in range(add_known_for_training):
        set_gold(world.requester, add_text_item(world.dataset, f"lesson {i}"), {"label": "good"}, "So it is.")
    exam = open_exam(world.requester, world.project, seats=1)
    training = open_training(world.requester, world.project, seats=1, examples=8)
    worker = world.workers[0]
    lessons = draw_work(worker, get_open_batch_for(worker, training.pk), 50)
    assert not Gold.objects.filter(item__in=[one.item_id for one in lessons], exam=True).exists()
    accept_answers(worker, [answer_to(one, {"label": "good"}) for one in lessons])
    asked = draw_work(worker, get_open_batch_for(worker, exam.pk), 50)
    assert len(asked) == TASKS
    assert not {one.item_id for one in asked} & {one.item_id for one in lessons}


# --- sitting it ----------------------------------------------------------------------------------------------------------


def test_who_passes_draws_the_work_and_who_has_not_sat_is_told_what_it_asks_and_pays(world):
    batch = open_exam(world.requester, world.project, seats=SEATS)
    worker = world.workers[0]
    client = sign_in(Client(), worker.person)
    offers = {one["batch"]: one for one in client.get("/api/v1/work/batches").json()["results"]}
    asked = {"batch": batch.pk, "tasks": TASKS, "base_micro": batch.base_micro}
    assert offers[world.batch.pk]["exam_missing"] == asked
    assert (offers[batch.pk]["exam_tasks"], offers[batch.pk]["open_items"]) == (TASKS, TASKS)
    assert not may_draw(worker, world)
    assert not Lease.objects.filter(worker=worker).exists()
    results = sit(worker, batch, right=ENOUGH)
    assert {one.status for one in results} == {"accepted"}
    [sitting] = told(worker, batch)["sittings"]
    assert (sitting["right"], sitting["counted"], sitting["passed"]) == (ENOUGH, TASKS, True)
    assert may_draw(worker, world)
    offers = {one["batch"]: one for one in client.get("/api/v1/work/batches").json()["results"]}
    assert offers[world.batch.pk]["exam_missing"] is None
    assert batch.pk not in offers
    assert not may_draw(world.workers[1], world)


def test_nothing_is_told_before_the_end_by_no_door(world):
    batch = open_exam(world.requester, world.project, seats=SEATS)
    worker = world.workers[0]
    results = sit(worker, batch, right=2, n=4)
    assert [one.feedback for one in results] == [None] * 4
    client = sign_in(Client(), worker.person)
    lines = client.get("/api/v1/work/history").json()["results"]
    assert {(line["gold_right"], line["may_appeal"]) for line in lines} == {(None, False)}
    assert "truth" not in client.get(f"/api/v1/work/history/{lines[0]['answer']}").json()
    now = told(worker, batch)
    assert (now["sittings"][0]["right"], now["missed"]) == (None, [])
    news = client.get("/api/v1/work/news", {"since": "2020-01-01T00:00:00Z"}).json()
    assert (news["settled"], news["confirmed"]) == (4, 0)
    assert Score.objects.get(worker=worker).points % 4 == 0, "right and wrong bring the same"
    right, missed = (Answer.objects.filter(worker=worker, gold_right=said).first() for said in (True, False))
    for one in (right, missed):
        with pytest.raises(Conflict, match="in the middle"):
            appeal_gold(worker, one.pk)
    sit(worker, batch, right=0)
    lines = client.get("/api/v1/work/history").json()["results"]
    assert {line["gold_right"] for line in lines} == {True, False}
    assert len(told(worker, batch)["missed"]) == TASKS - 2
    assert client.get(f"/api/v1/work/history/{missed.pk}").json()["explanation"] == "It says so."


def test_nothing_of_it_counts(world):
    batch = open_exam(world.requester, world.project, seats=SEATS)
    worker = world.workers[0]
    sit(worker, batch, right=3)
    record = WorkerRecord.objects.get(worker=worker)
    assert (record.gold_seen, record.gold_right, record.decided, record.taught) == (0, 0, 0, False)
    assert set(Settlement.objects.filter(worker=worker).values_list("taught", "bonus_micro")) == {(True, 0)}


def test_who_failed_sits_once_more_with_tasks_that_she_has_not_met_and_not_a_third_time(world):
    batch = open_exam(world.requester, world.project, seats=SEATS)
    worker = world.workers[0]
    sit(worker, batch, right=ENOUGH - 1)
    assert (told(worker, batch)["passed"], told(worker, batch)["may_retry"]) == (False, True)
    assert not may_draw(worker, world)
    with pytest.raises(Conflict, match="This sitting is over"):
        draw_work(worker, get_open_batch_for(worker, batch.pk), 5)
    first = set(Answer.objects.filter(worker=worker).values_list("item", flat=True))
    client = sign_in(Client(), worker.person)
    assert client.post(f"/api/v1/work/exams/{batch.pk}/again", content_type="application/json").status_code == 200
    assert client.post(f"/api/v1/work/exams/{batch.pk}/again", content_type="application/json").status_code == 200, (
        "safe to repeat"
    )
    sit(worker, batch, right=ENOUGH - 1)
    assert Answer.objects.filter(worker=worker).exclude(item__in=first).count() == TASKS
    after = told(worker, batch)
    assert [one["right"] for one in after["sittings"]] == [ENOUGH - 1] * 2
    assert (after["passed"], after["may_retry"], after["why_not"][:29]) == (
        False,
        False,
        "You have sat this exam twice:",
    )
    refused = client.post(f"/api/v1/work/exams/{batch.pk}/again", content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "no_retry")
    assert Sitting.objects.filter(worker=worker).count() == 2


def test_a_retry_passes_and_one_is_refused_in_the_middle_and_after_passing(world):
    batch = open_exam(world.requester, world.project, seats=SEATS)
    worker = world.workers[0]
    sit(worker, batch, right=0, n=5)
    with pytest.raises(Conflict, match="finish it first"):
        sit_again(worker, batch)
    sit(worker, batch, right=0)
    sit_again(worker, batch)
    sit(worker, batch, right=TASKS)
    assert told(worker, batch)["passed"]
    with pytest.raises(Conflict, match="You have passed"):
        sit_again(worker, batch)


def test_a_retry_without_other_known_tasks_is_refused_in_a_plain_sentence(db):
    world = sentiment_world(items=1, workers=1)
    add_known(world, 2 * TASKS - 1)
    batch = open_exam(world.requester, world.project, seats=1)
    worker = world.workers[0]
    sit(worker, batch, right=0)
    assert told(worker, batch)["why_not"].startswith("This exam has too few known tasks left")
    with pytest.raises(Conflict, match="too few known tasks"):
        sit_again(worker, batch)
    assert Sitting.objects.count() == 1


def test_a_task_that_she_hands_back_or_lets_run_out_is_not_right_and_is_not_asked_again(world):
    batch = open_exam(world.requester, world.project, seats=SEATS)
    worker = world.workers[0]
    lent = draw_work(worker, get_open_batch_for(worker, batch.pk), 50)
    answer(worker, lent[:-2], TASKS)
    skip_lease(worker, lent[-1].lease)
    assert draw_work(worker, get_open_batch_for(worker, batch.pk), 50) == []
    assert Sitting.objects.get().ended_at is None, "one is still in her hands"
    Lease.objects.filter(pk=lent[-2].lease).update(expires_at=clock.now() - grace() - timedelta(seconds=1))
    end_over(100)
    sitting = Sitting.objects.get()
    assert (sitting.right, sitting.counted, sitting.passed_at is not None) == (TASKS - 2, TASKS, True)


def test_a_known_task_that_is_retired_in_the_middle_does_not_hold_the_sitting_up(db):
    world = sentiment_world(items=1, workers=1)
    add_known(world, TASKS)
    batch = open_exam(world.requester, world.project, seats=1)
    worker = world.workers[0]
    lent = draw_work(worker, get_open_batch_for(worker, batch.pk), TASKS - 1)
    answer(worker, lent[:-1], TASKS)
    in_hand, never_lent = lent[-1].item_id, Gold.objects.exclude(item__in=[one.item_id for one in lent]).get().item_id
    for item in (in_hand, never_lent):
        assert Sitting.objects.get().ended_at is None
        retire_gold(world.requester, Gold.objects.get(item=item).item)
    sitting = Sitting.objects.get()
    assert (sitting.right, sitting.counted, sitting.passed_at is not None) == (TASKS - 2, TASKS - 2, True)
    assert answer(worker, lent[-1:], 1)[0].status == "accepted", "what is out is paid"
    assert balance(available_of(worker.pk), "USD") == (TASKS - 1) * batch.base_micro


def test_a_known_task_that_is_retired_afterwards_lifts_who_missed_it_and_lowers_nobody(world):
    batch = open_exam(world.requester, world.project, seats=2)
    good, near = world.workers[:2]
    sit(good, batch, right=ENOUGH)
    sit(near, batch, right=ENOUGH - 1)
    missed = Answer.objects.filter(worker=near, gold_right=False).values_list("item", flat=True)
    for item in list(missed)[: TASKS - ENOUGH + 1]:
        retire_gold(world.requester, Gold.objects.get(item=item).item)
    assert told(near, batch)["passed"]
    assert told(good, batch)["passed"]


def test_an_appeal_that_is_won_by_silence_or_by_a_reviewer_lifts_the_score_and_passes_her(world):
    batch = open_exam(world.requester, world.project, seats=2)
    reviewer = Person.objects.create_user(email="reviewer@example.org", is_reviewer=True)
    for worker, by_silence in zip(world.workers[:2], (True, False), strict=True):
        sit(worker, batch, right=ENOUGH - 1)
        assert not may_draw(worker, world)
        missed = told(worker, batch)["missed"]
        assert [line["may_appeal"] for line in missed] == [True] * (TASKS - ENOUGH + 1)
        appeal = appeal_gold(worker, missed[0]["answer"])
        if by_silence:
            GoldAppeal.objects.filter(pk=appeal.pk).update(made_at=clock.now() - ANSWER_WITHIN)
            end_gold_appeals()
        else:
            decide_gold_appeal(reviewer, missed[0]["answer"], "won", "", retire=True)
        while outbox.drain():
            continue
        [sitting] = told(worker, batch)["sittings"]
        assert (sitting["right"], sitting["counted"], sitting["passed"]) == (ENOUGH, TASKS, True)
        assert may_draw(worker, world)
        record = WorkerRecord.objects.get(worker=worker)
        assert (record.gold_right, record.gold_seen) == (0, 0)


# --- who may -------------------------------------------------------------------------------------------------------------


def test_seats_are_people_and_a_retry_takes_none(world):
    batch = open_exam(world.requester, world.project, seats=1)
    first, second = world.workers[:2]
    sit(first, batch, right=0)
    with pytest.raises(Conflict, match="seats of this exam are taken"):
        draw_work(second, get_open_batch_for(second, batch.pk), 5)
    client = sign_in(Client(), second.person)
    offers = {one["batch"] for one in client.get("/api/v1/work/batches").json()["results"]}
    assert batch.pk not in offers
    sit_again(first, batch)
    assert len(sit(first, batch)) == TASKS


def test_a_member_does_not_sit_and_who_has_passed_sits_no_other_exam_of_the_project(world):
    batch = open_exam(world.requester, world.project, seats=2)
    member, worker = world.workers[:2]
    Membership.objects.create(person=member.person, organisation=world.organisation, role="viewer")
    with pytest.raises(Conflict, match="You belong to this organisation"):
        get_open_batch_for(member, batch.pk)
    sit(worker, batch)
    close_batch(world.requester, batch)
    add_known(world, 0)
    again = open_exam(world.requester, world.project, seats=1)
    with pytest.raises(Conflict, match="You have passed"):
        draw_work(worker, get_open_batch_for(worker, again.pk), 5)
    assert may_draw(worker, world), "what is passed stays passed"


def test_the_requester_lets_everybody_in_again_and_what_is_out_is_answered_and_paid(world):
    lent = draw_work(world.workers[0], get_open_batch_for(world.workers[0], world.batch.pk), 1)
    open_exam(world.requester, world.project, seats=1)
    assert not may_draw(world.workers[0], world)
    assert accept_answers(world.workers[0], [answer_to(lent[0], {"label": "good"})])[0].status == "accepted"
    world.project.refresh_from_db()
    edit_project(world.requester, world.project, asks_exam=False)
    assert may_draw(world.workers[0], world)


# --- what is told --------------------------------------------------------------------------------------------------------


def test_the_requester_opens_one_by_rest_and_sees_who_sat_who_passed_and_what_it_cost(world):
    client = sign_in(Client(), world.requester)
    address = f"/api/v1/projects/{world.project.pk}/exam"
    before = client.get(address).json()
    assert (before["least_tasks"], before["running"], before["sat"]) == (TASKS, None, 0)
    made = client.post(address, {"seats": 3}, content_type="application/json")
    assert made.status_code == 201, made.content
    assert (made.json()["exam_tasks"], made.json()["training"]) == (TASKS, True)
    batch = world.project.batches.get(exam_tasks__gt=0)
    sit(world.workers[0], batch)
    sit(world.workers[1], batch, right=0)
    sit_again(world.workers[1], batch)
    sit(world.workers[1], batch, right=0)
    after = client.get(address).json()
    assert (after["sat"], after["passed"], after["again"]) == (2, 1, 1)
    assert after["cost_micro"] == 3 * TASKS * cost_of_answer_micro(batch.base_micro, 0, batch.fee_bps)
    assert after["asks_exam"]
    refused = client.post(address, {"seats": 3}, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "exam_open")


def test_the_page_of_trainings_knows_an_exam_from_a_training(world):
    open_exam(world.requester, world.project, seats=2)
    page = sign_in(Client(), world.requester).get(f"/console/projects/{world.project.pk}/training/")
    left = Gold.objects.filter(project=world.project, retired_at=None, exam=False).count()
    assert (page.context["running"], page.context["known"]) == (None, left)
    assert left < Gold.objects.filter(project=world.project).count()


def test_an_exam_that_is_asked_for_costs_the_list_a_stated_number_of_statements(world):
    worker = world.workers[0]
    client = sign_in(Client(), worker.person)
    counts = []
    for step in ("none", "open", "sitting"):
        if step == "open":
            batch = open_exam(world.requester, world.project, seats=2)
        if step == "sitting":
            sit(worker, batch, n=3)
        client.get("/api/v1/work/batches")
        with CaptureQueriesContext(connection) as seen:
            client.get("/api/v1/work/batches")
        counts.append(len(seen))
    assert counts[1] == counts[0] + 4, "her sittings, the seats taken; what she has passed, what is open"
    assert counts[2] == counts[1] + 1, "what her sitting has lent"
