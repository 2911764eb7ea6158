"""A tap is the answer, when she wants it so; and the last one can be taken back."""

import pytest
from playwright.sync_api import expect

from labelling.models import Answer
from tests.phone.browser import CHROMIUM, phone
from tests.phone.test_tasks import allow_in, answered, start
from tests.worlds import opened, sentiment_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]


def test_one_tap_answers_and_undo_takes_the_last_one_back(live_server):
    world = allow_in(opened(sentiment_world(items=3, workers=1)))
    with phone(service_workers="block") as context:
        page = context.new_page()
        start(page, live_server.url, world)
        page.get_by_test_id("more").tap()
        page.get_by_test_id("one-tap").tap()
        shown = page.locator(".shown-text")
        first = shown.inner_text()
        page.get_by_test_id("choice-bad").tap()  # waits: the first moment of a task takes no tap
        expect(shown).not_to_have_text(first)
        expect(page.get_by_test_id("sync")).to_have_attribute("data-unsent", "1")
        page.get_by_test_id("undo").tap()
        expect(shown).to_have_text(first)
        expect(page.get_by_test_id("sync")).to_have_attribute("data-unsent", "0")
        assert Answer.objects.count() == 0
        page.get_by_test_id("choice-good").tap()
        expect(shown).not_to_have_text(first)
        second = shown.inner_text()
        result = answered(page, page.get_by_test_id("choice-good").tap)  # which sends the one before
        assert result["status"] == "accepted"
        expect(shown).not_to_have_text(second)
        expect(page.get_by_test_id("sync")).to_have_attribute("data-unsent", "0", timeout=15_000)  # the hold is over
    assert list(Answer.objects.values_list("value__label", flat=True)) == ["good", "good"]
