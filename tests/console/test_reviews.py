"""The review pages: for whom they open, what they show, and how one item follows the other."""

import re

import pytest
from django.urls import reverse

from consensus.app.actions.review_item import review_item
from labelling.models import Answer, Decision, Project
from labelling.releases.create_release import create_release
from people.models import Person
from tests.consensus_app.disputed import decision_of, disputed_world, other_answer
from tests.roles import as_owner
from tests.security.hostile import EVERYTHING, PAYLOADS
from tests.security.test_hostile_text import acts, hostile_world

pytestmark = pytest.mark.django_db
LIST = "/console/review/"


@pytest.fixture
def world():
    """Three items, each called good once and bad once; the first is the least sure, the last the surest."""
    world = disputed_world()
    for place, item in enumerate(world.items):
        Decision.objects.filter(item=item).update(confidence_ppm=500_000 + place)
    return world


@pytest.fixture
def reviewer(client):
    person = Person.objects.create_user(email="reviewer@example.org", is_reviewer=True)
    client.force_login(person)
    return person


def address(item) -> str:
    return reverse("console:review", args=[item.pk])


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def choices(response) -> list[str]:
    return re.findall(r'name="choice" value="([^"]+)"', response.content.decode())


def test_only_those_who_may_find_the_list_and_the_link_to_it(client, world, reviewer):
    assert f'href="{LIST}"' in client.get("/console/").content.decode()
    client.force_login(world.requester)
    assert client.get(LIST).status_code == 200
    assert f'href="{LIST}"' in client.get("/console/").content.decode()
    disputed = client.get(reverse("console:disputed", args=[world.project.pk]))
    assert "Decide 3 items yourself" in text_of(disputed)
    client.force_login(world.workers[2].person)
    assert client.get(LIST).status_code == client.get(address(world.items[0])).status_code == 404
    admin = Person.objects.create_user(email="admin@example.org", is_staff=True)
    client.force_login(admin)
    assert client.get(LIST).status_code == 404
    assert LIST not in client.get(reverse("console:disputed", args=[world.project.pk])).content.decode()


def test_the_list_begins_with_the_least_sure_and_goes_on_by_pages(client, world, reviewer, monkeypatch):
    monkeypatch.setattr("console.views.reviews.PER_PAGE", 2)
    first = client.get(LIST).content.decode()
    assert "3 left" in first
    rows = re.findall(r'<td><a class="row" href="([^"]+)"', first)
    assert rows == [address(item) for item in world.items[:2]]
    after = re.search(r'href="([^"]+after=[^"]+)"', first).group(1)
    second = client.get(LIST + after).content.decode()
    assert re.findall(r'<td><a class="row" href="([^"]+)"', second) == [address(world.items[2])]
    assert "after=" not in second
    for spoiled in ("x", "1-", "-1", "9" * 18 + "-" + "9" * 18, "1-2-3"):
        assert client.get(LIST, {"after": spoiled}).status_code == 200


def test_a_reviewer_may_keep_to_one_project(client, world, reviewer):
    """The list, the way from item to item and back are of that project alone."""
    other = hostile_world().items[0]
    Decision.objects.filter(item=other).update(final=True, sure=False, confidence_ppm=900_000)
    assert "4 left" in client.get(LIST).content.decode()
    kept = {"project": world.project.pk}
    page = client.get(LIST, kept).content.decode()
    assert "3 left" in page
    assert address(other) not in page
    assert f"{address(world.items[0])}?project={world.project.pk}" in page
    sent = client.post(f"{address(world.items[0])}?project={world.project.pk}", {"choice": "as_decided"})
    assert sent.url == f"{address(world.items[1])}?saved={world.items[0].pk}&project={world.project.pk}"
    alone = client.post(f"{address(other)}?project={other.project_id}", {"choice": "as_decided"})
    assert alone.url == f"{LIST}?saved={other.pk}&project={other.project_id}"
    for spoiled in ("x", "-1", "0"):
        assert client.get(LIST, {"project": spoiled}).status_code == 200


def test_answers_stand_side_by_side_without_names_each_once(client, world, reviewer):
    item = world.items[0]
    page = client.get(address(item))
    other = other_answer(decision_of(item))
    assert sorted(choices(page)) == sorted(["as_decided", str(other.pk), "cannot_be_told", "other"])
    assert choices(page)[-2:] == ["cannot_be_told", "other"]
    assert text_of(page).count("what the crowd decided") == 1
    assert "Which answer is right?" in text_of(page)
    assert not any(worker.pseudonym in page.content.decode() for worker in world.workers)


def test_a_merged_decision_is_a_choice_of_its_own(client, world, reviewer):
    item = world.items[0]
    Project.objects.update(task_type="text", config={"language": "en", "kind": "transcription"})
    with as_owner():
        Answer.objects.filter(item=item).update(value={"text": "ubuntu"}, body_sha256="a")
    Decision.objects.filter(item=item).update(value={"text": "ubuntu ngabantu"})
    page = client.get(address(item))
    [answer, merged, _untold, _other] = choices(page)
    assert Answer.objects.filter(pk=answer, item=item).exists()
    assert merged == "as_decided"
    assert "2 answers" in text_of(page)
    assert "put together from the answers" in text_of(page)


def test_what_is_sent_is_saved_and_the_next_item_comes_with_a_way_back(client, world, reviewer):
    first, second, third = world.items
    chosen = other_answer(decision_of(first))
    sent = client.post(address(first), {"choice": str(chosen.pk), "reason": "It is plain."})
    assert sent.url == f"{address(second)}?saved={first.pk}"
    assert decision_of(first).value == chosen.value
    page = client.get(sent.url)
    said = {"good": "Good", "bad": "Bad"}[chosen.value["label"]]
    assert f"Saved: {said}" in text_of(page)
    assert "2 left" in text_of(page)
    assert reverse("console:undo_review", args=[first.pk]) in page.content.decode()
    assert f'href="{address(third)}" data-skip' in page.content.decode()
    client.post(address(second), {"choice": "as_decided"})
    last = client.post(address(third), {"choice": "cannot_be_told"})
    assert last.url == f"{LIST}?saved={third.pk}"
    end = text_of(client.get(last.url))
    assert "Saved: It cannot be told" in end
    assert "Nothing waits for a review." in end


def test_undo_leads_back_to_the_item_until_a_release_holds_it(client, world, reviewer):
    first, second = world.items[:2]
    before = decision_of(first).value
    client.post(address(first), {"choice": str(other_answer(decision_of(first)).pk)})
    undone = client.post(reverse("console:undo_review", args=[first.pk]), follow=True)
    assert undone.redirect_chain == [(address(first), 302)]
    assert "what the crowd decided stands again" in text_of(undone)
    assert (decision_of(first).value, decision_of(first).source) == (before, "crowd")
    client.post(address(second), {"choice": "as_decided"})
    create_release(world.requester, world.project)
    assert "Undo" not in text_of(client.get(f"{LIST}?saved={second.pk}"))
    refused = client.post(reverse("console:undo_review", args=[second.pk]), follow=True)
    assert "cannot be undone any more" in text_of(refused)
    assert decision_of(second).source == "reviewer"


def test_a_form_without_a_choice_or_with_too_long_a_reason_comes_back(client, world, reviewer):
    item = world.items[0]
    empty = client.post(address(item), {"reason": "I looked at it twice."})
    assert empty.status_code == 400
    assert "Choose one of the answers" in text_of(empty)
    assert "I looked at it twice." in text_of(empty)
    long = client.post(address(item), {"choice": "as_decided", "reason": "x" * 501})
    assert long.status_code == 400
    assert "at most 500 characters" in text_of(long)
    assert re.search(r'value="as_decided" required checked', long.content.decode())
    assert decision_of(item).source == "crowd"


def test_who_comes_second_is_told_in_one_sentence(client, world, reviewer):
    item = world.items[0]
    second = Person.objects.create_user(email="second@example.org", is_reviewer=True)
    review_item(second, item.pk, "as_decided")
    sent = client.post(address(item), {"choice": "cannot_be_told"})
    assert sent.status_code == 409
    assert "Another reviewer has decided this item in the meantime" in text_of(sent)
    seen = client.get(address(item), follow=True)
    assert "This item is reviewed already." in text_of(seen)
    assert "Saved:" not in text_of(client.get(f"{LIST}?saved={item.pk}"))  # the other's, not hers
    assert client.get(f"{LIST}?saved=999999999999999999").status_code == 200
    assert client.get("/console/review/99999999999999999999999/").status_code == 404


def test_the_labels_page_shows_reviewed_items(client, world, reviewer):
    review_item(reviewer, world.items[0].pk, "cannot_be_told")
    client.force_login(world.requester)
    page = text_of(client.get(reverse("console:items", args=[world.project.pk]), {"state": "reviewed"}))
    assert "cannot be told" in page
    assert "text number 0" in page
    assert "text number 1" not in page


# A session, the person, and then what the page shows; the same for any number of items.
REVIEW_QUERIES = {"list": 7, "item": 9}


@pytest.mark.parametrize("page", sorted(REVIEW_QUERIES))
def test_a_review_page_costs_a_fixed_number_of_queries(client, world, reviewer, page, django_assert_num_queries):
    review_item(reviewer, world.items[0].pk, "as_decided")
    where = LIST if page == "list" else address(world.items[1])
    with django_assert_num_queries(REVIEW_QUERIES[page]):
        assert "Saved:" in text_of(client.get(where, {"saved": world.items[0].pk}))


def test_hostile_text_stays_text(client, reviewer):
    world = hostile_world()
    item = world.items[0]
    Decision.objects.filter(item=item).update(final=True, sure=False)
    sent = {"choice": PAYLOADS[0], "reason": EVERYTHING * 9}
    for response in (client.get(LIST), client.get(address(item)), client.post(address(item), sent)):
        assert response.status_code in (200, 400)
        assert acts(response.content.decode()) == []
