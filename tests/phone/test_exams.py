"""On a phone's browser: a newcomer sits the exam of a project, fails, reads why, sits again with other tasks, passes, and works."""

import re

import pytest
from playwright.sync_api import expect

from labelling.batches.open_exam import open_exam
from labelling.data.add_items import add_text_item
from labelling.gold.set_gold import set_gold
from labelling.models import Answer, Sitting
from tests.phone.browser import CHROMIUM, begin, phone, sign_in
from tests.phone.layout import covered_lines
from tests.phone.test_tasks import PASSWORD, allow_in, answered
from tests.worlds import LABELS, World, opened, sentiment_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]

THREE = {"labels": [*LABELS, {"id": "mixed", "name": {"en": "Mixed"}}]}
TASKS, NEEDED = 8, 7  # of three labels: who misses two fails
TRUTH = re.compile(r"(good|bad|mixed) text")


def exam_world() -> World:
    world = allow_in(opened(sentiment_world(items=2, workers=1, config=THREE, min_answers=1, max_answers=1)))
    for i in range(2 * TASKS):
        label = ("good", "bad", "mixed")[i % 3]
        item = add_text_item(world.dataset, f"A {label} text, number {i}.")
        set_gold(world.requester, item, {"label": label}, f"It says that it is {label}.")
    return world


def sit(page, misses: int) -> None:
    """She does every task of the sitting, so many of them wrong."""
    begin(page)
    for n in range(TASKS):
        [true] = TRUTH.findall(page.get_by_test_id("task").inner_text())
        said = {"good": "bad", "bad": "mixed", "mixed": "good"}[true] if n < misses else true
        page.get_by_test_id(f"choice-{said}").tap()
        result = answered(page, page.get_by_test_id("done").tap)
        assert "feedback" not in result


def test_a_newcomer_fails_reads_why_sits_again_passes_and_works(live_server):
    world = exam_world()
    exam = open_exam(world.requester, world.project, seats=5)
    with phone() as context:
        page = context.new_page()
        sign_in(page, live_server.url, world.workers[0].person.email, PASSWORD)
        offer = page.get_by_test_id(f"batch-{world.batch.pk}")
        expect(offer.get_by_test_id("exam-missing")).to_contain_text(f"{TASKS} tasks")
        offer.tap()
        expect(page.get_by_test_id("start")).to_have_count(0)
        expect(page.get_by_test_id("to-exam")).to_be_in_viewport()
        page.set_viewport_size({"width": 320, "height": 568})
        page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
        assert covered_lines(page.get_by_test_id("to-exam")) == 0, (
            "large letters on a small phone: it stands below them"
        )
        page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
        page.set_viewport_size({"width": 360, "height": 640})
        page.get_by_test_id("to-exam").tap()
        expect(page.get_by_test_id("exam-rule")).to_contain_text(f"{NEEDED} right pass")
        page.get_by_test_id("exam-go").tap()
        expect(page.get_by_test_id("exam-rule")).to_contain_text("told at the end")
        page.get_by_test_id("start").tap()
        sit(page, misses=2)
        expect(page.get_by_test_id("to-result")).to_be_visible()
        page.get_by_test_id("to-result").tap()
        expect(page.get_by_test_id("sitting-1")).to_contain_text(f"{TASKS - 2} of {TASKS} right")
        lines = page.get_by_test_id("exam").locator("details[data-testid^=line-]")
        expect(lines).to_have_count(2)
        lines.first.locator("summary").first.tap()
        expect(page.get_by_test_id("right-answer")).to_contain_text("It says that it is")
        expect(lines.first.get_by_test_id("miss-ask")).to_be_visible()
        page.get_by_test_id("exam-again").tap()
        sit(page, misses=1)
        page.get_by_test_id("to-result").tap()
        expect(page.get_by_test_id("sitting-2")).to_contain_text("You have passed")
        page.get_by_test_id("exam-to-work").tap()
        expect(offer.get_by_test_id("exam-missing")).to_have_count(0)
        offer.tap()
        page.get_by_test_id("start").tap()
        begin(page)
        page.get_by_test_id("choice-good").tap()
        assert answered(page, page.get_by_test_id("done").tap)["status"] == "accepted"
    assert Answer.objects.filter(batch=world.batch).count() == 1
    assert [one.right for one in Sitting.objects.order_by("number")] == [TASKS - 2, TASKS - 1]
    assert Answer.objects.filter(batch=exam).values("item").distinct().count() == 2 * TASKS
