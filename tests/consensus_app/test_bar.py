"""A project learns from which confidence on its labels are called sure, and its known items check that while it runs."""

import pytest

from consensus.app.actions.decide_items import decide_items
from consensus.app.actions.refresh_skills import refresh_skills
from console.statistics import progress_of
from labelling.batches import queue
from labelling.models import BatchItem, Decision, Project
from tests.consensus_app.crowd import crowded

pytestmark = pytest.mark.django_db


def learned(world):
    Project.objects.filter(pk=world.project.pk).update(target_ppm=950_000)
    world.project.refresh_from_db()
    refresh_skills(world.project.pk)
    world.crowd = world.project.skills.get(annotator="crowd")
    queue.fill(world.batch, None, None)
    BatchItem.objects.filter(batch=world.batch).update(wanted=5, taken=5, counted=5)
    decide_items([item.pk for item in world.items])
    return world


def test_a_set_of_labels_keeps_the_target_and_not_each_of_them():
    world = learned(crowded(items=240, workers=6, per_item=5, golds=30))
    bar_ppm = world.crowd.tables["bar_ppm"]
    assert bar_ppm < world.project.target_ppm  # the easy ones pay for the hard ones
    made = Decision.objects.filter(project=world.project)
    sure = list(made.filter(sure=True).values_list("confidence_ppm", flat=True))
    assert min(sure) >= bar_ppm
    assert not made.filter(sure=False, confidence_ppm__gte=bar_ppm).exists()
    assert min(sure) < world.project.target_ppm <= sum(sure) / len(sure)
    checked = progress_of(world.project).checked
    assert 0 < checked["known"] <= 30
    assert checked["low_ppm"] <= checked["right_ppm"] <= checked["high_ppm"]
    assert "known" not in world.crowd.summary  # the paths are read once


def test_where_known_items_are_missed_nothing_is_sure():
    world = learned(crowded(items=240, workers=6, per_item=5, golds=30, gold_shift=1))
    assert not Decision.objects.filter(project=world.project, sure=True).exists()
