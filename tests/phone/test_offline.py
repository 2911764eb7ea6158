"""In the taxi: twenty answers without network, the tab killed in between, and every one arrives once."""

import json
import time

import pytest
import time_machine

from labelling.models import Answer, Lease
from labelling.work.expire_leases import expire_leases
from ledger.models import Transfer
from tests.phone.browser import CHROMIUM, phone, sign_in, wait_for_offline_readiness
from tests.phone.network import network_to
from tests.worlds import opened, sentiment_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]

PASSWORD = "seven-goats-in-the-shade"


@pytest.fixture
def network(live_server):
    with network_to(live_server.url) as way:
        yield way


@pytest.fixture
def thandi():
    """A worker with twenty short texts to judge."""
    world = opened(sentiment_world(items=20, workers=1))
    person = world.workers[0].person
    person.set_password(PASSWORD)
    person.save()
    return world


def take_pack(page, url, world):
    sign_in(page, url, world.workers[0].person.email, PASSWORD)
    wait_for_offline_readiness(page)
    page.goto(f"{url}/app/#/batch/{world.batch.pk}")
    page.get_by_test_id("take-pack").click()
    expect_attribute(page, "take-pack", "data-ready", "20")


def expect_attribute(page, testid, name, value):
    from playwright.sync_api import expect

    expect(page.get_by_test_id(testid).first).to_have_attribute(name, value, timeout=30_000)


HOUR_S = 3600
# The phone's own clock, off by so many hours, in the page and after each reload.
WRONG_CLOCK = """() => { const Real = Date, off = %d;
  globalThis.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + off); }
    static now() { return Real.now() + off; }
  }; }"""


def open_phone(context, url, hours: float):
    """A new page, as after a kill, on a phone whose clock is so many hours from this machine's."""
    page = context.new_page()
    page.add_init_script(f"({WRONG_CLOCK % round(hours * HOUR_S * 1000)})()")
    page.goto(f"{url}/app/")
    return page


@pytest.mark.parametrize("wrong_h", [2, -2], ids=["2 h fast", "2 h slow"])
def test_eight_hours_without_signal_with_a_wrong_clock_lose_nothing(network, wrong_h):
    """A pack of sixty, killed and reopened twice, her clock off by two hours and set right on the way: all arrive once, all are paid."""
    world, url = opened(sentiment_world(items=60, workers=1)), network.url
    person = world.workers[0].person
    person.set_password(PASSWORD)
    person.save()
    with phone() as context, time_machine.travel(time.time(), tick=True) as now:
        page = context.new_page()
        page.add_init_script(f"({WRONG_CLOCK % (wrong_h * HOUR_S * 1000)})()")
        sign_in(page, url, person.email, PASSWORD)
        wait_for_offline_readiness(page)
        page.goto(f"{url}/app/#/batch/{world.batch.pk}")
        page.get_by_test_id("take-pack").click()
        expect_attribute(page, "take-pack", "data-ready", "60")
        said = page.get_by_test_id("ready").inner_text()
        assert "12 hr" in said or "11 hr" in said, "by the server's clock, whatever hers says"
        network.off(context)
        page.close()

        now.shift(4 * HOUR_S)  # the browser's own clock stays: the phone's is shifted by the hours that passed
        page = open_phone(context, url, 4 + wrong_h)
        expect_attribute(page, "ready", "data-n", "60")
        answer(page, url, world, 1, 25)
        page.close()

        now.shift(4 * HOUR_S - 60)
        expire_leases()
        page = open_phone(context, url, 8)  # she set her clock right meanwhile, or took the battery out
        expect_attribute(page, "sync", "data-unsent", "25")
        answer(page, url, world, 26, 60)
        page.get_by_test_id("none-offline").wait_for()
        assert Answer.objects.count() == 0
        network.on(context)
        page.goto(f"{url}/app/#/work")
        expect_attribute(page, "sync", "data-unsent", "0")
    assert Answer.objects.count() == 60
    assert Lease.objects.filter(state="answered").count() == 60
    assert Transfer.objects.filter(kind="earn").count() == 60


def answer(page, url, world, first: int, last: int) -> None:
    page.goto(f"{url}/app/#/task/{world.batch.pk}")
    for n in range(first, last + 1):
        page.get_by_test_id("choice-good").tap()
        page.get_by_test_id("done").tap()
        expect_attribute(page, "sync", "data-unsent", str(n))


def test_twenty_answers_outlive_a_killed_tab_and_arrive_once(network, thandi):
    url = network.url
    with phone() as context:
        page = context.new_page()
        take_pack(page, url, thandi)
        network.off(context)
        answer(page, url, thandi, 1, 10)
        page.close()  # the phone needed the memory

        page = context.new_page()
        page.goto(f"{url}/app/")
        expect_attribute(page, "sync", "data-unsent", "10")
        answer(page, url, thandi, 11, 20)
        page.get_by_test_id("none-offline").wait_for()
        assert Answer.objects.count() == 0
        page.close()

        network.on(context)
        page = context.new_page()
        page.goto(f"{url}/app/#/history")
        expect_attribute(page, "sync", "data-unsent", "0")
        for _ in range(200):  # the page says 0 too while it has not looked yet
            if Answer.objects.count() == 20:
                break
            page.wait_for_timeout(100)
    assert Answer.objects.count() == 20
    assert set(Answer.objects.values_list("value__label", flat=True)) == {"good"}
    assert Transfer.objects.filter(kind="earn").count() == 20


def test_a_lost_reply_is_asked_for_again_and_counts_once(live_server, thandi):
    url = live_server.url
    with phone(service_workers="block") as context:  # whose background sync would be faster than the second try
        page = context.new_page()
        sign_in(page, url, thandi.workers[0].person.email, PASSWORD)
        lost = []

        def lose_the_reply(route):
            if len(lost) < 2:
                lost.append(route.fetch().status)
                route.abort()
            else:
                route.continue_()

        page.route("**/api/v1/work/answers", lose_the_reply)
        page.goto(f"{url}/app/#/task/{thandi.batch.pk}")
        page.get_by_test_id("choice-good").tap()
        with page.expect_response("**/api/v1/work/answers") as heard:
            page.get_by_test_id("done").tap()
        assert heard.value.json()["results"][0]["status"] == "repeated"
        expect_attribute(page, "sync", "data-unsent", "0")
        assert lost == [200, 200]
    assert Answer.objects.count() == 1
    assert Transfer.objects.filter(kind="earn").count() == 1


def draw_through_a_tunnel(context, url, world, on_the_way=lambda body: body):
    """Asks for a pack; the server lends it, but the reply never comes; the tab is killed, and she asks again. Gives the new page."""
    page = context.new_page()
    sign_in(page, url, world.workers[0].person.email, PASSWORD)
    lost = []

    def lose_the_first_reply(route):
        body = json.dumps(on_the_way(route.request.post_data_json))
        if lost:
            return route.continue_(post_data=body)
        lost.append(route.fetch(post_data=body).json()["leases"])
        route.abort()

    context.route("**/api/v1/work/draw", lose_the_first_reply)
    page.goto(f"{url}/app/#/batch/{world.batch.pk}")
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/work/draw")):
        page.get_by_test_id("take-pack").click()
    page.close()
    assert len(lost[0]) == 20

    page = context.new_page()
    page.goto(f"{url}/app/#/batch/{world.batch.pk}")
    expect_attribute(page, "take-pack", "data-ready", "0")
    with page.expect_response("**/api/v1/work/draw"):
        page.get_by_test_id("take-pack").click()
    return page


def test_a_draw_whose_reply_was_lost_is_hers_when_she_asks_again(live_server, thandi):
    with phone(service_workers="block") as context:
        page = draw_through_a_tunnel(context, live_server.url, thandi)
        expect_attribute(page, "take-pack", "data-ready", "20")
        page.goto(f"{live_server.url}/app/#/task/{thandi.batch.pk}")
        page.get_by_test_id("choice-good").tap()
        with page.expect_response("**/api/v1/work/answers") as heard:
            page.get_by_test_id("done").tap()
        assert heard.value.json()["results"][0]["status"] == "accepted"
    assert Lease.objects.count() == 20


def test_without_the_draws_id_what_was_lent_would_be_lost_to_her(live_server, thandi):
    """The control: the id is taken out on the way."""
    with phone(service_workers="block") as context:
        page = draw_through_a_tunnel(
            context, live_server.url, thandi, lambda body: {"batch": body["batch"], "n": body["n"]}
        )
        page.locator('[data-testid="take-pack"]:not([disabled])').wait_for()
        expect_attribute(page, "take-pack", "data-ready", "0")
    assert Lease.objects.count() == 20


def test_without_the_outbox_on_disk_the_answers_would_be_gone(network, thandi):
    """The control: the same run with the phone's storage wiped at the kill loses what was not sent."""
    url = network.url
    with phone() as context:
        page = context.new_page()
        take_pack(page, url, thandi)
        network.off(context)
        answer(page, url, thandi, 1, 3)
        page.evaluate("indexedDB.deleteDatabase('ilima')")
        page.close()
        network.on(context)
        page = context.new_page()
        page.goto(f"{url}/app/")
        expect_attribute(page, "sync", "data-unsent", "0")
    assert Answer.objects.count() == 0
