"""Every page opens, for whom it is meant, with a fixed number of queries."""

import pytest
from django.urls import reverse

from delivery import outbox
from labelling.actions.accept_answers import accept_answers
from labelling.actions.draw_work import draw_work
from ledger.models import Account
from people.models import Person
from tests.worlds import answer_to, make_worker, opened, sentiment_world

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
    return world


@pytest.fixture
def admin():
    return Person.objects.create_user(email="admin@example.org", is_staff=True, is_superuser=True)


def of_project(world) -> list[tuple[str, list]]:
    project = ("project", "progress", "data", "batches", "disputed", "labels", "releases", "label_api", "price")
    return [(name, [world.project.pk]) for name in project] + [
        ("batch", [world.batch.pk]),
        ("item", [world.items[0].pk]),
        ("organisation", [world.organisation.pk]),
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
        ("admin_answers", [worker]),
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


# Statements a page costs, whatever the number of rows. A page that grows with its rows fails the test below.
QUERIES = {
    "home": 5, "projects": 4, "project": 13, "progress": 11, "data": 6, "batches": 9, "disputed": 6, "labels": 4,
    "releases": 5, "label_api": 8, "batch": 6, "item": 7, "organisation": 8, "tokens": 3, "webhooks": 4, "catalogue": 2,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_page_costs_no_more_queries_with_more_rows(client, world, name, django_assert_max_num_queries):
    args = dict(of_project(world)).get(name, [])
    client.force_login(world.requester)
    client.get(reverse(f"console:{name}", args=args))
    with django_assert_max_num_queries(QUERIES[name]):
        assert client.get(reverse(f"console:{name}", args=args)).status_code == 200


def test_a_worker_who_is_no_requester_is_led_to_the_phone_app(client):
    client.force_login(make_worker("lindiwe").person)
    page = client.get(reverse("console:home"))
    assert page.status_code == 200
    assert "/app/" in page.content.decode()
