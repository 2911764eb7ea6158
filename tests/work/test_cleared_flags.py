"""A won appeal closes the flags that the ban was made for, and no later look brings the same answers up again."""

from datetime import timedelta

import pytest

from consensus.app.actions.look_for_abuse import look_for_abuse
from consensus.app.models import WorkerFlag
from console.evidence import choices_of
from delivery import outbox
from labelling.conduct.appeal_ban import appeal_ban
from labelling.conduct.decide_appeal import decide_appeal
from labelling.conduct.end_bans import end_bans
from labelling.conduct.lift_ban import lift_ban
from labelling.models import Answer
from people.models import Person
from tests.abused import abused
from tests.roles import as_owner
from tests.work.test_bans import HOUR, banned, past

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd():
    crowd = abused()
    look_for_abuse(crowd.world.project.pk)
    return crowd


@pytest.fixture
def ban(crowd):
    """Of the clicker, for the one flag that she has, and with an appeal."""
    flags = WorkerFlag.objects.filter(worker=crowd.clicker).select_related("project")
    evidence = [choice.entry for choice in choices_of(flags, [], "en")]
    assert [one["kind"] for one in evidence] == ["random"]
    maker = Person.objects.create_user(email="maker@example.org", is_staff=True)
    ban = banned(maker, crowd.clicker, crowd.world.project, evidence=evidence)
    appeal_ban(crowd.clicker, ban.pk, "I looked at each of them.")
    outbox.drain()
    return ban


def decide(ban, outcome: str) -> None:
    judge = Person.objects.create_user(email="judge@example.org", is_staff=True)
    decide_appeal(judge, ban.pk, outcome, "I looked again.")
    outbox.drain()


def standing(worker) -> list[str]:
    return list(WorkerFlag.objects.filter(worker=worker, closed_at=None).values_list("kind", flat=True))


def test_a_won_appeal_closes_her_flag_and_nobody_elses(crowd, ban):
    others = WorkerFlag.objects.exclude(worker=crowd.clicker).filter(closed_at=None)
    before = set(others.values_list("pk", flat=True))
    decide(ban, "won")
    flag = WorkerFlag.objects.get(worker=crowd.clicker)
    assert flag.cleared_at is not None
    assert flag.closed_at == flag.cleared_at
    assert set(others.values_list("pk", flat=True)) == before != set()


def test_a_later_look_does_not_find_what_was_judged_again(crowd, ban):
    decide(ban, "won")
    look_for_abuse(crowd.world.project.pk)
    assert standing(crowd.clicker) == []
    assert {tuple(standing(worker)) for worker in crowd.ring} == {("ring",)}


def test_what_she_does_afterwards_is_looked_at(crowd, ban):
    """The control: her answers stand after the judgement, so the flag is open again, and still says that one was cleared."""
    decide(ban, "won")
    cleared_at = WorkerFlag.objects.get(worker=crowd.clicker).cleared_at
    with as_owner():
        Answer.objects.filter(worker=crowd.clicker).update(received_at=cleared_at + timedelta(seconds=1))
    look_for_abuse(crowd.world.project.pk)
    assert standing(crowd.clicker) == ["random"]
    assert WorkerFlag.objects.get(worker=crowd.clicker).cleared_at == cleared_at


def test_silence_clears_as_a_won_appeal_does(crowd, ban):
    past(ban, 73 * HOUR)
    end_bans()
    outbox.drain()
    assert standing(crowd.clicker) == []


@pytest.mark.parametrize("ending", ["lost", "lifted"])
def test_a_lost_appeal_and_a_lifted_ban_leave_the_flag(crowd, ban, ending):
    if ending == "lost":
        decide(ban, "lost")
    else:
        lift_ban(ban.made_by, ban.pk, "Enough.")
        outbox.drain()
    flag = WorkerFlag.objects.get(worker=crowd.clicker)
    assert (flag.closed_at, flag.cleared_at) == (None, None)
