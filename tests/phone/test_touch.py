"""Fingers on a small screen: pictures are whole and come nearer, boxes stay as they were drawn, keys stay in reach."""

import re

import pytest
from playwright.sync_api import expect

from labelling.models import Project
from tests.phone.browser import CHROMIUM, Fingers, begin, phone, sign_in
from tests.phone.layout import seen_share
from tests.phone.shown_world import PASSWORD, RULES, shown_world
from tests.phone.test_tasks import point_on

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]
KEYBOARD = """() => {
  const seen = window.visualViewport;
  Object.defineProperty(seen, "height", { get: () => globalThis.keyboard ?? innerHeight });
}"""


@pytest.fixture
def world(settings, live_server):
    settings.MEDIA_ORIGIN = live_server.url
    return shown_world()


def to(page, url, batch) -> None:
    page.goto(f"{url}/app/#/task/{batch.pk}")
    begin(page)
    page.get_by_test_id("task").wait_for()


def is_reached(locator) -> bool:
    """A finger on its middle, without any scrolling, lands on it."""
    return locator.evaluate("""(el) => {
        const box = el.getBoundingClientRect();
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        return y < (globalThis.keyboard ?? innerHeight) && el.contains(document.elementFromPoint(x, y));
    }""")


def test_a_picture_is_whole_and_comes_nearer_and_the_rule_is_read_once(live_server, world):
    with phone() as context:
        page = context.new_page()
        sign_in(page, live_server.url, world.worker.person.email, PASSWORD)
        tall, many = world.batches["tall"], world.batches["many"]
        page.goto(f"{live_server.url}/app/#/task/{tall.pk}")
        expect(page.get_by_test_id("teach")).to_contain_text("Look at the leaves first")
        expect(page.get_by_test_id("task")).to_have_count(0)
        begin(page)
        picture = page.get_by_test_id("picture")
        for batch in (tall, many):
            if batch is many:
                to(page, live_server.url, many)
            for width, height in ((360, 640), (320, 568), (640, 360)):
                page.set_viewport_size({"width": width, "height": height})
                shown = seen_share(picture.locator("img"))
                assert shown["share"] == pytest.approx(1, abs=0.01), (batch, width, height, shown)
                assert shown["contained"] == "contain"
                assert shown["height"] >= 150, (batch, width, height, shown)
        page.set_viewport_size({"width": 360, "height": 640})
        page.get_by_test_id("find-label").fill("bámb")  # accents are no part of it
        expect(page.locator(".answers .button")).to_have_text(["Bambara groundnut"])

        fingers, near = Fingers(page), page.get_by_test_id("enlarged")
        picture.click()
        near.wait_for()
        scale = lambda: float(near.get_attribute("data-scale"))  # noqa: E731
        fitting = scale()
        fingers.pinch(180, 320, 160)
        assert scale() > 3 * fitting
        before = near.locator(".stage > *").bounding_box()
        fingers.drag((180, 320), (140, 300))
        after = near.locator(".stage > *").bounding_box()
        assert after["x"] < before["x"] - 20
        page.go_back()  # the phone's back key
        expect(near).to_have_count(0)
        assert page.url.endswith(f"#/task/{many.pk}")
        expect(picture).to_be_focused()
        picture.click()
        near.wait_for()
        page.keyboard.press("Escape")
        expect(near).to_have_count(0)

        page.go_back()  # out of the step of what is closed already: on to the screen before
        expect(page).not_to_have_url(re.compile(rf"#/task/{many.pk}$"))
        to(page, live_server.url, tall)  # read already: begin() found nothing to press
        expect(page.get_by_test_id("rule")).to_have_text("Say which crop you see most of.")
        page.get_by_test_id("rule").tap()
        expect(page.get_by_test_id("how-to")).to_contain_text("Bare soil is no crop")
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("rule")).to_be_focused()
        Project.objects.filter(pk=tall.project_id).update(instructions={"en": RULES["en"] + "\n\nAnd look twice."})
        page.goto(f"{live_server.url}/app/#/batch/{tall.pk}")
        page.get_by_text("And look twice.").wait_for()
        page.get_by_test_id("start").tap()
        expect(page.get_by_test_id("teach")).to_contain_text("And look twice.")


def boxes_of(page) -> list[str]:
    return [key.get_attribute("aria-label") for key in page.locator(".shape-list button").all()]


def test_a_box_that_is_drawn_stays_as_it_is_until_it_is_meant(live_server, world):
    with phone() as context:
        page = context.new_page()
        sign_in(page, live_server.url, world.worker.person.email, PASSWORD)
        to(page, live_server.url, world.batches["boxes"])
        page.get_by_test_id("mode-drag").tap()
        fingers, at = Fingers(page), point_on(page, 800, 600)
        fingers.drag(at(100, 100), at(300, 300))
        expect(page.get_by_test_id("announcer")).to_contain_text("Box 1: Car, 200 by 200 pixels at 100, 100")
        [first] = boxes_of(page)
        x, y = at(300, 300)
        fingers.drag((x + 8, y + 8), at(500, 500))  # well within a finger of its corner: the next box
        fingers.drag(at(200, 200), at(260, 260))  # inside of it: the next box
        expect(page.locator(".shape-list button")).to_have_count(3)
        assert boxes_of(page)[0] == first

        expect(page.get_by_test_id("shape-2")).to_have_attribute("aria-pressed", "true")
        page.get_by_test_id("shape-0").click()
        expect(page.get_by_test_id("shape-0")).to_have_attribute("data-live", "true")
        fingers.drag((x, y), (x + 4, y + 3))  # a still finger
        fingers.tap(*at(200, 200))
        assert boxes_of(page)[0] == first
        fingers.drag(
            (x - 9, y - 9), (x + 9, y + 9)
        )  # takes hold beside the corner: it moves by as much, and does not jump
        expect(page.get_by_test_id("shape-0")).not_to_have_attribute("aria-label", first)
        said = page.get_by_test_id("announcer").inner_text()
        width = int(said.split(" is now ")[1].split(" by ")[0])
        assert width == pytest.approx(200 + 18 / (at(1, 0)[0] - at(0, 0)[0]), abs=3)
        page.get_by_test_id("undo").tap()
        expect(page.get_by_test_id("shape-0")).to_have_attribute("aria-label", first)
        page.get_by_test_id("shape-0").focus()
        for key in ("n", "Delete", ".", "Delete"):
            page.keyboard.press(key)
        expect(page.locator(".shape-list button")).to_have_count(2)
        assert is_reached(page.get_by_test_id("done"))


def test_the_keyboard_leaves_done_in_sight_and_a_sound_ends_with_its_task(live_server, world):
    with phone() as context:
        page = context.new_page()
        page.add_init_script(f"({KEYBOARD})()")
        sign_in(page, live_server.url, world.worker.person.email, PASSWORD)
        to(page, live_server.url, world.batches["long"])
        field, done = page.get_by_test_id("writing"), page.get_by_test_id("done")
        assert is_reached(field)
        assert page.title() == "Translate into isiZulu · Ilima"
        field.tap()
        page.evaluate("() => { globalThis.keyboard = 330; visualViewport.dispatchEvent(new Event('resize')); }")
        assert is_reached(done)
        assert is_reached(field)
        done.tap()  # nothing is written yet
        trouble = page.get_by_test_id("trouble")
        expect(trouble).to_have_text("Write something first")
        assert trouble.evaluate("(el) => getComputedStyle(el).color") == "rgb(122, 36, 16)"
        page.wait_for_timeout(3000)  # longer than a passing word stays
        expect(trouble).to_be_visible()
        field.fill("Umfula")
        expect(trouble).to_have_count(0)
        page.evaluate("() => { globalThis.keyboard = undefined; visualViewport.dispatchEvent(new Event('resize')); }")

        to(page, live_server.url, world.batches["sound"])
        page.get_by_test_id("play").tap()
        page.get_by_test_id("close-task").tap()
        page.get_by_test_id("work").wait_for()
        expect(page).to_have_title("Work · Ilima")
        page.get_by_test_id("nav-history").tap()
        expect(page.get_by_role("heading", name="History")).to_be_focused()
        expect(page).to_have_title("History · Ilima")
