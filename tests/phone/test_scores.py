"""On a real phone's browser: she finds what her pay is made of, in two taps, in her language."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from delivery import outbox
from labelling.batches.pay import score_bps
from labelling.models import WorkerRecord
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from tests.phone.browser import CHROMIUM, phone, sign_in
from tests.phone.test_tasks import PASSWORD, allow_in
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]


@pytest.mark.parametrize(("language", "words"), [("en", "You get"), ("zu", "Uthola")])
def test_she_reads_her_score_what_raises_it_and_the_rule(live_server, language, words):
    world = allow_in(opened(sentiment_world(items=4, workers=1, golds=2, gold_share_bps=5000)))
    worker = world.workers[0]
    lent = draw_work(worker, world.batch, 20)
    accept_answers(worker, [answer_to(one, {"label": "good"}) | {"active_ms": 3000} for one in lent])
    while outbox.drain():
        continue
    with phone() as context:
        page = context.new_page()
        sign_in(page, live_server.url, worker.person.email, PASSWORD, language)
        page.get_by_test_id("nav-me").click()
        with page.expect_download() as taken:  # all that is known of her, each task with its time and price
            page.get_by_test_id("export").click()
        assert len(json.loads(Path(taken.value.path()).read_text())["labelling.Answer"]) == len(lent)
        page.get_by_test_id("to-scores").click()
        card = page.get_by_test_id(f"score-{world.project.pk}")
        expect(card).to_contain_text(words)
        record = WorkerRecord.objects.get(worker=worker)
        score = score_bps(record.gold_right, record.gold_seen, record.agreed, record.decided)
        expect(card).to_have_attribute("data-bps", str(score))
        expect(page.get_by_test_id("days").locator("li")).to_have_count(1)
        assert "{" not in page.get_by_test_id("my-scores").inner_text()
        page.get_by_test_id("my-scores").locator("summary").click()
        expect(page.get_by_test_id("my-scores")).to_contain_text("Pay rule 2.")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0
