"""The console's pages of bans: made on evidence that is there, listed, lifted, and appeals decided while the clock runs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from console.evidence import say
from console.flags import NAMES
from labelling.conduct.appeal_ban import appeal_ban
from labelling.conduct.ban_worker import ban_worker
from labelling.conduct.evidence import NUMBERS
from labelling.models.bans import Appeal, Ban
from people.models import Person
from tests.console.test_flags import crowd, text_of  # noqa: F401
from tests.work.test_bans import SENTENCE, banned
from tests.worlds import opened, sentiment_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return opened(sentiment_world(items=3, workers=2))


def made_admin(name: str) -> Person:
    return Person.objects.create_user(email=f"{name}@example.org", is_staff=True, is_superuser=True)


@pytest.fixture
def admin():
    return made_admin("admin")


def url(name: str, *args) -> str:
    return reverse(f"console:{name}", args=args)


def asked(**more) -> dict:
    return {"project": "", "reason": "accounts", "until": 7, "sentence": SENTENCE} | more


def test_a_ban_is_made_on_the_flags_that_stand_and_told_in_their_words(client, crowd, admin):  # noqa: F811
    client.force_login(admin)
    address, project = url("admin_new_ban", crowd.machine.pk), crowd.world.project.pk
    form = client.get(address).context["form"]
    [(key, sentence)] = [(k, s) for k, s in form.fields["evidence"].choices if "came faster than people work" in s]
    sent = client.post(address, asked(project=project, reason="automated", evidence=[key]))
    ban = Ban.objects.get()
    assert sent.url == url("admin_ban", ban.pk)
    assert (ban.worker_id, ban.project_id, ban.made_by, ban.reason) == (crowd.machine.pk, project, admin, "automated")
    assert timedelta(days=7) - (ban.until - ban.starts_at) < timedelta(seconds=5)
    assert [one["kind"] for one in ban.evidence] == ["fast"]
    assert sentence in text_of(client.get(sent.url))
    worker_page = text_of(client.get(url("admin_worker", crowd.machine.pk)))
    assert SENTENCE in worker_page
    assert worker_page.count("stood when banned") == 1


def test_evidence_never_names_another_worker(client, crowd, admin):  # noqa: F811
    client.force_login(admin)
    address = url("admin_new_ban", crowd.ring[0].pk)
    [ring] = [k for k, s in client.get(address).context["form"].fields["evidence"].choices if "another worker" in s]
    client.post(address, asked(project=crowd.world.project.pk, reason="copied", evidence=[ring]))
    told = str(Ban.objects.get().evidence)
    assert not any(other.pseudonym in told for other in crowd.ring)
    assert "partner" not in told


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"until": 0}, "until"),
        ({"until": 366}, "until"),
        ({"sentence": "No."}, "sentence"),
        ({"reason": "dislike"}, "reason"),
        ({"reason": "unread"}, "evidence"),
        ({"evidence": ["flag-999"]}, "evidence"),
        ({"project": 999_999}, "project"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_made(client, world, admin, wrong, field):
    client.force_login(admin)
    page = client.post(url("admin_new_ban", world.workers[0].pk), asked(**wrong))
    assert page.status_code == 400
    assert set(page.context["form"].errors) == {field}
    assert not Ban.objects.exists()


def test_an_appeal_waits_with_its_clock_and_is_decided_by_another(client, world, admin):
    ban = banned(admin, world.workers[0], world.project)
    appeal_ban(world.workers[0], ban.pk, "I looked at each.")
    Appeal.objects.update(made_at=timezone.now() - timedelta(hours=70, minutes=30))
    client.force_login(admin)
    assert "1 h 29 min left" in text_of(client.get(url("admin_bans")))
    own = client.get(url("admin_ban", ban.pk))
    assert "somebody else decides the appeal" in text_of(own)
    assert url("decide_appeal", ban.pk) not in own.content.decode()
    answer = {"outcome": "won", "answer": "You are right, and we are sorry."}
    assert client.post(url("decide_appeal", ban.pk), answer).status_code == 403
    client.force_login(made_admin("other"))
    assert client.post(url("decide_appeal", ban.pk), {"outcome": "won"}).status_code == 400
    assert Appeal.objects.get().outcome == ""
    assert client.post(url("decide_appeal", ban.pk), answer).url == url("admin_ban", ban.pk)
    assert (Appeal.objects.get().outcome, Ban.objects.get().lifted_because) == ("won", "appeal")
    assert "You are right, and we are sorry." in text_of(client.get(url("admin_ban", ban.pk)))


def test_a_ban_is_lifted_with_a_sentence(client, world, admin):
    ban = banned(admin, world.workers[0], world.project)
    client.force_login(admin)
    assert client.post(url("lift_ban", ban.pk), {"note": " "}).status_code == 400
    assert Ban.objects.get().stands
    client.post(url("lift_ban", ban.pk), {"note": "A mistake of ours."})
    page = client.get(url("admin_ban", ban.pk))
    assert "A mistake of ours." in text_of(page)
    assert url("lift_ban", ban.pk) not in page.content.decode()
    again = client.post(url("lift_ban", ban.pk), {"note": "Twice."})
    assert (again.status_code, "ended already" in text_of(again)) == (400, True)


def test_the_list_has_pages_and_can_show_the_standing_only(client, world, admin, monkeypatch):
    monkeypatch.setattr("console.paging.page_of.__defaults__", (2, "pk", ""))
    until = timezone.now() + timedelta(days=1)
    for worker in world.workers:
        for project in (world.project, None):
            ban_worker(admin, worker, project, reason="accounts", sentence=SENTENCE, until=until, evidence=[])
    Ban.objects.filter(worker=world.workers[1]).update(lifted_at=timezone.now(), lifted_because="admin")
    client.force_login(admin)
    first = client.get(url("admin_bans"))
    assert [ban.worker for ban in first.context["page"]] == [world.workers[1]] * 2
    second = client.get(url("admin_bans"), {"before": first.context["page"].older})
    assert [ban.worker for ban in second.context["page"]] == [world.workers[0]] * 2
    standing = client.get(url("admin_bans"), {"standing": "1"})
    assert {ban.worker for ban in standing.context["page"]} == {world.workers[0]}
    listed = client.get(url("admin_workers")).content.decode()
    assert listed.count(">banned<") == 1


def test_every_kind_of_evidence_has_a_sentence_without_holes():
    assert set(NUMBERS) == {*NAMES, "gold", "agreement"}
    for kind, names in NUMBERS.items():
        numbers = dict.fromkeys(names, 3) | ({"from": "2026-01-02T03:04:05+00:00"} if "from" in names else {})
        one = {"kind": kind, "title": "T", "numbers": numbers, "label_names": {"en": "Cat", "zu": "Ikati"}}
        assert "%(" not in say(one, "zu")
    assert "“Ikati”" in say(one | {"kind": "one_label", "numbers": dict.fromkeys(NUMBERS["one_label"], 3)}, "zu")
