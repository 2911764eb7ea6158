"""Teams: who opens a requester's link joins or not, and a project may lend its work to one team alone; nothing of it touches pay."""

import hashlib
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kernel.errors import Conflict, DomainError, NotFound
from labelling.access import get_offered_batch_for, get_open_batch_for, get_worked_project_for
from labelling.batches.open_training import open_training
from labelling.models import Answer, TeamLink, TeamMember
from labelling.projects.change_team import make_link, make_team, remove_from_team, revoke_link
from labelling.projects.edit_project import edit_project
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.join_team import NO_LINK, join_team, leave_team, link_of
from labelling.work.work_listing import has_new_work, offers_for
from people.models import AuditEntry, Membership, Person
from tests.work.test_bans import banned
from tests.worlds import World, answer_to, make_worker, opened, sentiment_world, sign_in, team_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """Two workers, of whom the first is in the team that the work is for."""
    world = opened(sentiment_world(items=6, workers=2, golds=8, gold_share_bps=1000))
    team, *_ = team_of(world, world.workers[0])
    edit_project(world.requester, world.project, asks_team=team.pk)
    return world


def offered(worker) -> list[int]:
    return [offer["batch"] for offer in offers_for(worker)[0]]


def may_draw(worker, batch) -> str:
    """Nothing, or the code of the refusal."""
    try:
        get_open_batch_for(worker, batch.pk)
    except Conflict as refusal:
        return refusal.code
    return ""


def test_work_of_a_team_is_there_for_its_members_alone(world):
    hers, other = world.workers
    training = open_training(world.requester, world.project, seats=2, examples=8)
    since = timezone.now() - timedelta(hours=1)
    assert sorted(offered(hers)) == sorted([world.batch.pk, training.pk])
    assert (offered(other), has_new_work(hers, since), has_new_work(other, since)) == ([], True, False)
    for batch in (world.batch, training):
        assert (may_draw(hers, batch), may_draw(other, batch)) == ("", "team")
        with pytest.raises(NotFound):
            get_offered_batch_for(other, batch.pk)
    with pytest.raises(NotFound):
        get_worked_project_for(other, world.project.pk)
    assert get_worked_project_for(hers, world.project.pk) == world.project
    edit_project(world.requester, world.project, asks_team=None)
    assert world.batch.pk in offered(other), "changed at any time"
    assert may_draw(other, world.batch) == ""


def test_a_team_costs_a_list_and_a_draw_no_query(world):
    hers = world.workers[0]

    def queries() -> list[int]:
        found = []
        for read in (lambda: offers_for(hers), lambda: get_open_batch_for(hers, world.batch.pk)):
            with CaptureQueriesContext(connection) as seen:
                read()
            found.append(len(seen))
        return found

    with_team = queries()
    edit_project(world.requester, world.project, asks_team=None)
    assert with_team == queries()


@pytest.mark.parametrize("way", ["leaves", "is taken out"])
def test_who_goes_keeps_what_she_holds_and_what_she_has_answered_is_paid(world, way):
    hers, other = world.workers
    lent = draw_work(hers, get_open_batch_for(hers, world.batch.pk), 2)
    [first] = accept_answers(hers, [answer_to(lent[0], {"label": "good"})])
    member = TeamMember.objects.get(worker=hers)
    if way == "leaves":
        leave_team(hers, member.team_id)
    else:
        remove_from_team(world.requester, member)
    assert (may_draw(hers, world.batch), offered(hers)) == ("team", [])
    assert get_offered_batch_for(hers, world.batch.pk), "what her task asks is still to be read"
    [second] = accept_answers(hers, [answer_to(lent[1], {"label": "good"})])
    paid = list(Answer.objects.filter(worker=hers).values_list("base_micro", flat=True))
    assert (first.status, second.status, paid) == ("accepted", "accepted", [world.batch.base_micro] * 2)
    with pytest.raises(NotFound):
        leave_team(other, member.team_id)


def test_of_a_link_only_a_hash_is_kept_and_who_goes_comes_back_by_it_unless_she_was_taken_out(world):
    hers = world.workers[0]
    team = world.project.asks_team
    link, address = make_link(world.requester, team, uses=1)
    secret = address.rsplit("/", 1)[1]
    assert TeamLink.objects.get(token_sha256=hashlib.sha256(secret.encode()).hexdigest()) == link
    assert secret not in str(list(TeamLink.objects.values())) + str(list(AuditEntry.objects.values("detail", "target")))
    new = make_worker("new")
    join_team(new, secret)
    assert join_team(new, secret).team == team, "safe to repeat"
    leave_team(new, team.pk)
    assert join_team(new, secret).left_at is None, "and she counts once"
    link.refresh_from_db()
    assert (link.uses, link.state) == (1, "used_up")
    remove_from_team(world.requester, TeamMember.objects.get(worker=new))
    refused(new, secret)
    later = make_link(world.requester, team)[1].rsplit("/", 1)[1]
    assert join_team(new, later).removed_at is None, "a link that was made since lets her in"
    assert may_draw(new, world.batch) == ""
    assert may_draw(hers, world.batch) == ""


def refused(worker, secret: str) -> None:
    """By one sentence, whatever is the matter with it."""
    for verb in (link_of, join_team):
        with pytest.raises(DomainError) as refusal:
            verb(worker, secret)
        assert (refusal.value.message, refusal.value.code, refusal.value.status) == (NO_LINK, "no_link", 404)
    assert not TeamMember.objects.filter(worker=worker, removed_at=None).exists()


def test_a_link_that_is_wrong_revoked_over_or_passed_on_too_often_lets_nobody_in(world):
    team, thief = make_team(world.requester, world.organisation, "Listeners"), world.workers[1]
    refused(thief, "x" * 43)
    used, ended, revoked = (make_link(world.requester, team, days=1, uses=1) for _ in range(3))
    join_team(make_worker("one"), used[1].rsplit("/", 1)[1])
    TeamLink.objects.filter(pk=ended[0].pk).update(expires_at=timezone.now())
    revoke_link(world.requester, revoked[0])
    for _link, address in (used, ended, revoked):
        refused(thief, address.rsplit("/", 1)[1])


def test_nobody_joins_her_own_organisations_team_and_who_is_banned_everywhere_joins_none(world):
    *_, secret = team_of(world)
    own, barred = make_worker("own"), world.workers[1]
    Membership.objects.create(organisation=world.organisation, person=own.person, role="viewer")
    banned(Person.objects.create_user(email="maker@example.org", is_staff=True), barred, None, reason="lent")
    for worker, code in ((own, "own_organisation"), (barred, "banned")):
        with pytest.raises(Conflict) as refusal:
            join_team(worker, secret)
        assert refusal.value.code == code
        assert not TeamMember.objects.filter(worker=worker).exists()


def test_another_organisations_team_cannot_be_asked_for(world):
    stranger = sentiment_world(items=1, workers=0)
    for number in (world.project.asks_team_id, 2**40):
        with pytest.raises(DomainError) as refusal:
            edit_project(stranger.requester, stranger.project, asks_team=number)
        assert refusal.value.field == "asks_team"


def test_over_the_api_a_requester_sees_pseudonyms_and_guessing_ends_soon(world, settings):
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "team_link": "4/hour"}
    team, new = world.project.asks_team_id, make_worker("new")
    requester, worker = sign_in(Client(), world.requester), sign_in(Client(), new.person)
    made = requester.post(f"/api/v1/teams/{team}/links", {"uses": 3}, content_type="application/json")
    assert made.headers["Content-Type"] == "application/json"
    secret = made.json()["link"].split("/app/#/team/")[1]

    def show(where: str, secret: str):
        return worker.post(f"/api/v1/work/{where}", {"secret": secret}, content_type="application/json")

    told = {"team": team, "name": "Readers", "requester": "Acme", "joined": False}
    assert show("team-link", secret).json() == told
    assert show("team-link/join", secret).json() == told | {"joined": True}
    assert worker.get("/api/v1/work/teams").json()["results"] == [told | {"joined": True}]
    members = requester.get(f"/api/v1/teams/{team}/members").content.decode()
    assert new.pseudonym in members
    assert new.person.email not in members
    assert new.person.display_name not in members
    [row, _] = requester.get(f"/api/v1/teams/{team}/members").json()["results"]
    assert requester.delete(f"/api/v1/team-members/{row['id']}").status_code == 204
    assert worker.get("/api/v1/work/teams").json()["results"] == []
    project = f"/api/v1/projects/{world.project.pk}"
    assert (
        requester.patch(project, {"target_ppm": 900_000}, content_type="application/json").json()["asks_team"] == team
    )
    assert requester.patch(project, {"asks_team": None}, content_type="application/json").json()["asks_team"] is None
    assert [show("team-link", "guess").status_code for _ in range(3)] == [404, 404, 429]
