"""Flags: found in the background, kept once, closed when they no longer hold; they take nothing from anybody."""

import pytest

from consensus.app.actions import look_for_abuse as abuse
from consensus.app.models import AbuseCheck, WorkerFlag
from consensus.app.tasks import look_for_abuse as task
from labelling.models import Answer, Ban
from tests.abused import abused
from tests.roles import as_owner
from tests.worlds import opened, sentiment_world

pytestmark = pytest.mark.django_db


def standing() -> set[tuple[int, str]]:
    return set(WorkerFlag.objects.filter(closed_at=None).values_list("worker_id", "kind"))


def expected_of(crowd) -> set[tuple[int, str]]:
    ring = {(worker.pk, "ring") for worker in crowd.ring}
    return {(crowd.clicker.pk, "random"), (crowd.machine.pk, "fast")} | ring


def test_who_was_planted_is_found_and_nobody_else_and_nothing_happens_to_them():
    crowd = abused()
    assert abuse.projects_due() == [crowd.world.project.pk]
    assert task() == 1
    assert standing() == expected_of(crowd)
    check = AbuseCheck.objects.get()
    assert (check.answers_seen, check.method) == (Answer.objects.count(), "abuse/3")
    assert not Ban.objects.exists()
    assert Answer.objects.filter(counted=True).count() == Answer.objects.count()


def test_the_evidence_is_that_of_the_very_answers():
    crowd = abused()
    abuse.look_for_abuse(crowd.world.project.pk)
    flag_of = {(flag.worker_id, flag.kind): flag for flag in WorkerFlag.objects.all()}
    fast = flag_of[crowd.machine.pk, "fast"].evidence
    of_machine = Answer.objects.filter(worker=crowd.machine).order_by("seq")
    assert fast["answers"] == of_machine.count() == 80
    assert {fast["first_seq"], fast["last_seq"]} <= set(of_machine.values_list("seq", flat=True))
    assert fast["seconds"] < 0.5 < 3 < fast["usual_s"]
    one = flag_of[crowd.ring[0].pk, "ring"]
    said = [dict(Answer.objects.filter(worker=w).values_list("item_id", "value__label")) for w in crowd.ring]
    assert one.evidence["shared"] == 80
    assert one.evidence["same"] == sum(said[0][item] == said[1][item] for item in said[0]) == 80
    assert one.evidence["same_expected"] < 70
    assert set(one.partners) == {worker.pk for worker in crowd.ring[1:]}
    assert (one.evidence["ring_size"], one.p_value < 0.01) == (3, True)
    random = flag_of[crowd.clicker.pk, "random"].evidence
    assert (random["answers"], random["attention"] < 0.2) == (80, True)


def test_looking_again_changes_nothing_but_the_time():
    crowd = abused()
    abuse.look_for_abuse(crowd.world.project.pk)
    before = list(WorkerFlag.objects.order_by("pk").values("pk", "worker", "kind", "evidence", "p_value", "first_seen"))
    seen = WorkerFlag.objects.values_list("last_seen", flat=True).first()
    abuse.look_for_abuse(crowd.world.project.pk)
    assert list(WorkerFlag.objects.order_by("pk").values(*before[0])) == before
    assert all(flag.last_seen > seen and flag.closed_at is None for flag in WorkerFlag.objects.all())
    assert abuse.projects_due() == []


def test_a_flag_that_no_longer_holds_is_closed_and_opens_again():
    crowd = abused()
    machine = Answer.objects.filter(worker=crowd.machine)
    fast_ms = dict(machine.values_list("pk", "active_ms"))
    as_people_ms = {pk: 2000 + 97 * (37 * i % 80) for i, pk in enumerate(fast_ms)}
    _set_ms(as_people_ms)
    abuse.look_for_abuse(crowd.world.project.pk)
    assert standing() == expected_of(crowd) - {(crowd.machine.pk, "fast")}
    _set_ms(fast_ms)
    abuse.look_for_abuse(crowd.world.project.pk)
    first = WorkerFlag.objects.get(worker=crowd.machine)
    _set_ms(as_people_ms)
    abuse.look_for_abuse(crowd.world.project.pk)
    closed = WorkerFlag.objects.get(worker=crowd.machine)
    assert (closed.pk, closed.first_seen, closed.evidence) == (first.pk, first.first_seen, first.evidence)
    assert closed.closed_at is not None
    _set_ms(fast_ms)
    abuse.look_for_abuse(crowd.world.project.pk)
    assert WorkerFlag.objects.get(worker=crowd.machine).closed_at is None


def _set_ms(by_answer: dict) -> None:
    for pk, ms in by_answer.items():
        with as_owner():
            Answer.objects.filter(pk=pk).update(active_ms=ms)


def test_a_look_that_was_overtaken_writes_nothing():
    crowd = abused(items=20, honest=3)
    project = crowd.world.project
    abuse.look_for_abuse(project.pk)
    AbuseCheck.objects.update(answers_seen=10**6)
    flag = abuse.Flag("random", crowd.honest[0].pk, 1.0, 1e-9, {})
    abuse._keep(project, abuse.Look(100, 100), [flag], {})
    assert not WorkerFlag.objects.filter(worker=crowd.honest[0]).exists()


def test_an_honest_small_project_has_no_flags_and_other_types_are_looked_at_for_speed_only():
    world = opened(sentiment_world(items=3, workers=2))
    abuse.look_for_abuse(world.project.pk)
    assert standing() == set()
    crowd = abused(items=40)
    type(crowd.world.project).objects.filter(pk=crowd.world.project.pk).update(task_type="text")
    abuse.look_for_abuse(crowd.world.project.pk)
    assert standing() == {(crowd.machine.pk, "fast")}
