"""The widgets of the phone app as the console's editor, in a real Chromium: every type, by touch, mouse and keys."""

import json

import pytest
from django.urls import reverse

from labelling import task_types
from labelling.models import Decision, Gold, Item
from tests.axe import AXE, axe_on
from tests.console.test_accessibility import LOOK
from tests.console.test_browser import DESK, PHONE, browser, open_as, pytestmark  # noqa: F401
from tests.console.test_review_browser import PICTURE
from tests.phone.browser import Fingers
from tests.work.test_every_type import decided_world, truth_and_wrong


def editor_in(page, where: str):
    """The frame of the editor, opened."""
    frame = page.frame_locator(f"{where} .editor iframe")
    frame.get_by_test_id("editor").wait_for()
    page.wait_for_selector(f"{where} .editor[data-ready]")
    return frame


def written(page, where: str) -> dict:
    return json.loads(page.input_value(f"{where} textarea[name=value]"))


SENT_OR_ASKED = """() => document.querySelector(".messages .good") || [...document.querySelectorAll(".editor iframe")]
    .some((frame) => frame.contentDocument?.querySelector("[data-testid=sure]"))"""
LABEL = "details:has(form[action$='/label/'])"
GOLD = "details:has(form[action$='/gold/'])"


def opened_item(page, item: Item, where: str):
    page.route("**/media/**", lambda route: route.fulfill(status=200, content_type="image/svg+xml", body=PICTURE))
    page.goto(reverse("console:item", args=[item.pk]))
    page.click(f"{where} > summary")
    return editor_in(page, where)


@pytest.mark.parametrize(
    ("name", "viewport"),
    [(name, (PHONE, DESK)[n % 2]) for n, name in enumerate(task_types.NAMES)],
    ids=task_types.NAMES,
)
def test_any_answer_is_corrected_beginning_with_a_workers(open_as, name, viewport):  # noqa: F811
    world, (truth, wrong) = decided_world(name), truth_and_wrong(name)
    page, item = open_as(world.requester, viewport), world.items[0]
    frame = opened_item(page, item, LABEL)
    assert written(page, LABEL) == truth, "it begins with what stands, in its canonical form"
    start = page.locator(f"{LABEL} [data-start]", has_text=world.workers[2].pseudonym)
    start.click()
    assert written(page, LABEL) == wrong
    frame.get_by_test_id("undo").click()
    assert written(page, LABEL) == truth
    start.click()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(LOOK) == []
    if AXE.exists():  # tests/phone/test_axe.py says where it comes from
        assert axe_on(page) + axe_on(page.query_selector(f"{LABEL} .editor iframe").content_frame()) == []
    page.locator(f"{LABEL} button[type=submit]").click()
    page.wait_for_function(SENT_OR_ASKED)
    said = page.locator(".messages .good")
    if not said.count():  # that nothing is there is asked once, as on the phone, and nothing is sent meanwhile
        assert Decision.objects.get(item=item).value == truth
        frame.get_by_test_id("sure").click()
    said.wait_for()
    assert Decision.objects.get(item=item).value == wrong
    assert page.complaints == []


def in_review(page, world):
    """The editor of a review, which comes when none of the answers is right."""
    item = world.items[0]
    Decision.objects.filter(item=item).update(sure=False, confidence_ppm=600_000)
    page.goto(reverse("console:review", args=[item.pk]))
    page.click("label.choice:has(input[value=other])")
    return editor_in(page, "form")


def middle_of(frame) -> tuple[float, float]:
    stage = frame.get_by_test_id("stage")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_reviewer_draws_the_right_answer_by_mouse_by_keys_and_by_touch(open_as):  # noqa: F811
    """boxes: what is said of mouse, keys and fingers is the same for all that is drawn."""
    [name] = [kind.name for kind in task_types.every() if kind.marks == "boxes"]
    world = decided_world(name)
    page = open_as(world.requester, DESK)
    frame = in_review(page, world)
    stands = written(page, "form")
    frame.get_by_test_id("mode-drag").click()
    x, y = middle_of(frame)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=4)
    page.mouse.up()
    by_mouse = written(page, "form")
    assert len(by_mouse["boxes"]) == len(stands["boxes"]) + 1
    page.keyboard.press("Control+z")
    assert written(page, "form") == stands
    page.keyboard.press("n")
    page.keyboard.press("Shift+ArrowLeft")
    by_keys = written(page, "form")
    assert len(by_keys["boxes"]) == len(stands["boxes"]) + 1
    page.keyboard.press("Enter")
    page.wait_for_url("**saved=**")
    decision = Decision.objects.get(item=world.items[0])
    assert (decision.value, decision.source) == (by_keys, "reviewer")
    assert decision.detail["review"]["choice"] == "other"
    assert page.complaints == []

    phone = open_as(world.requester, PHONE)
    frame = opened_item(phone, world.items[1], GOLD)
    frame.get_by_test_id("mode-drag").click()
    x, y = middle_of(frame)
    Fingers(phone).drag((x, y), (x + 50, y + 40))
    phone.wait_for_function(
        "n => JSON.parse(document.querySelector('#known-answer').value).boxes.length === n",
        arg=len(stands["boxes"]) + 1,
    )
    by_touch = written(phone, GOLD)
    phone.locator(f"{GOLD} button[type=submit]").click()
    phone.wait_for_selector(".messages .good")
    assert Gold.objects.get(item=world.items[1]).truth == by_touch
    assert phone.complaints == []


def test_an_unfinished_answer_is_refused_in_its_place_and_not_sent(open_as):  # noqa: F811
    [name] = [kind.name for kind in task_types.every() if kind.scalar == "text" and kind.writes_words]
    world = decided_world(name)
    page = open_as(world.requester, PHONE)
    frame = opened_item(page, world.items[0], LABEL)
    stands = Decision.objects.get(item=world.items[0]).value
    frame.get_by_test_id("writing").fill("  ")
    page.locator(f"{LABEL} button[type=submit]").click()
    frame.get_by_test_id("trouble").wait_for()
    assert page.locator(f"{LABEL} textarea[name=value]").input_value() == ""
    frame.get_by_test_id("enlarge").click()
    assert page.locator(".editor[data-large] iframe").bounding_box()["width"] == PHONE["width"]
    frame.get_by_test_id("writing").fill("ubuntu")
    page.keyboard.press("Escape")
    assert page.locator(".editor[data-large]").count() == 0
    assert Decision.objects.get(item=world.items[0]).value == stands
    page.locator(f"{LABEL} button[type=submit]").click()
    page.wait_for_selector(".messages .good")
    assert Decision.objects.get(item=world.items[0]).value == {"text": "ubuntu"}
