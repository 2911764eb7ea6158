"""On a phone's browser: she switches a notice on, the service worker shows a push, and a tap opens its screen or stops them."""

import json
import os

import pytest
from playwright.sync_api import expect

from notices.models import Choice, Kind, PushSubscription
from notices.what import stop_link
from tests.phone.browser import CHROMIUM, phone, sign_in, wait_for_offline_readiness
from tests.phone.layout import problems_of
from tests.phone.test_tasks import PASSWORD, allow_in
from tests.worlds import opened, sentiment_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]
TAP = """async ([action]) => {
  const [notification] = await self.registration.getNotifications();
  const event = new NotificationEvent("notificationclick", { notification, action });
  const done = [];
  event.waitUntil = (promise) => done.push(promise);
  self.dispatchEvent(event);
  await Promise.allSettled(done);
}"""


def open_notices(page) -> None:
    page.get_by_test_id("nav-me").click()
    page.get_by_test_id("to-notices").click()
    page.get_by_test_id("notices-work").wait_for()


def saved(page):
    """What is tapped shows at once; it is so once the server has it."""
    return page.expect_response(lambda reply: reply.request.method == "PATCH" and reply.ok)


def deliver(page, message: dict) -> None:
    """As the browser's push service would, over Chromium's own protocol."""
    session = page.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: found.extend(r["registrationId"] for r in said["registrations"]),
    )
    session.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(20)
    origin = page.evaluate("location.origin")
    sent = {"origin": origin, "registrationId": found[0], "data": json.dumps(message)}
    session.send("ServiceWorker.deliverPushMessage", sent)


def shown(worker) -> list[dict]:
    return worker.evaluate(
        "async () => (await self.registration.getNotifications())"
        ".map((one) => ({ text: one.body, keys: one.actions.map((key) => key.title) }))"
    )


def test_a_push_is_shown_and_a_tap_opens_its_screen_or_stops_them(live_server, settings):
    settings.PUBLIC_URL = live_server.url
    world = allow_in(opened(sentiment_world(items=2, workers=1)))
    her = world.workers[0].person
    Choice.objects.create(person=her, work=True, chosen_at=world.batch.opened_at)
    with phone() as context:
        context.grant_permissions(["notifications"], origin=live_server.url)
        page = context.new_page()
        sign_in(page, live_server.url, her.email, PASSWORD)
        wait_for_offline_readiness(page)
        [worker] = context.service_workers
        stop = {"label": "Stop these notices", "url": stop_link(her)}
        deliver(page, {"text": "Your money is here.", "open": f"{live_server.url}/app/#/wallet", "stop": stop})
        while not shown(worker):
            page.wait_for_timeout(20)
        assert shown(worker) == [{"text": "Your money is here.", "keys": ["Stop these notices"]}]
        worker.evaluate(TAP, [""])
        page.get_by_test_id("wallet").wait_for()
        deliver(page, {"text": "Work of your kind is there.", "open": f"{live_server.url}/app/#/work", "stop": stop})
        while not shown(worker):
            page.wait_for_timeout(20)
        worker.evaluate(TAP, ["stop"])
        assert Choice.objects.get(person=her).kinds == []


@pytest.mark.parametrize(("language", "size"), [("en", (360, 640)), ("zu", (320, 568)), ("fr", (360, 640))])
def test_she_switches_them_on_and_off_and_the_screen_holds(live_server, language, size):
    world = allow_in(opened(sentiment_world(items=2, workers=1)))
    her = world.workers[0].person
    with phone(viewport={"width": size[0], "height": size[1]}) as context:
        page = context.new_page()
        sign_in(page, live_server.url, her.email, PASSWORD, language)
        open_notices(page)
        for kind in Kind:
            expect(page.get_by_test_id(f"notices-{kind}")).not_to_be_checked()
        with saved(page):
            page.get_by_test_id("notices-by-email").click()
        with saved(page):
            page.get_by_test_id("notices-money").click()
        expect(page.get_by_test_id("notices-stop")).to_be_visible()
        with saved(page):
            page.get_by_test_id("notices-quiet_from").select_option("21")
        expect(page.get_by_test_id("notices-quiet_from")).to_have_value("21")
        page.reload()
        expect(page.get_by_test_id("notices-money")).to_be_checked()
        choice = Choice.objects.get(person=her)
        assert (choice.kinds, choice.by, choice.quiet_from) == ([Kind.MONEY], "email", 21)
        assert choice.time_zone == page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
        if size[0] == 320:
            page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert problems_of(page) == []
        if "LOOK" in os.environ:
            page.screenshot(path=f"{os.environ['LOOK']}/notices-{language}.png", full_page=True)
        with saved(page):
            page.get_by_test_id("notices-stop").click()
        expect(page.get_by_test_id("notices-stop")).to_have_count(0)
        assert Choice.objects.get(person=her).kinds == []


def test_who_forbids_notices_is_told_and_nothing_is_on(live_server):
    world = allow_in(opened(sentiment_world(items=2, workers=1)))
    with phone() as context:
        page = context.new_page()
        sign_in(page, live_server.url, world.workers[0].person.email, PASSWORD)
        wait_for_offline_readiness(page)
        open_notices(page)
        page.get_by_test_id("notices-work").click()
        expect(page.get_by_test_id("notices-problem")).to_be_visible()
        expect(page.get_by_test_id("notices-work")).not_to_be_checked()
        assert not PushSubscription.objects.exists()
        assert not Choice.objects.filter(work=True).exists()
