"""Two transactions that wait for each other: PostgreSQL ends one, and the phone does not hear of it."""

import threading
import time

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.test import Client

from kernel.sql import fetch
from labelling.batches.close_overdue import close_overdue
from labelling.models import Answer, Batch, BatchItem
from labelling.projects.archive_project import archive_project
from labelling.work import accept_answers as accepting
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger import clock
from ledger.models import Account
from ledger.posting import trial_balance
from tests.roles import as_owner
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


class WrongWayRound(threading.Thread):
    """Locks the accounts, then, once somebody waits for them, the items: the order that no code of ours has.

    PostgreSQL ends whoever looks for a deadlock first. That is the answer's transaction here, always: it looks after
    three seconds, when the circle has long been closed; this one after a minute.
    """

    def __init__(self):
        super().__init__()
        self.holds = threading.Event()

    def run(self) -> None:
        with as_owner(), transaction.atomic():
            fetch("SELECT set_config('deadlock_timeout', '60s', true)")
            list(Account.objects.order_by("id").select_for_update())
            self.holds.set()
            until = time.monotonic() + 20
            while not fetch(WAITING)[0][0] and time.monotonic() < until:
                pass
            list(BatchItem.objects.order_by("id").select_for_update())
        connection.close()

    def __enter__(self) -> None:
        self.start()
        assert self.holds.wait(20)

    def __exit__(self, *_) -> None:
        self.join()


@pytest.fixture(autouse=True)
def patient():
    with as_owner():
        fetch("SELECT set_config('deadlock_timeout', '3s', false)")
    yield
    with as_owner():
        fetch("SELECT set_config('deadlock_timeout', '1s', false)")


def one_answer():
    world = opened(sentiment_world(items=1, workers=2))
    first, second = world.workers
    accept_answers(second, [answer_to(lent, {"label": "good"}) for lent in draw_work(second, world.batch, 1)])
    [lent] = draw_work(first, world.batch, 1)
    return first, answer_to(lent, {"label": "good"})


def test_a_deadlock_is_tried_again_and_the_answer_stands_once():
    worker, answer = one_answer()
    with WrongWayRound():
        [result] = accept_answers(worker, [answer])
    assert result.status == "accepted"
    assert Answer.objects.filter(worker=worker).count() == 1
    assert sum(row.sum_micro for row in trial_balance()) == 0


def test_control_without_another_try_the_phone_would_hear_of_it(monkeypatch):
    monkeypatch.setattr(accepting, "_RETRIES", 1)
    worker, answer = one_answer()
    with WrongWayRound(), pytest.raises(OperationalError, match="deadlock"):
        accept_answers(worker, [answer])
    assert not Answer.objects.filter(worker=worker).exists()


# --- closing and deciding at once: items, then their batch, both of them ------------------------------------------------
class Decides(threading.Thread):
    """Holds the items as deciding does, and, once somebody waits for them, their batch, which it counts them in."""

    def __init__(self):
        super().__init__()
        self.holds, self.failed = threading.Event(), None

    def run(self) -> None:
        try:
            with transaction.atomic():
                list(BatchItem.objects.order_by("id").select_for_update())
                self.holds.set()
                until = time.monotonic() + 20
                while not fetch(WAITING)[0][0] and time.monotonic() < until:
                    pass
                Batch.objects.update(items_done=F("items_done"))
        except OperationalError as failed:
            self.failed = failed
        finally:
            connection.close()


def by_hand_over_the_api(world) -> None:
    client = Client()
    client.force_login(world.requester)
    assert client.post(f"/api/v1/batches/{world.batch.pk}/close", {}, "application/json").status_code == 200


def by_its_deadline(world) -> None:
    Batch.objects.update(deadline=clock.now())
    assert close_overdue() == 1


def with_its_project(world) -> None:
    archive_project(world.requester, world.project)


@pytest.mark.parametrize("close", [by_hand_over_the_api, by_its_deadline, with_its_project])
def test_whoever_closes_a_batch_waits_for_who_decides_its_items_and_neither_is_ended(close):
    world = opened(sentiment_world(items=2, workers=1))
    decider = Decides()
    decider.start()
    assert decider.holds.wait(20)
    try:
        close(world)
    finally:
        decider.join()
    assert decider.failed is None
    assert (Batch.objects.get().state, set(BatchItem.objects.values_list("state", flat=True))) == ("closed", {"done"})
