"""Answers are committed without waiting for the disk, so that nobody waits for the accounts meanwhile; receipts wait for it."""

import pytest
from django.db import connection

from kernel.sql import fetch, flush_commits
from labelling.models import Answer
from labelling.work import accept_answers as accepting
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    return opened(sentiment_world(items=30, workers=1))


@pytest.fixture
def flushes(monkeypatch):
    """What was written of the log, and whether the answer was committed, at each flush that is asked for."""
    seen = []

    def noted() -> None:
        seen.append((written(), connection.in_atomic_block, Answer.objects.count()))
        flush_commits()

    monkeypatch.setattr(accepting, "flush_commits", noted)
    return seen


def written() -> str:
    return fetch("SELECT pg_current_wal_insert_lsn()::text")[0][0]


def on_disk(lsn: str) -> bool:
    return fetch("SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn", [lsn])[0][0]


def answers(world, n: int = 1) -> list[dict]:
    return [answer_to(lease, {"label": "good"}) for lease in draw_work(world.workers[0], world.batch, n)]


def test_a_receipt_is_given_when_its_answer_is_on_disk(world, flushes):
    accept_answers(world.workers[0], answers(world))
    [(lsn, within, n_answers)] = flushes
    assert (within, n_answers) == (False, 1)
    assert on_disk(lsn)


def test_a_receipt_that_is_given_again_waits_too_for_who_gave_it_first_may_wait_still(world, flushes):
    sent = answers(world)
    accept_answers(world.workers[0], sent)
    assert accept_answers(world.workers[0], sent)[0].status == "repeated"
    assert len(flushes) == 2


def test_what_promises_nothing_waits_for_nothing(world, flushes):
    [sent] = answers(world)
    assert accept_answers(world.workers[0], [{**sent, "value": {"label": "ugly"}}])[0].status == "refused"
    assert flushes == []


def test_the_control_without_the_wait_an_answer_is_not_on_disk_yet(world, monkeypatch):
    monkeypatch.setattr(accepting, "flush_commits", lambda: None)

    def is_late(sent: dict) -> bool:
        accept_answers(world.workers[0], [sent])
        return not on_disk(written())

    assert any(is_late(sent) for sent in answers(world, 30))
