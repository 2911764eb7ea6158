"""Calls of the label API that wait for people, and calls at one moment."""

import threading

import pytest
from django.db import connection

from api.views.label import wait_for
from delivery import outbox
from labelling.models import Item, LabelRequest
from ledger.models import Transfer
from tests.ml.label_calls import UNSURE, ask
from tests.ml.worlds import crowd_says, learning_world, opened_for_api

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_waiting_call_is_answered_while_it_waits_and_holds_no_connection(client):
    world = opened_for_api(learning_world([]))
    client.force_login(world.requester)
    ask(client, world, UNSURE)
    pauses = []

    def sleep(pause_s):
        pauses.append((pause_s, connection.connection))
        if len(pauses) == 3:  # the crowd is at work elsewhere, on connections of its own
            elsewhere = threading.Thread(target=lambda: (_crowd_answers(world), connection.close()))
            elsewhere.start()
            elsewhere.join()

    answered = wait_for(LabelRequest.objects.get(), 30, sleep=sleep)
    assert (answered.source, answered.value) == ("crowd", {"label": "bad"})
    assert [held for _, held in pauses] == [None] * 3
    assert [pause for pause, _ in pauses] == pytest.approx([0.2, 0.3, 0.45])


def _crowd_answers(world):
    crowd_says(world, {UNSURE: "bad", "the first on offer": "good"})


def test_waiting_ends_on_time_and_few_may_wait_at_once(client, settings):
    world = opened_for_api(learning_world([]))
    client.force_login(world.requester)
    ask(client, world, UNSURE)
    asked, now = LabelRequest.objects.get(), [0.0]

    def sleep(pause_s):
        now[0] += pause_s

    assert wait_for(asked, 5, sleep=sleep, clock=lambda: now[0]).answered_at is None
    assert now[0] == pytest.approx(5)
    crowded = threading.BoundedSemaphore(1)
    crowded.acquire()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.views.label._waiting", crowded)
        assert wait_for(asked, 60, sleep=lambda _: pytest.fail("it waited")).answered_at is None


def test_the_same_call_at_one_moment_makes_one_request(client):
    """Ten threads, one content: one item, one request, one top-up of the escrow."""
    from labelling.label_api.request_label import Asked, request_label

    world = opened_for_api(learning_world([]))
    start, found = threading.Barrier(10), []

    def call():
        start.wait()
        try:
            found.append(request_label(world.project, Asked(text=UNSURE)).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=call) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 10
    assert len(set(found)) == 1
    assert Item.objects.filter(payload__text=UNSURE).count() == 1
    assert Transfer.objects.filter(kind="fund").count() == 2  # at opening, and this one
    outbox.drain()
