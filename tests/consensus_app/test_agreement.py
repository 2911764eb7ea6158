"""Agreement beyond chance: measured when skills are learned, shown on the project's page."""

import pytest
from django.test import Client

from consensus.app.actions.measure_agreement import measure_agreement
from consensus.app.actions.refresh_skills import refresh_skills
from consensus.app.models import Skill
from consensus.core.metrics.alpha import krippendorff_alpha
from console.statistics import progress_of
from labelling.models import Answer
from tests.consensus_app.crowd import crowded
from tests.worlds import sentiment_world


@pytest.mark.django_db
def test_alpha_of_all_answers_stands_in_the_crowds_summary_and_on_the_page():
    world = crowded(items=60)
    rows = list(Answer.objects.filter(project=world.project).values_list("item_id", "value__label"))
    known = krippendorff_alpha([item for item, _ in rows], [label for _, label in rows])
    assert progress_of(world.project).beyond_chance is None
    assert refresh_skills(world.project.pk) == 9
    found = Skill.objects.get(project=world.project, annotator="crowd").summary["agreement"]
    assert found == {
        "alpha_ppm": round(1e6 * known.alpha), "low_ppm": round(1e6 * known.low), "high_ppm": round(1e6 * known.high), "answers": 240,
    }  # fmt: skip
    assert 0 < found["low_ppm"] < found["alpha_ppm"] < found["high_ppm"] < 1_000_000
    assert progress_of(world.project).beyond_chance == found
    client = Client()
    client.force_login(world.requester)
    page = client.get(f"/console/projects/{world.project.pk}/progress/").content.decode()
    assert f"alpha {known.alpha:.2f}, from {known.low:.2f} to {known.high:.2f}" in page


@pytest.mark.django_db
def test_answers_that_cannot_be_compared_have_no_alpha():
    assert measure_agreement(sentiment_world(items=2, workers=2).project) is None
