"""The card of a skill run on the project's page, and its key to stop it."""

import pytest

from consensus.app.actions import skill_runs as runs
from consensus.app.models import Skill, SkillRun
from people.models import AuditEntry
from tests.consensus_app.crowd import crowded

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings):
    settings.SKILL_SHARD_ANSWERS = 60
    return crowded(items=30)


def test_the_project_page_shows_how_far_it_is_and_stops_it(world, client):
    client.force_login(world.requester)
    page, stop = f"/console/projects/{world.project.pk}/", f"/console/projects/{world.project.pk}/skills/cancel/"
    assert "skill-run" not in client.get(page).content.decode()
    run = runs.start_run(world.project)
    for shard in range(run.n_shards):
        runs.work_on(run.pk, 0, shard)
    runs.advance(run.pk, 0)
    runs.work_on(run.pk, 1, 0)
    for shown in (client.get(page).content.decode(), client.get(f"{page}progress/").content.decode()):
        assert "one coin, pass 0: 1 of 2 shards, 120 answers" in shown
        assert 'hx-trigger="every 5s"' in shown
        assert stop in shown

    said = client.post(stop, follow=True).content.decode()
    assert "Stopped. Decisions go on with the skills that were known before." in said
    assert "skill-run" not in said
    assert SkillRun.objects.get(pk=run.pk).state == "cancelled"
    assert not Skill.objects.exists()
    assert AuditEntry.objects.filter(
        action="skill_run.cancel", actor=world.requester, target=f"skillrun:{run.pk}"
    ).exists()

    assert "there is nothing to stop" in client.post(stop, follow=True).content.decode()
