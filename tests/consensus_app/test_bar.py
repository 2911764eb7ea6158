"""A project learns from which confidence on its labels are called sure, and its known items check that while it runs."""

import pytest
from django.urls import reverse

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


def test_disputed_is_what_lies_below_the_bar(client):
    """A label that is called sure is not disputed, though it is less sure by itself than the whole set has to be."""
    world = learned(crowded(items=240, workers=6, per_item=5, golds=30))
    made = Decision.objects.filter(project=world.project)
    made.update(agreement_ppm=1_000_000)
    bar_ppm = world.crowd.tables["bar_ppm"]
    below = made.filter(confidence_ppm__lt=bar_ppm).count()
    assert (
        below < made.filter(confidence_ppm__lt=world.project.target_ppm).count()
    )  # they differ, so the page can be wrong
    client.force_login(world.requester)
    page = client.get(reverse("console:disputed", args=[world.project.pk]), {"from": str(max(below - 1, 0))})
    assert page.content.decode().count('<article class="card') == min(below, 1)
    beyond = client.get(reverse("console:disputed", args=[world.project.pk]), {"from": str(below)})
    assert '<article class="card' not in beyond.content.decode()


def test_where_known_items_are_missed_nothing_is_sure():
    world = learned(crowded(items=240, workers=6, per_item=5, golds=30, gold_shift=1))
    assert not Decision.objects.filter(project=world.project, sure=True).exists()
