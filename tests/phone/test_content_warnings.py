"""Work that may disturb, on the phone: read first, covered until tapped, also without network, and gone for who never wants to see it."""

import os
from pathlib import Path

import pytest

from labelling.models import Answer, ContentReport, Lease
from labelling.projects.edit_project import edit_project
from tests.phone.browser import CHROMIUM, phone, sign_in
from tests.phone.layout import problems_of
from tests.phone.test_tasks import PASSWORD, allow_in, answered
from tests.worlds import opened, sentiment_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]
SHOTS = os.environ.get("ILIMA_SHOTS")
SIZES = ((360, 640, 100), (320, 568, 200))


def look_at(page, name: str) -> None:
    """As it is, and small with large letters."""
    for width, height, percent in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("(percent) => { document.documentElement.style.fontSize = `${percent}%`; }", percent)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"content-{name}-{width}-{percent}.png")
        assert list(problems_of(page)) == [], (name, width, percent)
    page.set_viewport_size({"width": 360, "height": 640})
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")


def test_it_is_read_first_covered_until_tapped_and_gone_for_who_never_wants_it(live_server):
    from playwright.sync_api import expect

    world = allow_in(opened(sentiment_world(items=5, workers=1, warnings=["violence", "self_harm"])))
    key = lambda name: page.get_by_test_id(name)  # noqa: E731
    with phone() as context:
        page = context.new_page()
        sign_in(page, live_server.url, world.workers[0].person.email, PASSWORD)
        page.goto(f"{live_server.url}/app/#/batch/{world.batch.pk}")
        key("warned").wait_for()
        look_at(page, "offer")
        expect(key("take-pack")).to_have_count(0)
        page.goto(f"{live_server.url}/app/#/task/{world.batch.pk}")
        key("warning").wait_for()
        look_at(page, "warning")
        assert not Lease.objects.exists()
        key("agree").tap()
        key("cover").wait_for()
        expect(page.get_by_text("text number")).to_have_count(0)
        look_at(page, "cover")
        page.keyboard.press("1")
        context.set_offline(True)
        key("uncover").tap()
        expect(key("item-text")).to_be_visible()
        context.set_offline(False)
        key("choice-good").tap()
        assert answered(page, lambda: key("done").tap())["status"] == "accepted"
        expect(key("cover")).to_be_visible()
        key("uncover-all").tap()
        expect(key("item-text")).to_be_visible()
        key("more").tap()
        key("report").tap()
        key("reason-disturbing").tap()
        key("report-send").tap()
        expect(key("item-text")).to_be_visible()
        page.goto(f"{live_server.url}/app/#/me")
        page.reload()  # without the words of thanks
        key("avoid-violence").tap()
        look_at(page, "safety")
        key("safety-save").tap()
        expect(key("safety-save")).to_have_count(0)
        page.goto(f"{live_server.url}/app/#/work")
        key("work").wait_for()
        expect(key(f"batch-{world.batch.pk}")).to_have_count(0)
        expect(key("sync")).to_have_attribute("data-unsent", "0")
    world.workers[0].refresh_from_db()
    assert world.workers[0].avoids == ["violence"]
    assert set(Lease.objects.values_list("state", flat=True)) == {"answered", "reported", "skipped"}
    assert (Answer.objects.count(), ContentReport.objects.count()) == (1, 1)


def test_what_is_found_later_is_asked_before_the_next_task(live_server):
    world = allow_in(opened(sentiment_world(items=5, workers=1)))
    with phone() as context:
        page = context.new_page()
        sign_in(page, live_server.url, world.workers[0].person.email, PASSWORD)
        page.goto(f"{live_server.url}/app/#/task/{world.batch.pk}")
        page.get_by_test_id("item-text").wait_for()
        edit_project(world.requester, world.project, warnings=["death"])
        page.goto(f"{live_server.url}/app/#/batch/{world.batch.pk}")
        page.get_by_test_id("warned").wait_for()
        page.goto(f"{live_server.url}/app/#/task/{world.batch.pk}")
        page.get_by_test_id("agree").tap()
        page.get_by_test_id("cover").wait_for()
