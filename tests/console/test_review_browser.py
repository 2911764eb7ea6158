"""Reviewing in a real Chromium: by keys alone, on a phone and on a desk, light and dark, with pictures and with words."""

import re

import pytest

from intake.models import Media
from labelling.models import Answer, Decision, Item, Project
from people.models import AuditEntry, Person
from tests.consensus_app.disputed import disputed_world
from tests.console.test_accessibility import LOOK
from tests.console.test_browser import DESK, PHONE, browser, open_as, pytestmark  # noqa: F401
from tests.roles import as_owner

BOXES = [
    {"boxes": [{"label": "good", "x": 20, "y": 10, "width": 60, "height": 50}]},
    {"boxes": [{"label": "bad", "x": 90, "y": 30, "width": 80, "height": 60}]},
]


@pytest.fixture
def reviewer():
    return Person.objects.create_user(email="reviewer@example.org", is_reviewer=True)


@pytest.fixture
def world():
    world = disputed_world()
    for place, item in enumerate(world.items):
        Decision.objects.filter(item=item).update(confidence_ppm=500_000 + place, value={"label": "good"})
    return world


def draw_boxes(world) -> None:
    """The same items as pictures (there is no file: the overlay is what matters here)."""
    Project.objects.update(task_type="boxes", medium="image")
    variants = {"640": {"name": "variants/none.webp", "bytes": 1, "width": 200, "height": 100}}
    media = Media.objects.create(
        kind="image", sha256="0" * 64, organisation_id=world.organisation.pk, original="o", content_type="image/png",
        size_bytes=1, width_px=200, height_px=100, variants=variants,
    )  # fmt: skip
    Item.objects.filter(pk__in=[item.pk for item in world.items]).update(media=media, payload={})
    for item in world.items:
        for answer, value in zip(Answer.objects.filter(item=item).order_by("seq"), BOXES, strict=True):
            with as_owner():
                Answer.objects.filter(pk=answer.pk).update(value=value)
        Decision.objects.filter(item=item).update(value=BOXES[0])


def test_a_reviewer_works_by_keys_alone(open_as, world, reviewer):  # noqa: F811
    page = open_as(reviewer)
    first, second, third = world.items
    page.goto("/console/review/")
    page.click("text=Start")
    page.wait_for_url(f"**/review/{first.pk}/")
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/review/{second.pk}/?saved={first.pk}")
    assert Decision.objects.get(item=first).value == {"label": "bad"}
    page.keyboard.press("s")
    page.wait_for_url(f"**/review/{third.pk}/")
    page.focus("#reason")
    page.keyboard.type("2 s")  # words, while something is typed
    assert page.input_value("#reason") == "2 s"
    assert page.locator("input[name=choice]:checked").count() == 0
    page.focus("input[name=choice] >> nth=0")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/review/?saved={third.pk}")
    review = Decision.objects.get(item=third).detail["review"]
    assert (review["choice"], review["reason"]) == ("cannot_be_told", "2 s")
    page.click("text=Undo")
    page.wait_for_url(f"**/review/{third.pk}/")
    assert Decision.objects.get(item=third).source == "crowd"
    assert page.complaints == []


def test_without_a_choice_nothing_is_sent_and_keys_elsewhere_do_nothing(open_as, world, reviewer):  # noqa: F811
    page = open_as(reviewer)
    page.goto(f"/console/review/{world.items[0].pk}/")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "choice"  # the browser asks for it
    page.focus(".brand")
    page.keyboard.press("2")
    page.keyboard.press("s")
    assert page.url.endswith(f"/review/{world.items[0].pk}/")
    assert page.locator("input[name=choice]:checked").count() == 0
    assert not AuditEntry.objects.filter(action="decision.review").exists()


@pytest.mark.parametrize("pictures", [False, True], ids=["words", "pictures"])
@pytest.mark.parametrize(("viewport", "dark"), [(PHONE, False), (DESK, True)], ids=["phone", "desk"])
def test_the_pages_fit_and_have_no_fault_that_a_program_sees(open_as, world, reviewer, viewport, dark, pictures):  # noqa: F811
    if pictures:
        draw_boxes(world)
    page = open_as(reviewer, viewport)
    if dark:
        page.add_init_script("localStorage.setItem('ilima-theme', 'dark')")
    page.route("**/media/**", lambda route: route.fulfill(status=200, content_type="image/svg+xml", body=PICTURE))
    for address in ("/console/review/", f"/console/review/{world.items[0].pk}/"):
        assert page.goto(address).status == 200
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
        assert page.evaluate(LOOK) == [], address
    group = page.get_by_role("group", name="Which answer is right?")
    assert group.get_by_role("radio").count() == 4  # two that were given, one that nobody gave, and none of them
    assert group.get_by_role("radio", name=re.compile("^(Good|Bad)")).count() == 2
    page.click("label.choice >> nth=1")
    page.click("button:has-text('Save')")
    page.wait_for_url("**saved=**")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(LOOK) == []
    assert page.complaints == []


PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="200" height="100" fill="#9ab"/></svg>'
