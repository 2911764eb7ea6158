"""Every page opens, for whom it is meant, with a fixed number of queries."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from consensus.app.models import WorkerFlag
from delivery import outbox
from labelling.conduct.appeal_ban import appeal_ban
from labelling.models import Ban, Decision, Team
from labelling.models.holds import FLAGGED_FOR, PayHold
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger.models import Account
from payouts.actions.bank_transfers import record_transfer
from payouts.models import LinkFlag
from people.actions.invite_member import invite_member
from people.models import Person
from tests.security.world import payout_of
from tests.work.test_bans import banned
from tests.worlds import answer_to, make_worker, opened, sentiment_world, team_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Six items: four agreed on, two disputed to the end."""
    world = opened(sentiment_world(items=6, workers=3, golds=1))
    for number, worker in enumerate(world.workers):
        lent = draw_work(worker, world.batch, 20)
        said = [("bad" if number % 2 and i < 2 else "good") for i in range(len(lent))]
        accept_answers(worker, [answer_to(one, {"label": label}) for one, label in zip(lent, said, strict=True)])
        outbox.drain()
    team_of(world, *world.workers)
    return world


@pytest.fixture
def admin():
    return Person.objects.create_user(email="admin@example.org", is_staff=True, is_superuser=True)


def of_project(world) -> list[tuple[str, list]]:
    project = (
        "project",
        "progress",
        "data",
        "batches",
        "disputed",
        "items",
        "releases",
        "people",
        "label_api",
        "training",
        "exam",
        "voices",
        "thread",
        "sounds",
        "judges",
        "estimates",
        "price",
    )
    return [(name, [world.project.pk]) for name in project] + [
        ("batch", [world.batch.pk]),
        ("item", [world.items[0].pk]),
        ("organisation", [world.organisation.pk]),
        ("teams", [world.organisation.pk]),
        ("team", [Team.objects.get(organisation=world.organisation).pk]),
    ]


PLAIN = ["home", "projects", "catalogue", "tokens", "webhooks"]
ADMIN = ["admin_workers", "admin_ledger", "admin_payouts", "admin_periods", "admin_audit"]


def test_the_landing_page_needs_no_account(client):
    page = client.get(reverse("console:landing"))
    assert page.status_code == 200
    assert "/app/" in page.content.decode()


def test_every_page_of_a_requester_opens(client, world):
    client.force_login(world.requester)
    for name, args in [*of_project(world), *((name, []) for name in PLAIN)]:
        assert client.get(reverse(f"console:{name}", args=args)).status_code == 200, name
    for entry in ("image-classification", "translation"):
        assert client.get(reverse("console:new_project", args=[entry])).status_code == 200


def test_every_admin_page_opens_and_only_for_admins(client, world, admin):
    worker = world.workers[0].pk
    account = Account.objects.filter(kind="worker_available").first().pk
    pages = [
        *((name, []) for name in ADMIN),
        ("admin_worker", [worker]),
        ("admin_new_ban", [worker]),
        ("admin_bans", []),
        ("admin_ban", [banned(admin, world.workers[0], world.project).pk]),
        ("admin_answers", [worker]),
        ("admin_beside", [worker, world.workers[1].pk]),
        ("admin_account", [account]),
    ]
    for name, args in pages:
        client.force_login(world.requester)
        assert client.get(reverse(f"console:{name}", args=args)).status_code == 403, name
        client.force_login(admin)
        assert client.get(reverse(f"console:{name}", args=args)).status_code == 200, name


def test_the_project_page_shows_the_figures(client, world):
    client.force_login(world.requester)
    page = client.get(reverse("console:project", args=[world.project.pk])).content.decode()
    assert "of 6 items decided" in page
    disputed = client.get(reverse("console:disputed", args=[world.project.pk])).content.decode()
    assert disputed.count('<article class="card') == 2
    assert all(worker.pseudonym in disputed for worker in world.workers[:2])
    assert all(worker.person.email not in disputed for worker in world.workers)


def test_who_works_on_it_is_told_by_pseudonym_and_never_by_name(client, world):
    client.force_login(world.requester)
    people = client.get(reverse("console:people", args=[world.project.pk])).content.decode()
    told = client.get(f"/api/v1/projects/{world.project.pk}/workers").json()["results"]
    assert {one["worker"] for one in told} == {worker.pseudonym for worker in world.workers}
    for worker in world.workers:
        [figures] = [one for one in told if one["worker"] == worker.pseudonym]
        kept = worker.records.get(project=world.project)
        assert figures["answers"] == kept.answers > 0
        assert (figures["gold_seen"], figures["agreed"]) == (kept.gold_seen, kept.agreed)
        assert worker.pseudonym in people
        assert worker.person.email not in people
        assert worker.person.display_name not in people


# Statements a page costs, whatever the number of rows. A page that grows with its rows fails the test below.
QUERIES = {
    "home": 7, "projects": 4, "project": 15, "progress": 14, "data": 8, "batches": 10, "disputed": 8, "items": 7,
    "releases": 8, "people": 4, "label_api": 9, "judges": 5,
    "estimates": 5, "batch": 7, "item": 14, "organisation": 12, "tokens": 3, "webhooks": 4,
    "catalogue": 2, "training": 9, "exam": 10, "voices": 7, "thread": 4, "sounds": 4,
    "teams": 5, "team": 5,
}  # fmt: skip


# The admin's, with flags, several projects and money on them.
ADMIN_QUERIES = {
    "admin_workers": 4, "admin_worker": 18, "admin_answers": 5, "admin_beside": 7, "admin_ledger": 8, "admin_account": 4,
    "admin_payouts": 5, "admin_periods": 3, "admin_audit": 3, "admin_bans": 4, "admin_ban": 4, "admin_new_ban": 6,
    "admin_linked": 3, "admin_transfers": 3,
}  # fmt: skip


def of_admin(workers) -> dict[str, list]:
    account = Account.objects.filter(kind="worker_available").first().pk
    one, other = workers[:2]
    ban = Ban.objects.order_by("pk").first()
    return {
        "admin_ban": [ban.pk] if ban else [],
        "admin_new_ban": [one.pk],
        "admin_worker": [one.pk],
        "admin_answers": [one.pk],
        "admin_account": [account],
        "admin_beside": [one.pk, other.pk],
    }


@pytest.mark.parametrize("name", sorted(ADMIN_QUERIES))
def test_an_admin_page_costs_no_more_queries_with_more_rows(client, world, admin, name, django_assert_max_num_queries):
    flagged(world)
    owed(world)
    address = reverse(f"console:{name}", args=of_admin(world.workers).get(name, []))
    client.force_login(admin)
    client.get(address)
    with django_assert_max_num_queries(ADMIN_QUERIES[name]):
        assert client.get(address).status_code == 200


def test_every_admin_page_has_its_number_of_queries():
    from console.urls import urlpatterns

    admins = [pattern for pattern in urlpatterns if pattern.name.startswith("admin_")]
    # Those that are read: a form leads back to one of them.
    assert {page.name for page in admins if "GET" in page.callback.allowed_methods} == set(ADMIN_QUERIES)


def owed(world) -> None:
    """Of each of the workers a payout that waits, a hold with her words and a link to the others; and a bank transfer each."""
    now, clerk = timezone.now(), Person.objects.create_user(email="clerk@example.org", is_staff=True)
    for number, worker in enumerate(world.workers):
        payout_of(worker)
        asked = {"words": "I looked at each.", "appealed_at": now}
        PayHold.objects.create(
            worker=worker, project=world.project, kind="fast", since=now, until=now + FLAGGED_FOR, **asked
        )
        evidence = {"accounts": 2, "signals": ["number"], "alike": ["burst"]}
        LinkFlag.objects.create(
            group=uuid.uuid4(), worker=worker, evidence=evidence, made_at=now, until=now + FLAGGED_FOR
        )
        record_transfer(clerk, uuid.uuid4(), world.organisation.pk, 1_000_000, f"statement {number}")


def flagged(world) -> None:
    """Two flags for each of the workers, one that stands, one that was closed, each with a partner; and a ban with an appeal."""
    now = timezone.now()
    maker = Person.objects.create_user(email="maker@example.org", is_staff=True)
    for worker in world.workers:
        appeal_ban(worker, banned(maker, worker, world.project).pk, "I looked at each.")
    numbers = {
        "shared": 9.0,
        "same": 9.0,
        "same_expected": 5.0,
        "same_wrong": 2.0,
        "same_wrong_expected": 1.0,
        "ring_size": 3,
    }
    for place, worker in enumerate(world.workers):
        for kind, closed in (("ring", None), ("fast", now)):
            evidence = (
                numbers
                if kind == "ring"
                else dict.fromkeys(("answers", "window", "seconds", "least_s", "most_s", "usual_s"), 1)
            )
            WorkerFlag.objects.create(
                worker=worker, project=world.project, kind=kind, score_ppm=1, p_value=0.001, evidence=evidence,
                partners=[world.workers[place - 1].pk], method="abuse/1", first_seen=now, last_seen=now, closed_at=closed,
            )  # fmt: skip


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_page_costs_no_more_queries_with_more_rows(client, world, name, django_assert_max_num_queries):
    args = dict(of_project(world)).get(name, [])
    for address in ("one@example.org", "two@example.org"):
        invite_member(world.requester, world.organisation.pk, address)
    client.force_login(world.requester)
    client.get(reverse(f"console:{name}", args=args))
    with django_assert_max_num_queries(QUERIES[name]):
        assert client.get(reverse(f"console:{name}", args=args)).status_code == 200


def test_the_overview_says_what_waits_for_a_review(client, world):
    reviewer = Person.objects.create_user(email="r@example.org", is_reviewer=True)
    Decision.objects.update(final=True, sure=True)
    Decision.objects.filter(item__in=world.items[:2]).update(sure=False)
    for person in (reviewer, world.requester):
        client.force_login(person)
        assert "2 labels of which the crowd was not sure wait" in client.get(reverse("console:home")).content.decode()
    client.force_login(Person.objects.create_user(email="n@example.org"))
    assert "not sure" not in client.get(reverse("console:home")).content.decode()


def test_a_worker_who_is_no_requester_is_led_to_the_phone_app(client):
    client.force_login(make_worker("lindiwe").person)
    page = client.get(reverse("console:home"))
    assert page.status_code == 200
    assert "/app/" in page.content.decode()
