"""The three widgets in a real browser, against the real server: what the finger did is what the database holds."""

import io
import re

import pytest
from PIL import Image, ImageDraw

from intake.media import store
from labelling.data.add_items import add_media_item
from labelling.data.create_dataset import create_dataset
from labelling.models import Answer, Lease, Suggestion
from labelling.projects.create_project import create_project
from labelling.work.mark_recorded import mark_recorded
from tests.chromium import PATIENCE_MS
from tests.phone.browser import CHROMIUM, phone, sign_in, wait_for_offline_readiness
from tests.phone.network import network_to
from tests.worlds import LABELS, opened, sentiment_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]

PASSWORD = "seven-goats-in-the-shade"


def allow_in(world):
    person = world.workers[0].person
    person.set_password(PASSWORD)
    person.save()
    return world


def start(page, url, world):
    sign_in(page, url, world.workers[0].person.email, PASSWORD)
    page.goto(f"{url}/app/#/task/{world.batch.pk}")
    page.get_by_test_id("task").wait_for()


def answered(page, act) -> dict:
    """Does something that ends a task, waits until the server has it, and gives the server's word."""
    with page.expect_response("**/api/v1/work/answers") as heard:
        act()
    return heard.value.json()["results"][0]


def picture_world(width: int, height: int):
    """One picture with a dark rectangle, for the boxes task."""
    world = sentiment_world(items=0, workers=1)
    image = Image.new("RGB", (width, height), "#d8c8a8")
    ImageDraw.Draw(image).rectangle((200, 150, 499, 399), fill="#402010")
    file = io.BytesIO()
    image.save(file, "PNG")
    file.seek(0)
    world.project = create_project(
        world.requester,
        world.organisation,
        title="Find the dark thing",
        task_type="boxes",
        medium="image",
        config={"labels": LABELS},
        min_answers=1,
        max_answers=1,
        target_ppm=900_000,
        gold_share_bps=0,
        estimated_task_s=5,
    )
    dataset = create_dataset(world.requester, world.project, "one")
    add_media_item(dataset, store(world.organisation.pk, file, "one.png"))
    return allow_in(opened(world))


def point_on(page, width: int, height: int):
    """Where a pixel of the picture lies on the screen while the view fits."""
    stage = page.get_by_test_id("stage").bounding_box()
    scale = min(stage["width"] / width, stage["height"] / height)
    left = stage["x"] + (stage["width"] - width * scale) / 2
    top = stage["y"] + (stage["height"] - height * scale) / 2
    return lambda x, y: (left + x * scale, top + y * scale)


def test_four_taps_make_a_box_in_pixels_of_the_original(live_server, settings):
    settings.MEDIA_ORIGIN = live_server.url
    world = picture_world(800, 600)
    with phone() as context:
        page = context.new_page()
        start(page, live_server.url, world)
        at = point_on(page, 800, 600)
        for x, y in ((350, 150), (200, 300), (350, 400), (500, 300)):
            page.touchscreen.tap(*at(x, y))
        page.get_by_test_id("label-good").tap()
        page.get_by_test_id("shape-0").wait_for()
        assert answered(page, page.get_by_test_id("done").tap)["status"] == "accepted"
    [box] = Answer.objects.get().value["boxes"]
    assert box.pop("label") == "good"
    truth = {"x": 200, "y": 150, "width": 300, "height": 250}
    assert all(abs(box[name] - truth[name]) <= 3 for name in truth), box  # a screen pixel is 2.2 of the picture's


def test_the_keyboard_alone_draws_and_sizes_a_box(live_server, settings):
    settings.MEDIA_ORIGIN = live_server.url
    world = picture_world(800, 600)
    with phone() as context:
        page = context.new_page()
        start(page, live_server.url, world)
        point_on(page, 800, 600)
        page.keyboard.press("n")
        page.get_by_test_id("shape-0").wait_for()
        for key in ("ArrowRight", "Shift+ArrowDown", "m", "Shift+ArrowRight", "ArrowUp", "2", "Control+z", "2"):
            page.keyboard.press(key)
        assert answered(page, lambda: page.keyboard.press("Enter"))["status"] == "accepted"
    [box] = Answer.objects.get().value["boxes"]
    # The middle 30 % of the view, moved by (1, 10), sized by (10, -1).
    assert box["label"] == "good"
    assert box["x"] == 280 + 1
    assert box["width"] == 240 + 10


def test_nothing_here_is_asked_twice_unless_she_looked_closely(live_server, settings):
    settings.MEDIA_ORIGIN = live_server.url
    world = picture_world(800, 600)
    with phone() as context:
        page = context.new_page()
        start(page, live_server.url, world)
        page.get_by_test_id("stage").wait_for()
        page.get_by_test_id("done").tap()
        page.get_by_test_id("doubt").wait_for()
        assert Answer.objects.count() == 0
        assert answered(page, page.get_by_test_id("sure").tap)["status"] == "accepted"
    assert Answer.objects.get().value == {"boxes": []}


def test_a_missed_gold_task_shows_the_right_answer_and_why(live_server):
    world = allow_in(opened(sentiment_world(items=2, workers=1, golds=1, gold_share_bps=5000)))
    with phone() as context:
        page = context.new_page()
        start(page, live_server.url, world)
        for _ in range(3):
            page.get_by_test_id("choice-bad").tap()
            result = answered(page, page.get_by_test_id("done").tap)
            if "feedback" in result:
                break
        sheet = page.get_by_test_id("gold")
        sheet.wait_for()
        assert "It is plainly good." in sheet.inner_text()
        assert "Good" in sheet.inner_text()
        page.get_by_test_id("gold-close").tap()
        sheet.wait_for(state="detached")
    assert Answer.objects.filter(gold_right=False).count() == 1


def test_what_she_opens_right_after_signing_in_stays_open(live_server):
    """The first moment in which she can press something: the app must not take her back from there."""
    world = allow_in(opened(sentiment_world(items=1, workers=1)))
    with phone() as context:
        page = context.new_page()
        page.add_init_script("""
            new MutationObserver((_, watch) => {
                if (!document.querySelector("[data-testid=work]")) return;
                watch.disconnect();
                requestAnimationFrame(() => setTimeout(() => (location.hash = "#/me"), 50));  // nobody presses what is not painted
            }).observe(document, { childList: true, subtree: true });
        """)
        with page.expect_response("**/api/v1/work/batches"):
            sign_in(page, live_server.url, world.workers[0].person.email, PASSWORD, until="me")
        page.wait_for_load_state("networkidle")
        assert page.url.endswith("#/me")


def test_offers_that_come_late_leave_her_task_as_it_is(live_server):
    world = allow_in(opened(sentiment_world(items=60, workers=1)))  # more than a phone draws ahead: it stays on offer
    with phone(service_workers="block") as context:
        page = context.new_page()
        asked, held = [], []

        def hold_the_first(route):
            asked.append(route)
            if len(asked) > 1:
                return route.continue_()
            held.append((route, route.fetch()))

        page.route("**/api/v1/work/batches", hold_the_first)
        start(page, live_server.url, world)
        page.get_by_test_id("choice-bad").tap()
        for _ in range(PATIENCE_MS // 50):
            if held:
                break
            page.wait_for_timeout(50)
        [(route, offers)] = held
        route.fulfill(response=offers, body=offers.text().replace("Good or bad", "Good or bad, later"))
        page.get_by_role("heading", name="Good or bad, later").wait_for()
        assert answered(page, page.get_by_test_id("done").tap)["status"] == "accepted"
    assert Answer.objects.get().value == {"label": "bad"}


def test_she_answers_first_and_hears_of_the_computers_guess_only_where_it_differs(live_server):
    """A guess that is shown before leads her, and then the crowd is an echo of the model (docs/decisions/guesses.md)."""
    world = allow_in(sentiment_world(items=3, workers=1))
    for item in world.items:
        Suggestion.objects.create(item=item, model_version_id=1, value={"label": "bad"}, confidence_ppm=820_000)
    opened(world)
    with phone() as context:
        page = context.new_page()
        start(page, live_server.url, world)
        assert page.get_by_test_id("suggestion").count() == 0
        assert "82" not in page.get_by_test_id("task").inner_text()
        page.get_by_test_id("choice-bad").tap()  # as the computer thinks: nothing is said, nothing was shown
        answered(page, page.get_by_test_id("done").tap)
        page.get_by_test_id("choice-good").tap()
        page.get_by_test_id("done").tap()
        page.get_by_test_id("differs").wait_for()
        answered(page, page.get_by_test_id("keep-mine").tap)
        page.get_by_test_id("choice-good").tap()
        page.get_by_test_id("done").tap()
        page.get_by_test_id("look-again").tap()
        page.get_by_test_id("choice-bad").tap()
        answered(page, page.get_by_test_id("done").tap)
    given = Answer.objects.order_by("seq").values_list("value__label", "suggestion_shown")
    assert list(given) == [("bad", False), ("good", True), ("bad", True)]


def test_who_cannot_read_a_language_says_so_at_the_task_and_is_offered_no_more_of_it(live_server):
    world = allow_in(opened(sentiment_world(items=4, workers=1, language="zh")))
    worker = world.workers[0]
    with phone() as context:
        page = context.new_page()
        start(page, live_server.url, world)
        page.get_by_test_id("more").tap()
        page.get_by_test_id("cannot-read").tap()
        page.get_by_test_id("work").wait_for()
        from playwright.sync_api import expect

        expect(page.get_by_test_id("sync")).to_have_attribute("data-unsent", "0")
        page.reload()
        page.get_by_test_id("work").wait_for()
        expect(page.get_by_test_id(f"batch-{world.batch.pk}")).to_have_count(0)
    worker.refresh_from_db()
    assert worker.reads_not == ["zh"]
    assert set(Lease.objects.values_list("state", flat=True)) == {"reported", "skipped"}
    assert not Answer.objects.exists()


def test_skip_and_report_hand_the_task_back(live_server):
    world = allow_in(opened(sentiment_world(items=2, workers=1)))
    with phone() as context:
        page = context.new_page()
        start(page, live_server.url, world)
        assert re.fullmatch(r".+ · Ilima", page.title()), page.title()
        page.get_by_test_id("more").focus()
        page.keyboard.press("Enter")
        page.get_by_test_id("skip").wait_for()
        page.keyboard.press("Escape")  # what was open gives focus back to what opened it
        page.wait_for_function("document.activeElement?.dataset.testid === 'more'")
        with page.expect_response("**/api/v1/work/skip") as skipped:
            page.get_by_test_id("more").tap()
            page.get_by_test_id("skip").tap()
        assert skipped.value.ok
        with page.expect_response("**/api/v1/work/report") as reported:
            page.get_by_test_id("more").tap()
            page.get_by_test_id("report").tap()
            page.get_by_test_id("reason-unclear").tap()
            page.get_by_test_id("report-sheet").locator("textarea").fill("Which of the two?")
            page.get_by_test_id("report-send").tap()
        assert reported.value.ok
    assert sorted(Lease.objects.values_list("state", "report_reason")) == [
        ("reported", "unclear: Which of the two?"),
        ("skipped", ""),
    ]
    assert Answer.objects.count() == 0


def sign_in_again(page, worker):
    page.get_by_test_id("sign-in").wait_for()
    page.get_by_test_id("other-way").click()
    page.get_by_test_id("who").fill(worker.person.email)
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("sign-in-send").click()
    page.get_by_test_id("work").wait_for()


def test_who_looks_at_one_work_and_then_at_another_is_given_a_task(live_server):
    """A newcomer may hold ten tasks, and the phone draws as many ahead where she looks first."""
    first = allow_in(opened(sentiment_world(items=12, workers=1)))
    mark_recorded(first.workers, recorded=False)
    second = opened(sentiment_world(items=12, workers=0))
    with phone() as context:
        page = context.new_page()
        start(page, live_server.url, first)
        page.get_by_test_id("close-task").tap()
        page.get_by_test_id(f"batch-{second.batch.pk}").tap()
        page.get_by_test_id("start").tap()
        page.get_by_test_id("choice-good").tap()
        assert answered(page, page.get_by_test_id("done").tap)["status"] == "accepted"
    assert not Lease.objects.filter(batch=first.batch, state=Lease.State.LIVE).exists()
    assert Answer.objects.get().batch == second.batch


def test_another_person_on_the_same_phone_sends_nothing_of_the_first(live_server):
    world = opened(sentiment_world(items=3, workers=2))
    for worker in world.workers:
        worker.person.set_password(PASSWORD)
        worker.person.save()
    first, second = world.workers
    with network_to(live_server.url) as network, phone() as context:
        page = context.new_page()
        start(page, network.url, world)
        wait_for_offline_readiness(page)
        network.off(context)
        page.get_by_test_id("choice-good").tap()
        page.get_by_test_id("done").tap()
        page.locator('[data-testid="sync"][data-unsent="1"]').wait_for()
        context.clear_cookies()  # her session ends
        network.on(context)
        page.reload()
        sign_in_again(page, second)
        page.locator('[data-testid="sync"][data-unsent="0"]').wait_for()
        page.goto(f"{network.url}/app/#/history")
        page.get_by_test_id("history").wait_for()
        assert Answer.objects.count() == 0
        page.goto(f"{network.url}/app/#/me")
        page.get_by_test_id("sign-out").click()
        with page.expect_response("**/api/v1/work/answers"):
            sign_in_again(page, first)
    assert Answer.objects.get().worker == first
    assert Answer.objects.get().pk.version == 7
