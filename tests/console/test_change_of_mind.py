"""She changes her mind, in a real Chromium: from decided data to corrected and re-released, without a manual."""

import orjson
import pytest

from labelling.models import Answer, Decision, Gold, Item, Lease, QuestionVersion, Release
from labelling.releases.build_release import build_release
from labelling.releases.download_release import frozen
from tests.console.test_browser import DESK, PHONE, browser, open_as, pytestmark  # noqa: F401
from tests.work.test_question_versions import decided, drain, say


@pytest.fixture
def world():
    """Four texts, all sure to be bad."""
    return decided(said="bad", items=4, title="How is it said")


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_from_decided_to_corrected_and_released_again(open_as, world):  # noqa: F811
    page = open_as(world.requester, DESK)
    page.goto(f"/console/projects/{world.project.pk}/")
    page.click("text=Change the question")

    # Bad and Mixed are one, a new label comes, and what it touches is told before.
    page.select_option("select[name=fate_2]", label="one with Bad")
    page.fill("input[name=en_3]", "Kind of good")
    page.click("text=See what this changes")
    assert "Mixed becomes one with Bad." in page.inner_text("main")
    assert "cannot be undone" in page.inner_text("main")
    assert QuestionVersion.objects.count() == 1
    page.click("text=Change the labels")
    drain()
    world.project.refresh_from_db()
    assert [label["name"]["en"] for label in world.project.config["labels"]] == ["Bad", "Good", "Kind of good"]
    new = world.project.config["labels"][2]["id"]

    # She tries it as a worker does; nothing is kept.
    before = (Lease.objects.count(), Answer.objects.count())
    page.click("text=Try it as a worker")
    phone = page.frame_locator("iframe.phone")
    phone.get_by_role("radio", name="Kind of good").click()
    phone.get_by_test_id("done").click()
    phone.get_by_text("text number 1").wait_for()
    assert (Lease.objects.count(), Answer.objects.count()) == before

    # One item is put right in place, with a label that nobody gave, and becomes a known task.
    first, second = world.items[:2]
    page.goto(f"/console/items/{first.pk}/")
    page.click("text=Put the label right")
    editor = page.frame_locator("details[open] .editor iframe")
    editor.get_by_role("radio", name="Kind of good").click()
    page.fill("#why-right", "It is ironic.")
    page.click("text=Correct it")
    assert "Nobody's pay changes" in page.inner_text(".messages")
    page.click("text=Make it a known task")
    page.click("button:has-text('Make it known')")
    assert Gold.objects.get().truth == {"label": new}
    page.goto(f"/console/projects/{world.project.pk}/known/")
    assert "Kind of good" in page.inner_text("main")

    # Another is asked again: the cost stands there before the button.
    page.goto(f"/console/items/{second.pk}/")
    page.click("text=Ask it again")
    assert "Goes into escrow" in page.inner_text("main")
    page.click("button:has-text('Ask 1 item again')")
    world.batch = world.project.batches.latest("pk")
    for worker in world.workers[2:]:
        say(world, worker, new)
    assert Decision.objects.get(item=second).value == {"label": new}

    # And released again.
    page.goto(f"/console/projects/{world.project.pk}/releases/")
    page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
    page.check("input[name=gold]")  # the known task, too
    page.click("main form button.primary")
    release = Release.objects.latest("pk")
    build_release(release.pk)
    release.refresh_from_db()
    said = {row["item"]: row["decision"]["label"] for row in map(orjson.loads, frozen(release).lines())}
    assert said[first.pk] == said[second.pk] == "Kind of good"
    assert said[world.items[2].pk] == "Bad"
    assert page.complaints == []


def test_each_page_fits_a_phone_and_its_keys_can_be_reached(open_as, world):  # noqa: F811
    page = open_as(world.requester, PHONE)
    project, item = world.project.pk, world.items[0].pk
    Item.objects.filter(pk=item).update(external_id="x" * 60)
    for address in (
        f"/console/projects/{project}/question/",
        f"/console/projects/{project}/again/",
        f"/console/projects/{project}/known/",
        f"/console/projects/{project}/try/",
        f"/console/items/{item}/",
    ):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
        assert fits(page), address
        small = page.evaluate(
            "[...document.querySelectorAll('main button, main .btn, main select, main input:not([type=hidden], [type=checkbox])')]"
            ".filter((one) => one.getBoundingClientRect().height > 0 && one.getBoundingClientRect().height < 24)"
            ".map((one) => one.outerHTML.slice(0, 80))"
        )
        assert small == [], (address, small)
    assert page.complaints == []
