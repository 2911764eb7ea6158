"""Skill runs step by step, in this process: what they publish, and that nothing said twice or lost makes a difference."""

import random
from datetime import timedelta

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.db.models import F

from consensus.app import run_files
from consensus.app.actions import refresh_skills as refresh
from consensus.app.actions import skill_runs as runs
from consensus.app.models import Skill, SkillRun
from consensus.app.tasks_of import load_tasks
from consensus.core import learn_skills
from kernel.locks import only_one
from labelling import task_types
from labelling.models import Answer, Suggestion
from tests.consensus_app.crowd import answer_all, crowded, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_shards(settings):
    settings.SKILLS_IN_MEMORY_ANSWERS = 100
    settings.SKILL_SHARD_ANSWERS = 90
    settings.SKILL_SHARD_LEASE_S = 60


@pytest.fixture
def world():
    return crowded(items=60)


def in_memory(world, settings):
    """What one process publishes; the project's skills are then forgotten."""
    settings.SKILLS_IN_MEMORY_ANSWERS = 10**9
    assert refresh.refresh_skills(world.project.pk) > 0
    settings.SKILLS_IN_MEMORY_ANSWERS = 100
    expected = published(world.project)
    Skill.objects.all().delete()
    return expected


def one_pass(run, order=lambda numbers: numbers, times=1):
    """Every shard, in that order, then the step to the next pass."""
    number = SkillRun.objects.get(pk=run.pk).number
    for shard in order(list(range(run.n_shards))):
        did = [runs.work_on(run.pk, number, shard) for _ in range(times)]
        assert did == [True] + [False] * (times - 1)
    return [runs.advance(run.pk, number) for _ in range(times)]


def to_the_end(run, **how):
    seen = []
    while (now := SkillRun.objects.get(pk=run.pk)).is_running:
        seen.append(now)
        one_pass(run, **how)
    return [*seen, now]


def test_shards_publish_what_one_process_publishes(world, settings):
    expected = in_memory(world, settings)
    run = runs.start_run(world.project)
    assert run.n_shards == 3
    assert run.answers == 240
    states = to_the_end(run)
    assert states[-1].state == "done"
    assert published(world.project) == expected
    assert Skill.objects.get(project=world.project, annotator="crowd").summary["answers_seen"] == 240


def test_any_order_and_every_step_twice_give_the_numbers_of_one_machine_to_1e_9(world, monkeypatch):
    kind, kept = task_types.get("choice").consensus, {}
    publish = kind.learned_from
    monkeypatch.setattr(
        kind, "learned_from", lambda skills, *rest: kept.update(skills=skills) or publish(skills, *rest)
    )
    shuffled = random.Random(1)
    to_the_end(runs.start_run(world.project), order=lambda n: shuffled.sample(n, len(n)), times=2)
    tasks = load_tasks(world.project, [item.pk for item in world.items], with_truth=True)
    votes, gold = kind.votes_of(tasks, world.project.config, [f"worker:{w.pk}" for w in world.workers])
    whole = learn_skills(votes, gold=gold)
    for name in ("confusion", "accuracy", "pooled", "prior"):
        np.testing.assert_allclose(getattr(kept["skills"], name), getattr(whole, name), atol=1e-9)
    assert (gold >= 0).sum() == 6


def test_steps_of_a_pass_that_is_over_do_nothing(world):
    run = runs.start_run(world.project)
    one_pass(run)
    before = SkillRun.objects.values().get(pk=run.pk)
    assert [runs.work_on(run.pk, 0, shard) for shard in range(run.n_shards)] == [False] * run.n_shards
    assert not runs.advance(run.pk, 0)
    assert not runs.advance(run.pk, 1)  # its shards are not done
    assert SkillRun.objects.values().get(pk=run.pk) == before


def test_progress_never_falls_and_says_where_it_is(world):
    states = to_the_end(runs.start_run(world.project))
    fractions = [state.fraction_ppm for state in states]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0, 1_000_000)
    stages = list(dict.fromkeys(state.stage for state in states))
    assert stages == ["sizes", "one coin", "1 item type", "3 item types", "skills"]
    within = [state for state in states if state.stage == "3 item types" and state.bound is not None]
    assert [state.iteration for state in within] == [0, 0, *range(1, len(within) - 1)]  # its start, then its passes
    assert within[-1].bound > within[2].bound
    assert states[0].left_s is None
    assert all(state.left_s >= 0 for state in states[1:])


def test_a_lost_shard_is_handed_out_again_and_only_that(world, monkeypatch):
    sent = []
    monkeypatch.setattr(runs, "_hand_out", lambda run_id, number, shards: sent.append((number, list(shards))))
    run = runs.start_run(world.project)
    for shard in (0, 2):
        assert runs.work_on(run.pk, 0, shard)
    assert runs.resume() == 0  # control: handed out just now, nobody knows it is lost
    run.shards.update(sent_at=F("sent_at") - timedelta(seconds=61))
    assert runs.resume() == 1
    assert sent == [(0, [0, 1, 2]), (0, []), (0, [1])]
    assert runs.resume() == 0
    assert runs.work_on(run.pk, 0, 1)


def test_what_is_under_way_elsewhere_is_not_done_beside_it(world):
    run = runs.start_run(world.project)
    with only_one(f"consensus.step:{run.pk}"):
        with only_one(f"consensus.shard:{run.shards.get(number=0).pk}"):
            assert [runs.work_on(run.pk, 0, shard) for shard in range(3)] == [False, True, True]
        assert runs.work_on(run.pk, 0, 0)
        assert not runs.advance(run.pk, 0)
    assert runs.advance(run.pk, 0)


def test_a_lost_wake_up_of_the_next_step_is_made_good(world, monkeypatch):
    run, woken = runs.start_run(world.project), []
    for shard in range(run.n_shards):
        runs.work_on(run.pk, 0, shard)
    monkeypatch.setattr(runs, "_wake_advance", lambda *what: woken.append(what))
    runs.resume()
    assert woken == []
    SkillRun.objects.update(pass_at=F("pass_at") - timedelta(seconds=61))
    runs.resume()
    assert woken == [(run.pk, 0)]


def test_a_cancelled_run_publishes_nothing_and_is_not_begun_again(world):
    run = runs.start_run(world.project)
    for _ in range(3):
        one_pass(run)
    assert runs.work_on(run.pk, 3, 0)
    assert runs.cancel_run(world.requester, run)
    assert not runs.work_on(run.pk, 3, 1)
    assert not runs.advance(run.pk, 3)
    assert not runs.cancel_run(world.requester, run)
    assert SkillRun.objects.get(pk=run.pk).state == "cancelled"
    assert not Skill.objects.exists()
    runs.clean_up(run.pk)
    assert default_storage.listdir(run_files.folder(run.pk))[1] == []
    assert not run.shards.exists()
    assert world.project.pk not in refresh.projects_due()


def test_cancelled_between_the_last_pass_and_publishing_nothing_is_published(world, monkeypatch):
    run = runs.start_run(world.project)
    kind = task_types.get("choice").consensus
    publish = kind.learned_from

    def cancelled_just_now(*arguments):
        runs.cancel_run(world.requester, run)
        return publish(*arguments)

    monkeypatch.setattr(kind, "learned_from", cancelled_just_now)
    assert to_the_end(run)[-1].state == "cancelled"
    assert not Skill.objects.exists()


def test_a_run_that_fails_again_and_again_ends_with_a_sentence(world, monkeypatch):
    run = runs.start_run(world.project)
    runs.note_error(run.pk, ValueError("the votes are unreadable"))
    run.shards.filter(number=1).update(attempts=runs.MAX_ATTEMPTS, sent_at=F("sent_at") - timedelta(seconds=61))
    runs.resume()
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", "ValueError: the votes are unreadable")
    assert not Skill.objects.exists()


def test_a_model_is_one_more_annotator_and_answers_that_come_during_the_run_are_for_the_next(world, settings):
    Suggestion.objects.bulk_create(
        Suggestion(item=item, model_version_id=7, value={"label": "bee"}, confidence_ppm=900_000)
        for item in world.items[:30]
    )
    expected = in_memory(world, settings)
    assert "model:7" in expected
    run = runs.start_run(world.project)
    fresh = [item for item in world.items if not item.answers.filter(worker=world.workers[0]).exists()][:20]
    answer_all(world, [(item, world.workers[0], "ant") for item in fresh])
    to_the_end(run)
    assert published(world.project) == expected
    assert Answer.objects.count() == 240 + len(fresh) > 240


def test_refresh_begins_one_run_for_a_large_project_and_none_for_a_small_one(world, settings):
    assert refresh.refresh_skills(world.project.pk) == 0
    assert refresh.refresh_skills(world.project.pk) == 0
    assert SkillRun.objects.filter(project=world.project, state="running").count() == 1
    assert runs.start_run(world.project) is None
    settings.SKILLS_IN_MEMORY_ANSWERS = 240
    assert not runs.is_for_shards(world.project, 240)
    assert runs.is_for_shards(world.project, 241)
    world.project.task_type = "text"
    assert not runs.is_for_shards(world.project, 241)


def test_files_of_arrays_hold_no_pickles(world):
    run = runs.start_run(world.project)
    one_pass(run)
    name = run.shards.first().votes_file
    with default_storage.open(name) as file:
        arrays = np.load(file, allow_pickle=False)
        assert {array.dtype.kind for array in arrays.values()} <= {"i", "f"}
    shard = run_files.load_shard(name)
    assert 60 < shard.votes.n_votes <= 90
