"""A phone for the tests: Debian's Chromium at 360 x 640 with touch, driven by Playwright."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.chromium import CHROMIUM, chromium

__all__ = ["CHROMIUM", "Fingers", "begin", "phone", "sign_in", "wait_for_offline_readiness"]


@contextmanager
def phone(**options) -> Iterator:
    """A browser context; everything that the page complains about fails the test that uses it."""
    # Playwright's sync API runs a loop in this thread, where Django would refuse to query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    settings = {
        "viewport": {"width": 360, "height": 640},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
        "locale": "en-ZA",
    }
    with chromium() as browser:
        context = browser.new_context(**settings | options)
        faults: list[str] = []
        context.on("weberror", lambda error: faults.append(str(error.error)))
        try:
            yield context
        finally:
            context.close()
    assert not faults, faults


def sign_in(page, url: str, email: str, password: str, language: str = "en", until: str = "work") -> None:
    page.goto(f"{url}/app/")
    page.get_by_test_id(f"language-{language}").click()
    page.get_by_test_id("other-way").click()
    page.get_by_test_id("who").fill(email)
    page.get_by_test_id("password").fill(password)
    page.get_by_test_id("sign-in-send").click()
    page.get_by_test_id(until).wait_for()


def begin(page) -> None:
    """Past the instructions, which come before the first task of a piece of work; where there are none, nothing is shown."""
    teach = page.get_by_test_id("teach-begin")
    teach.or_(page.get_by_test_id("task")).or_(page.locator("main[data-testid^=none-]")).first.wait_for()
    if teach.is_visible():
        teach.click()


REST_MS = 100


class Fingers:
    """Real touches: what the browser makes of them is what it makes of a hand's."""

    def __init__(self, page) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)

    def _send(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y, "id": k} for k, (x, y) in enumerate(points)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def tap(self, x: float, y: float) -> None:
        self._send("touchStart", (x, y))
        self._send("touchEnd")

    def hold(self, x: float, y: float, for_ms: int) -> None:
        self._send("touchStart", (x, y))
        self.page.wait_for_timeout(for_ms)  # what she does is wait
        self._send("touchEnd")

    def drag(self, start: tuple[float, float], end: tuple[float, float], steps: int = 5) -> None:
        between = lambda share: tuple(a + (b - a) * share for a, b in zip(start, end, strict=True))  # noqa: E731
        self.slide([between(k / steps) for k in range(steps + 1)])

    def slide(self, path: list[tuple[float, float]]) -> None:
        """It rests before it lifts, as a hand does that puts something down. Lifted while it moves it throws, and Chromium takes a tap
        that follows within a fifth of a second for the hand that stops what was thrown: no click comes of it."""
        self._send("touchStart", path[0])
        for point in path[1:]:
            self._send("touchMove", point)
        self.page.wait_for_timeout(REST_MS)
        self._send("touchEnd")

    def pinch(self, x: float, y: float, apart: float, steps: int = 5) -> None:
        """Two fingers from 40 pixels apart to so many more."""
        spread = lambda by: ((x - by, y), (x + by, y))  # noqa: E731
        self._send("touchStart", *spread(20))
        for k in range(1, steps + 1):
            self._send("touchMove", *spread(20 + apart * k / steps / 2))
        self._send("touchEnd")


def wait_for_offline_readiness(page) -> None:
    """The service worker has every file and answers for this page."""
    page.evaluate(
        "async () => { await navigator.serviceWorker.ready;"
        " if (!navigator.serviceWorker.controller)"
        " await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done)); }"
    )
    page.locator("html[data-kept]").wait_for(state="attached")
