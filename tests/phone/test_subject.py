"""However small the phone and however large its letters: what is asked about keeps a third of the screen, and the answers scroll."""

import os
from collections.abc import Iterator

import pytest

from tests.phone.browser import CHROMIUM, begin, phone, sign_in
from tests.phone.layout import DRAWN
from tests.phone.shown_world import PASSWORD, shown_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]
SHOTS = os.environ.get("ILIMA_SHOTS")  # a folder for pictures of them all
SMALL = {"width": 320, "height": 568}
LEAST = 1 / 3
LOOKED_AT = ("tall", "many", "grid", "boxes", "boxes20", "outlines", "pose", "lines", "place", "several", "tags", "stars", "tree", "page",
             "voices", "sound", "long", "names", "chat", "two", "order", "document", "trace", "scale")  # fmt: skip
HIGH = "(el) => { const r = el.getBoundingClientRect(); return Math.min(r.bottom, innerHeight) - Math.max(r.top, 0); }"
KEYS = """() => { const body = document.querySelector(".task-keys").getBoundingClientRect();
  return [innerHeight - body.bottom, document.querySelector(".task-body").getBoundingClientRect().bottom - body.top]; }"""


def too_low(page, name: str) -> Iterator[str]:
    page.evaluate(DRAWN)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name.replace(', ', '-').replace(' ', '-')}.png")
    seen = page.locator(".task-body > :is(.look, .stage)").first.evaluate(HIGH) / SMALL["height"]
    if seen < LEAST - 0.005:
        yield f"{name}: what is asked about has {seen:.0%} of the screen"
    below, over = page.evaluate(KEYS)
    if below < -1 or over > 1:
        yield f"{name}: the keys are {-below:.0f} px below the screen, or {over:.0f} px are behind them"


def test_what_is_asked_about_keeps_a_third_of_the_smallest_screen(live_server, settings):
    settings.MEDIA_ORIGIN = live_server.url
    world = shown_world()
    found: list[str] = []
    with phone(viewport=SMALL, reduced_motion="reduce", service_workers="block") as context:
        page = context.new_page()
        sign_in(page, live_server.url, world.worker.person.email, PASSWORD)
        page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
        for name in LOOKED_AT:
            page.goto(f"{live_server.url}/app/#/task/{world.batches[name].pk}")
            begin(page)
            page.locator(".task-body:not([inert])").wait_for()
            found += too_low(page, name)
            if not page.get_by_test_id("done").is_visible():
                continue
            page.get_by_test_id("done").click()
            page.wait_for_timeout(150)
            if page.get_by_test_id("trouble").is_visible():
                found += too_low(page, f"{name}, with a hint")
                page.get_by_test_id("trouble-read").click()
    assert found == [], "\n".join(found)
