"""Walking through a list by its pager shows each row once, in both directions, also where many rows have one time."""

import re
import uuid

import pytest
from django.test import RequestFactory
from django.utils import timezone

from console.paging import START, page_of
from labelling.models import LabelRequest
from people.models import AuditEntry, Person
from tests.worlds import sentiment_world

pytestmark = pytest.mark.django_db
KEYS = ("requested_at", "pk")


def at(rows, key="pk", **query):
    return page_of(rows, RequestFactory().get("/", query), 10, key=key)


def walk(rows, key) -> tuple[list, list]:
    """The pages from the newest to the oldest, and from the oldest back."""
    down, page = [], at(rows, key)
    while page.older:
        down.append(page)
        page = at(rows, key, before=page.older)
    down.append(page)
    up = [page]
    while page.newer:
        page = at(rows, key, after=page.newer)
        up.append(page)
    return down, up


@pytest.fixture
def entries():
    AuditEntry.objects.bulk_create(AuditEntry(action=f"test.{n}") for n in range(35))
    return AuditEntry.objects.filter(action__startswith="test.")


@pytest.fixture
def requests():
    """Thirty-five, asked for at two moments."""
    world, now = sentiment_world(items=1, workers=1), timezone.now()
    moments = [now] * 20 + [now - timezone.timedelta(seconds=1)] * 15
    LabelRequest.objects.bulk_create(
        LabelRequest(id=uuid.uuid4(), project=world.project, item=world.items[0], requested_at=moment)
        for moment in moments
    )
    return LabelRequest.objects.all()


@pytest.mark.parametrize(("name", "key"), [("entries", "pk"), ("requests", KEYS)])
def test_each_row_is_shown_once_on_the_way_down_and_back(request, name, key):
    rows = request.getfixturevalue(name)
    keys = [key] if isinstance(key, str) else key
    whole = list(rows.order_by(*(f"-{one}" for one in keys)))
    down, up = walk(rows, key)
    assert [row for page in down for row in page] == whole
    assert [len(page) for page in down] == [10, 10, 10, 5]
    assert [page.is_first for page in down] == [True, False, False, False]
    assert up[-1].is_first
    assert list(up[-1]) == whole[:10]
    assert {row.pk for page in up for row in page} == {row.pk for row in whole}


def test_the_oldest_are_one_step_away_and_nothing_is_older(entries):
    page = at(entries, after=START)
    assert [row.action for row in page] == [f"test.{n}" for n in range(9, -1, -1)]
    assert (page.older, page.is_first) == (None, False)
    assert [row.action for row in at(entries, after=page.newer)] == [f"test.{n}" for n in range(19, 9, -1)]


@pytest.mark.parametrize(
    "cursor", ["", "x", "-1", "9" * 30, "1~2", "\x00", "²", "2026-01-01~x", "2026-01-01T00:00~" + "0" * 32]
)
def test_a_cursor_that_is_none_shows_the_beginning(entries, requests, cursor):
    assert at(entries, before=cursor).is_first
    assert at(entries, after=cursor).is_first
    assert at(requests, KEYS, before=cursor).is_first


def test_a_page_of_the_label_api_has_25_requests_and_a_pager_of_its_own(client, requests):
    project = requests[0].project
    client.force_login(Person.objects.get(memberships__organisation=project.organisation))
    address = f"/console/projects/{project.pk}/label-api/"
    first = client.get(address).content.decode()
    assert first.count(f"/console/items/{requests[0].item_id}/") == 25
    older = re.search(r'href="(\?asked_before=[^"]+)" rel="next"', first)[1]
    second = client.get(address + older.replace("&amp;", "&")).content.decode()
    assert second.count(f"/console/items/{requests[0].item_id}/") == 10
    assert 'rel="prev"' in second
