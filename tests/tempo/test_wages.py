"""The wage floor holds on measured time: a batch that pays less is paused, its owners are told, a new one is checked by it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from delivery.outbox import drain
from kernel.errors import DomainError
from labelling.batches.check_wages import check_wages
from labelling.batches.close_batch import close_batch
from labelling.batches.create_batch import create_batch
from labelling.batches.escrow import most_answers
from labelling.batches.measured import measured_ms
from labelling.batches.open_batch import open_batch
from labelling.batches.refund_batch import refund_batch
from labelling.models import Answer, Batch, Lease, TopUp
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.work_listing import history_of, offers_for
from ledger.factories import available_of, escrow_of, funds_of, pending_of
from ledger.posting import balance
from people.actions.make_token import make_token
from people.models import AuditEntry
from tests.roles import as_owner
from tests.worlds import answer_to, make_worker, opened, sentiment_world

CHEAP = 556  # 2 USD an hour, did a task take a second


def measured(seconds: list[float], answers: int = 10, **batch):
    """A batch that says one second; each worker takes what she takes."""
    world = opened(
        sentiment_world(items=60, workers=0, estimated_task_s=1, min_answers=len(seconds), max_answers=len(seconds)),
        base_micro=CHEAP,
        bonus_micro=0,
        **batch,
    )
    world.workers = [make_worker(f"w{i}-{world.organisation.pk}", recorded=False) for i in range(len(seconds))]
    for worker, each_s in zip(world.workers, seconds, strict=True):
        _work(worker, world.batch, each_s, answers)
    drain()
    return world


def _work(worker, batch, each_s: float, answers: int) -> None:
    lent = draw_work(worker, batch, answers)
    began = timezone.now() - timedelta(seconds=each_s * len(lent) + 1)
    Lease.objects.filter(worker=worker).update(drawn_at=began)
    accept_answers(worker, [answer_to(one, {"label": "good"}, active_ms=int(each_s * 1000)) for one in lent])


@pytest.mark.django_db
def test_a_batch_below_the_floor_is_paused_and_what_is_out_may_be_answered():
    world = measured([4, 5, 6])
    out = draw_work(world.workers[0], world.batch, 1)
    assert measured_ms([world.project.pk]) == {world.project.pk: 5000}
    assert check_wages() == 1
    drain()
    assert check_wages() == 0
    assert world.batch.pk not in {offer["batch"] for offer in offers_for(world.workers[0])[0]}
    _, secret = make_token(world.workers[0].person, "test", ["work"])
    phone = Client(headers={"Authorization": f"Bearer {secret}"})
    refused = phone.post("/api/v1/work/draw", {"batch": world.batch.pk, "n": 1}, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "below_floor")
    body = {"answers": [answer_to(out[0], {"label": "good"})]}
    sent = phone.post("/api/v1/work/answers", body, content_type="application/json").json()
    assert sent["results"][0]["status"] == "accepted"
    assert "paused" in mail.outbox[-1].body
    assert AuditEntry.objects.filter(action="batch.pause", target=f"batch:{world.batch.pk}").exists()


@pytest.mark.django_db
def test_a_new_batch_is_checked_by_the_measured_time_and_told_what_it_must_pay():
    world = measured([4, 5, 6])
    again = create_batch(world.requester, world.project, name="again", base_micro=CHEAP)
    with pytest.raises(DomainError, match=r"5 s a task, as measured, below the floor of 2.00: pay at least 2778"):
        open_batch(world.requester, again)


@pytest.mark.django_db
def test_it_goes_on_by_itself_when_people_are_faster_after_all():
    world = measured([4, 5, 6])
    check_wages()
    with as_owner():
        Answer.objects.filter(project=world.project).update(active_ms=900)
    assert check_wages() == 1
    assert Batch.objects.get(pk=world.batch.pk).paused_at is None


@pytest.mark.django_db
def test_one_forgotten_phone_or_a_machine_that_claims_an_hour_pauses_nothing():
    world = measured([0.9, 0.95, 1.0, 0.9, 60])
    assert check_wages() == 0
    assert measured_ms([world.project.pk])[world.project.pk] <= 1000


@pytest.mark.django_db
def test_the_requester_sees_why_and_what_to_do():
    world = measured([4, 5, 6])
    check_wages()
    client = Client()
    client.force_login(world.requester)
    page = client.get(f"/console/batches/{world.batch.pk}/").content.decode()
    assert "Paused since" in page
    assert "open one that pays more" in page


FAIR = 2778  # 2 USD an hour where a task takes 5 seconds


@pytest.mark.django_db
def test_a_batch_is_topped_up_to_the_floor_for_what_was_answered_before_and_after():
    world = measured([4, 5, 6], top_up_micro=3000)
    assert check_wages() == 0, "it is not paused"
    batch = Batch.objects.get(pk=world.batch.pk)
    assert (batch.topped_micro, batch.paused_at) == (FAIR - CHEAP, None)
    assert set(TopUp.objects.values_list("amount_micro", flat=True)) == {FAIR - CHEAP}
    assert TopUp.objects.count() == 30
    worker = world.workers[0]
    assert balance(available_of(worker.pk), "USD") + balance(pending_of(worker.pk), "USD") == 10 * FAIR
    [offer] = offers_for(worker)[0]
    assert offer["topped_micro"] == FAIR - CHEAP
    assert {line["top_up_micro"] for line in history_of(worker, None)} == {FAIR - CHEAP}
    _work(worker, world.batch, 5, 1)
    check_wages()
    check_wages()
    assert balance(available_of(worker.pk), "USD") + balance(pending_of(worker.pk), "USD") == 11 * FAIR


@pytest.mark.django_db
def test_a_ceiling_that_does_not_reach_is_paid_whole_and_the_batch_is_paused():
    world = measured([4, 5, 6], top_up_micro=1000)
    assert check_wages() == 1
    batch = Batch.objects.get(pk=world.batch.pk)
    assert batch.paused_at is not None
    assert (batch.topped_micro, TopUp.objects.filter(amount_micro=1000).count()) == (1000, 30)


@pytest.mark.django_db
def test_who_raises_nothing_is_never_charged_and_the_ceiling_comes_back():
    """One second a task, as was thought: the whole ceiling lay in escrow, and all of it goes back."""
    plain, agreed = measured([0.9, 0.95, 1.0]), measured([0.9, 0.95, 1.0], top_up_micro=1000)
    assert check_wages() == 0
    answers = most_answers(60, 3, 0)
    assert agreed.batch.escrow_micro - plain.batch.escrow_micro == answers * 1000
    for world in (plain, agreed):
        close_batch(world.requester, Batch.objects.get(pk=world.batch.pk))
        drain()
        refund_batch(world.batch.pk)
    left = [balance(funds_of(world.organisation.pk), "USD") for world in (plain, agreed)]
    assert left[0] == left[1]
    assert not TopUp.objects.exists()


@pytest.mark.django_db
def test_what_is_left_goes_back_only_after_the_last_look_at_the_time():
    """It closes before the clock has looked: who answered is topped up all the same."""
    world = measured([4, 5, 6], top_up_micro=3000)
    close_batch(world.requester, Batch.objects.get(pk=world.batch.pk))
    drain()
    refund_batch(world.batch.pk)
    assert TopUp.objects.filter(amount_micro=FAIR - CHEAP).count() == 30
    assert balance(escrow_of(world.batch.pk), "USD") == 0
    with as_owner():
        Answer.objects.filter(project=world.project).update(active_ms=60_000)
    assert (refund_batch(world.batch.pk), TopUp.objects.exclude(amount_micro=FAIR - CHEAP).count()) == (0, 0)
