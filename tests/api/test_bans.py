"""What the phone asks about bans, and what it is told."""

from datetime import timedelta

import pytest
from django.test import Client

from labelling.conduct.decide_appeal import decide_appeal
from labelling.conduct.lift_ban import lift_ban
from labelling.models.bans import Appeal
from tests.work.test_bans import EVIDENCE, SENTENCE, admin, banned, other_admin, phone_of, world  # noqa: F401

pytestmark = pytest.mark.django_db


def bans_on(phone: Client) -> list[dict]:
    return phone.get("/api/v1/bans").json()["results"]


def appeal(phone: Client, ban, words: str = "I looked at each."):
    return phone.post(f"/api/v1/bans/{ban.pk}/appeal", {"words": words}, content_type="application/json")


def test_she_sees_where_why_on_what_and_until_when_and_not_who(world, admin):  # noqa: F811
    phone = phone_of(world.workers[0])
    assert bans_on(phone) == []
    ban = banned(admin, world.workers[0], world.project)
    [told] = bans_on(phone)
    assert told == {
        "ban": ban.pk,
        "project": world.project.pk,
        "title": "Good or bad",
        "reason": "unread",
        "sentence": SENTENCE,
        "evidence": EVIDENCE,
        "starts_at": ban.starts_at.isoformat(),
        "until": ban.until.isoformat(),
        "stands": True,
        "lifted_at": None,
        "lifted_because": "",
        "lift_note": "",
        "may_appeal": True,
        "appeal": None,
    }
    assert phone.get("/api/v1/me").json()["worker"]["bans"] == 1
    assert phone.get("/api/v1/me").json()["roles"] == ["worker"]
    other = phone_of(world.workers[1])
    assert (bans_on(other), other.get("/api/v1/me").json()["worker"]["bans"]) == ([], 0)


def test_she_appeals_with_one_call_that_may_be_repeated(world, admin, other_admin):  # noqa: F811
    phone, ban = phone_of(world.workers[0]), banned(admin, world.workers[0], world.project)
    first = appeal(phone, ban)
    assert (first.status_code, first.json()["may_appeal"]) == (200, False)
    told = first.json()["appeal"]
    stored = Appeal.objects.get()
    assert told["answer_by"] == (stored.made_at + timedelta(hours=72)).isoformat()
    assert (told["words"], told["outcome"], told["decided_at"]) == ("I looked at each.", "", None)
    assert appeal(phone, ban).json() == first.json()
    other_words = appeal(phone, ban, "Another story.")
    assert (other_words.status_code, other_words.json()["error"]["code"]) == (409, "appealed")
    decide_appeal(other_admin, ban.pk, "won", "We are sorry.")
    [told] = bans_on(phone)
    assert (told["stands"], told["lifted_because"], told["appeal"]["answer"]) == (False, "appeal", "We are sorry.")
    assert phone.get("/api/v1/me").json()["worker"]["bans"] == 0


def test_anothers_ban_is_not_there(world, admin):  # noqa: F811
    ban = banned(admin, world.workers[0], world.project)
    stranger = phone_of(world.workers[1])
    absent = stranger.post("/api/v1/bans/999999/appeal", {"words": "x"}, content_type="application/json")
    theirs = appeal(stranger, ban)
    assert (theirs.status_code, theirs.json()) == (404, absent.json())
    assert not Appeal.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"), [({}, "words"), ({"words": " "}, "words"), ({"words": "x", "won": 1}, "won")]
)
def test_a_wrong_appeal_is_refused_by_field(world, admin, body, field):  # noqa: F811
    phone, ban = phone_of(world.workers[0]), banned(admin, world.workers[0], world.project)
    refused = phone.post(f"/api/v1/bans/{ban.pk}/appeal", body, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, field)
    assert not Appeal.objects.exists()


def test_the_list_goes_by_pages_and_costs_the_same_for_any_number(
    world,  # noqa: F811
    admin,  # noqa: F811
    monkeypatch,
    django_assert_num_queries,
):
    monkeypatch.setattr("api.views.bans.PER_PAGE", 2)
    worker, made = world.workers[0], []
    phone = phone_of(worker)
    for _ in range(3):
        made.append(banned(admin, worker, world.project))
        lift_ban(admin, made[-1].pk, "A mistake.")
    with django_assert_num_queries(4):  # session, person, worker, bans
        first = phone.get("/api/v1/bans").json()
    assert [one["ban"] for one in first["results"]] == [made[2].pk, made[1].pk]
    assert [one["ban"] for one in phone.get(first["next"]).json()["results"]] == [made[0].pk]
