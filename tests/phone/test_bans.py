"""On a real phone's browser: she is told of a ban, reads why, appeals, and is told that she won."""

import pytest
from playwright.sync_api import expect

from labelling.conduct.decide_appeal import decide_appeal
from labelling.models import Appeal
from people.models import Person
from tests.phone.browser import CHROMIUM, phone, sign_in
from tests.phone.test_tasks import PASSWORD, allow_in
from tests.work.test_bans import SENTENCE, banned
from tests.worlds import opened, sentiment_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]


@pytest.mark.parametrize("language", ["en", "zu"])
def test_she_reads_why_and_appeals_with_a_tap_also_after_a_lost_connection(live_server, language):
    world = allow_in(opened(sentiment_world(items=3, workers=1)))
    maker, other = (Person.objects.create_user(email=f"{n}@example.org", is_staff=True) for n in ("one", "two"))
    worker = world.workers[0]
    ban = banned(maker, worker, world.project)
    with phone() as context:
        page = context.new_page()
        sign_in(page, live_server.url, worker.person.email, PASSWORD, language)
        expect(page.get_by_test_id(f"batch-{world.batch.pk}")).to_have_count(0)
        page.get_by_test_id("bans-notice").click()
        card = page.get_by_test_id(f"ban-{ban.pk}")
        expect(card).to_contain_text(SENTENCE)
        expect(card).to_contain_text("9")  # of the evidence: 2 of 9 known tasks right
        expect(card).to_have_attribute("data-stands", "true")
        assert "{" not in card.inner_text()
        assert "evidence." not in card.inner_text()
        page.get_by_test_id("appeal-open").click()
        page.get_by_test_id("appeal-words").fill("I looked at each of them.")
        context.set_offline(True)
        page.get_by_test_id("appeal-send").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert not Appeal.objects.exists()
        context.set_offline(False)
        page.reload()  # her words are still there
        page.get_by_test_id("appeal-open").click()
        expect(page.get_by_test_id("appeal-words")).to_have_value("I looked at each of them.")
        page.get_by_test_id("appeal-send").click()
        expect(page.get_by_test_id("appeal-state")).to_have_attribute("data-outcome", "waiting")
        assert Appeal.objects.get().words == "I looked at each of them."
        decide_appeal(other, ban.pk, "won", "You are right.")
        page.reload()
        expect(page.get_by_test_id("appeal-state")).to_have_attribute("data-outcome", "won")
        expect(page.get_by_test_id(f"ban-{ban.pk}")).to_have_attribute("data-stands", "false")
        page.get_by_test_id("nav-work").click()
        page.get_by_test_id(f"batch-{world.batch.pk}").wait_for()
        expect(page.get_by_test_id("bans-notice")).to_have_count(0)


def test_a_draw_that_is_refused_says_why_in_her_language(live_server):
    """The list of offers was loaded before the ban."""
    world = allow_in(opened(sentiment_world(items=3, workers=1)))
    maker = Person.objects.create_user(email="one@example.org", is_staff=True)
    with phone() as context:
        page = context.new_page()
        sign_in(page, live_server.url, world.workers[0].person.email, PASSWORD, "zu")
        page.get_by_test_id(f"batch-{world.batch.pk}").click()
        banned(maker, world.workers[0], world.project)
        page.get_by_test_id("start").click()
        expect(page.get_by_test_id("none-refused")).to_contain_text("Ukuvinjwa")
        page.get_by_test_id("bans-notice").click()
        page.get_by_test_id("appeal-open").wait_for()
