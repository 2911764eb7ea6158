"""Hostile text in every field that a page shows: nothing of it becomes a tag, an attribute or a script."""

import json
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from delivery import outbox
from labelling.conduct.appeal_ban import appeal_ban
from labelling.data.add_items import add_text_item
from labelling.models import Item, Project
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from people.actions.make_token import make_token
from people.models import Organisation, Person
from tests.security.hostile import EVERYTHING, PAYLOADS
from tests.work.test_bans import banned
from tests.worlds import World, answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db


class Tags(HTMLParser):
    """What a browser would act on: handlers, script text, script addresses, styles, htmx's own doors."""

    def __init__(self):
        super().__init__()
        self.found, self._script = [], None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        is_data = given.get("type") == "application/json"
        if tag == "script" and "src" not in given and not is_data:
            self.found.append("inline script")
        self.found += [
            f"{tag} {name}" for name in given if name.startswith("on") or name == "style" or name.startswith("hx-on")
        ]
        self.found += [
            f"{tag} {n}=javascript" for n, v in given.items() if (v or "").strip().lower().startswith("javascript:")
        ]
        if tag in ("iframe", "object", "embed", "style", "base"):
            self.found.append(tag)
        self.found += [f"{tag} {v}" for n, v in given.items() if n == "hx-trigger" and v == "load"]


def acts(html: str) -> list[str]:
    parser = Tags()
    parser.feed(html)
    return parser.found


def test_the_reader_of_tags_would_see_each_kind():
    """The control: every payload that is made of tags is noticed when it is not escaped."""
    silent = [payload for payload in PAYLOADS if not acts(f"<p>{payload}</p>")]
    assert silent == [p for p in PAYLOADS if not p.startswith(("<", '"><', "</"))]


def hostile_world() -> World:
    world = sentiment_world(items=2, workers=2, golds=1)
    text = EVERYTHING[:110]
    labels = [
        {"id": i, "name": {"en": EVERYTHING, "zu": EVERYTHING}, "colour": '"><script>hit()</script>'}
        for i in ("bad", "good")
    ]
    Project.objects.filter(pk=world.project.pk).update(
        title=text, config={"labels": labels}, instructions={"en": EVERYTHING, "zu": EVERYTHING}
    )
    Organisation.objects.filter(pk=world.organisation.pk).update(name=text)
    Person.objects.all().update(display_name=EVERYTHING[:80])
    world.project.refresh_from_db()
    for payload in PAYLOADS:
        add_text_item(world.dataset, payload + " ")
    Item.objects.update(external_id=EVERYTHING[:200], metadata={EVERYTHING: EVERYTHING})
    opened(world)
    type(world.batch).objects.update(name=text)
    for number, worker in enumerate(world.workers):
        lent = draw_work(worker, world.batch, 20)
        accept_answers(worker, [answer_to(one, {"label": ("good", "bad")[number]}) for one in lent])
    outbox.drain()
    make_token(world.requester, EVERYTHING[:80], ["label"])
    maker = Person.objects.create_user(email="maker@example.org", is_staff=True, display_name=EVERYTHING[:80])
    evidence = [{"kind": "gold", "project": 1, "title": EVERYTHING, "numbers": {"gold_seen": 9, "gold_right": 1}}]
    ban = banned(maker, world.workers[0], world.project, sentence=EVERYTHING[:900], evidence=evidence)
    appeal_ban(world.workers[0], ban.pk, EVERYTHING[:900])
    return world


def pages_of(world: World) -> list[str]:
    project = ("project", "progress", "data", "batches", "disputed", "items", "releases", "label_api")
    return [
        *(reverse(f"console:{name}", args=[world.project.pk]) for name in project),
        reverse("console:item", args=[world.items[0].pk]),
        reverse("console:batch", args=[world.batch.pk]),
        reverse("console:organisation", args=[world.organisation.pk]),
        *(reverse(f"console:{name}") for name in ("home", "projects", "tokens", "webhooks", "catalogue")),
    ]


def admin_pages_of(world: World) -> list[str]:
    worker = world.workers[0].pk
    return [
        *(reverse(f"console:{name}") for name in ("admin_workers", "admin_ledger", "admin_payouts", "admin_audit")),
        reverse("console:admin_worker", args=[worker]),
        reverse("console:admin_answers", args=[worker]),
        reverse("console:admin_new_ban", args=[worker]),
        reverse("console:admin_bans"),
        *(reverse("console:admin_ban", args=[ban.pk]) for ban in world.workers[0].bans.all()),
    ]


def test_no_page_lets_text_become_more_than_text(client):
    world = hostile_world()
    admin = Person.objects.create_user(email="admin@example.org", is_staff=True, display_name=EVERYTHING[:80])
    for person, pages in ((world.requester, pages_of(world)), (admin, admin_pages_of(world))):
        client.force_login(person)
        for page in pages:
            response = client.get(page)
            assert response.status_code == 200, page
            assert acts(response.content.decode()) == [], page


def test_what_was_typed_comes_back_as_text(client):
    world = sentiment_world()
    client.force_login(world.requester)
    form = {
        "organisation": world.organisation.pk,
        "title": EVERYTHING,
        "labels": EVERYTHING,
        "instructions_en": EVERYTHING,
    }
    page = client.post(reverse("console:new_project", args=["sentiment"]), form)
    assert page.status_code == 400
    assert acts(page.content.decode()) == []
    searched = client.get(
        reverse("console:items", args=[world.project.pk]),
        {"words": EVERYTHING, "label": EVERYTHING, "state": EVERYTHING},
    )
    assert acts(searched.content.decode()) == []


def test_every_page_forbids_inline_scripts_and_styles(client):
    world = opened(sentiment_world(golds=1))
    admin = Person.objects.create_superuser(email="admin@example.org")
    for person, pages in (
        (world.requester, pages_of(world)),
        (admin, [*admin_pages_of(world), reverse("admin:index")]),
    ):
        client.force_login(person)
        for page in ["/", "/accounts/login/", *pages]:
            response = client.get(page, follow=True)
            policy = response["Content-Security-Policy"]
            assert "unsafe-inline" not in policy, page
            assert ("unsafe-eval" in policy) == page.startswith("/admin/"), page
            assert "object-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert response["X-Content-Type-Options"] == "nosniff"
            assert response["X-Frame-Options"] == "DENY"


def test_the_api_answers_json_and_nothing_else(client):
    world = hostile_world()
    client.force_login(world.requester)
    response = client.get(reverse("api-project", args=[world.project.pk]))
    assert response["Content-Type"].startswith("application/json")
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert json.loads(response.content)["title"] == EVERYTHING[:110]
