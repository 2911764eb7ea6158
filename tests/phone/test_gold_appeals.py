"""On a real phone's browser: she questions a missed known task, without signal, and reads that she was right."""

import pytest
from playwright.sync_api import expect

from labelling.gold.decide_gold_appeal import decide_gold_appeal
from labelling.models.gold_appeals import GoldAppeal
from people.models import Person
from tests.phone.browser import CHROMIUM, phone
from tests.phone.test_tasks import allow_in, answered, start
from tests.worlds import opened, sentiment_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]


def test_two_taps_question_a_miss_also_without_signal(live_server):
    world = allow_in(opened(sentiment_world(items=2, workers=1, golds=1, gold_share_bps=5000)))
    reviewer = Person.objects.create_user(email="reviewer@example.org", is_reviewer=True)
    with phone(service_workers="block") as context:  # whose background sync would be faster than the test
        page = context.new_page()
        start(page, live_server.url, world)
        for _ in range(3):
            page.get_by_test_id("choice-bad").tap()
            if "feedback" in answered(page, page.get_by_test_id("done").tap):
                break
        context.set_offline(True)
        page.get_by_test_id("miss-ask").tap()
        page.get_by_test_id("miss-words").fill("Read it again.")
        page.get_by_test_id("miss-send").tap()
        expect(page.get_by_test_id("miss-sent")).to_contain_text("72 hours")
        page.get_by_test_id("gold-close").tap()
        expect(page.get_by_test_id("sync")).to_have_attribute("data-unsent", "1")
        assert not GoldAppeal.objects.exists()
        with page.expect_response("**/api/v1/work/appeal") as heard:
            context.set_offline(False)
        assert heard.value.json()["appeal"]["words"] == "Read it again."
        expect(page.get_by_test_id("sync")).to_have_attribute("data-unsent", "0")
        appeal = GoldAppeal.objects.get()
        decide_gold_appeal(reviewer, appeal.answer_id, "won", "You read it well.")
        page.goto(f"{live_server.url}/app/#/history")
        line = page.locator("details", has=page.get_by_test_id("miss-state"))
        line.locator("summary").first.click()
        expect(page.get_by_test_id("miss-state")).to_have_attribute("data-outcome", "won")
        expect(page.get_by_test_id("miss-state")).to_contain_text("You read it well.")
        expect(page.get_by_test_id("miss-ask")).to_have_count(0)
    assert GoldAppeal.objects.get().outcome == "won"


def test_a_lesson_that_comes_by_itself_takes_no_tap_that_was_meant_for_the_task(live_server):
    world = allow_in(opened(sentiment_world(items=2, workers=1, golds=1, gold_share_bps=5000)))
    with phone() as context:
        page = context.new_page()
        page.add_init_script("""
            new MutationObserver(() => {
                const keys = document.querySelector("[data-testid=gold] .inside");
                if (keys && globalThis.asleep === undefined) globalThis.asleep = keys.inert;
            }).observe(document, { childList: true, subtree: true });
        """)
        start(page, live_server.url, world)
        for _ in range(3):
            page.get_by_test_id("choice-bad").tap()
            if "feedback" in answered(page, page.get_by_test_id("done").tap):
                break
        page.get_by_test_id("gold-close").tap()  # waits until the keys are awake
        expect(page.get_by_test_id("gold")).to_have_count(0)
        assert page.evaluate("globalThis.asleep") is True
