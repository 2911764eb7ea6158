"""On a phone's browser: she opens her certificate; whoever is shown it checks it without an account, and then without a network."""

import pytest
from playwright.sync_api import expect

from labelling.models import WorkerRecord
from labelling.work.certify import certificate_of
from proofs.certificates import packed
from tests.certificates import unpacked
from tests.phone.browser import CHROMIUM, phone, sign_in
from tests.phone.test_tasks import PASSWORD, allow_in
from tests.worlds import opened, sentiment_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]


@pytest.fixture
def world(transactional_db, live_server, settings):
    settings.PUBLIC_URL = live_server.url
    world = allow_in(opened(sentiment_world(items=2, workers=1)))
    counts = {"gold_seen": 16, "gold_right": 16, "decided": 20, "agreed": 20}
    WorkerRecord.objects.create(worker=world.workers[0], project=world.project, **counts)
    return world


def test_she_opens_hers_with_and_without_her_name(live_server, world):
    worker = world.workers[0]
    with phone() as context:
        page = context.new_page()
        sign_in(page, live_server.url, worker.person.email, PASSWORD)
        page.goto(f"{live_server.url}/app/#/scores")
        page.get_by_test_id("to-certificate").tap()
        says = page.get_by_test_id("certificate-says")
        expect(says).to_contain_text(worker.pseudonym)
        expect(says).to_contain_text("16 of 16 known tasks right")
        code = page.get_by_test_id("certificate-code")
        expect(code).to_be_visible()
        assert code.evaluate("image => image.decode().then(() => image.naturalWidth)") > 200
        page.get_by_test_id("certificate-name").check()
        expect(says).to_contain_text(worker.person.display_name)
        expect(says).not_to_contain_text(worker.pseudonym)
        page.get_by_test_id("certificate-see").tap()
        expect(page.get_by_test_id("verdict")).to_have_attribute("data-says", "signed")


def test_anybody_checks_one_also_without_a_network_and_what_was_changed_is_told(live_server, world):
    made = certificate_of(world.workers[0], named=False)
    with phone() as context:
        page = context.new_page()
        page.goto(made.link)
        expect(page.get_by_test_id("verdict")).to_have_attribute("data-says", "signed")
        expect(page.get_by_test_id("certificate-says")).to_contain_text(world.workers[0].pseudonym)
        page.evaluate("navigator.serviceWorker.ready")
        page.reload()
        expect(page.get_by_test_id("verdict")).to_have_attribute("data-says", "signed")
        context.set_offline(True)
        page.reload()
        expect(page.get_by_test_id("verdict")).to_have_attribute("data-says", "signed")
        document = unpacked(made.link.rpartition("/")[2])
        document["body"]["kinds"][0]["belt"] = "seed"
        page.locator("summary").tap()
        for text, says in ((packed(**document), "changed"), (made.link, "signed"), ("hello", "unreadable")):
            page.get_by_test_id("certificate-text").fill(text)
            page.get_by_test_id("certificate-check").tap()
            expect(page.get_by_test_id("verdict")).to_have_attribute("data-says", says)
