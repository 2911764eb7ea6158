"""When a project is looked at again: by how its answers grew, told without counting those that were there before."""

import json

import pytest
from django.db import connection

from consensus.app.actions import look_for_abuse as abuse
from consensus.app.actions import refresh_skills as skills
from consensus.app.models import AbuseCheck
from labelling.models import Answer
from labelling.work import new_answers
from labelling.work.new_answers import Look, grown_since, seen_of
from tests.consensus_app.crowd import answer_all, crowded
from tests.worlds import sentiment_world

pytestmark = pytest.mark.django_db
OLD, NEW = 80, 40


@pytest.fixture
def world():
    """80 answers, and 40 that came later."""
    return crowded(items=(OLD + NEW) // 4)


def seqs(world) -> list[int]:
    return sorted(Answer.objects.filter(project=world.project).values_list("seq", flat=True))


def test_a_tenth_and_some_more_since_the_last_answer_that_was_seen(world):
    other = sentiment_world(items=1, workers=1).project.pk  # nobody has answered there
    mine, last_seq = world.project.pk, seqs(world)[OLD - 1]
    assert grown_since({mine: Look(OLD, last_seq)}, NEW - 8) == [mine]
    assert grown_since({mine: Look(OLD, last_seq), other: Look()}, NEW - 7) == []
    assert grown_since({mine: Look(OLD + 1, last_seq)}, NEW - 8) == []  # a tenth of 81 is more than 8
    assert grown_since({}, OLD + NEW) == [mine]
    assert grown_since({}, OLD + NEW + 1) == []
    assert seen_of(mine) == Look(OLD + NEW, seqs(world)[-1])
    assert seen_of(other) == Look()


@pytest.mark.parametrize(("look", "at_least", "read"), [(OLD, NEW - 8, NEW), (OLD, 200, NEW), (0, 20, 20)])
def test_no_more_answers_are_read_than_came_and_than_it_takes(world, monkeypatch, look, at_least, read):
    looks = {world.project.pk: Look(look, seqs(world)[look - 1] if look else 0)}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # a table of a few pages is else read whole
    monkeypatch.setattr(new_answers, "_GROWN", f"EXPLAIN (ANALYZE, FORMAT JSON) {new_answers._GROWN}")
    monkeypatch.setattr(new_answers, "fetch", lambda sql, values: [(plan,) for plan in _plan(sql, values)])
    (plan,) = grown_since(looks, at_least)
    assert sum(_read(plan)) == read


def _plan(sql: str, values: list) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchone()[0]
    return [one["Plan"] for one in (json.loads(found) if isinstance(found, str) else found)]


def _read(plan: dict):
    """The rows of answers that each step of the plan read, those that it left out among them."""
    if plan.get("Relation Name") == "labelling_answer":
        yield (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    for part in plan.get("Plans", ()):
        yield from _read(part)


def test_both_looks_remember_the_last_answer_and_ask_in_few_statements(world, django_assert_num_queries):
    mine = world.project.pk
    assert skills.projects_due() == abuse.projects_due() == [mine]
    skills.refresh_skills(mine)
    abuse.look_for_abuse(mine)
    with django_assert_num_queries(3):
        assert skills.projects_due() == []
    with django_assert_num_queries(2):
        assert abuse.projects_due() == []
    known = set(Answer.objects.values_list("item", "worker"))
    fresh = [(i, w, "ant") for i in world.items for w in world.workers if (i.pk, w.pk) not in known]
    answer_all(world, fresh[:31])  # 20 and a tenth of 120 would be 32
    assert skills.projects_due() == []
    answer_all(world, fresh[31:32])
    assert skills.projects_due() == [mine]
    answer_all(world, fresh[32:61])
    assert abuse.projects_due() == []
    answer_all(world, fresh[61:62])
    assert abuse.projects_due() == [mine]


def test_an_older_method_is_due_however_few_the_answers(world):
    abuse.look_for_abuse(world.project.pk)
    AbuseCheck.objects.update(method="abuse/1")
    assert abuse.projects_due() == [world.project.pk]
