"""What the first visit costs her, in bytes on the wire: what the first screen needs, once; the rest when she works here, once."""

import re
from collections import Counter

import pytest

from tests.phone.browser import CHROMIUM, phone, wait_for_offline_readiness
from tests.phone.network import network_to
from tests.phone.test_built_app import DIST, entry, gz_bytes, static_imports
from tests.phone.test_tasks import PASSWORD, allow_in
from tests.worlds import opened, sentiment_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]
HEADERS = 1300  # of one reply, about: the content security policy is the most of it


def files_asked(network) -> Counter:
    return Counter(re.findall(rb"GET (/app/assets/\S+|/app/icons/\S+) HTTP", b"".join(network.asked)))


def test_nothing_of_the_app_crosses_the_network_twice(live_server):
    world = allow_in(opened(sentiment_world(items=2, workers=1)))
    with network_to(live_server.url) as network, phone() as context:
        page = context.new_page()
        page.goto(f"{network.url}/app/")
        page.get_by_test_id("welcome").wait_for()
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_load_state("networkidle")
        first = [*static_imports(entry()), *DIST.glob("assets/*.css"), *DIST.glob("assets/locale-en-first-*")]
        needed = sum(map(gz_bytes, [*first, DIST / "index.html", DIST / "sw.js", DIST / "icons/icon-192.png"]))
        assert network.came <= needed + 10 * HEADERS, f"{network.came} bytes came, {needed} were needed"
        assert max(files_asked(network).values()) == 1

        page.get_by_test_id("language-en").click()
        page.get_by_test_id("other-way").click()
        page.get_by_test_id("who").fill(world.workers[0].person.email)
        page.get_by_test_id("password").fill(PASSWORD)
        page.get_by_test_id("sign-in-send").click()
        page.get_by_test_id("work").wait_for()
        wait_for_offline_readiness(page)
        asked = files_asked(network)
        assert max(asked.values()) == 1, asked
        assert not any(b"locale-zu" in name for name in asked), "a language that she does not read"
        network.off(context)  # and now everything is here
        for screen in ("wallet", "bans", "notices", "me", f"task/{world.batch.pk}"):
            page.goto(f"{network.url}/app/#/{screen}")
            page.locator("main h1").first.wait_for(state="attached")
