"""A phone for the tests: Debian's Chromium at 360 x 640 with touch, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def phone(**options) -> Iterator:
    """A browser context; everything that the page complains about fails the test that uses it."""
    from playwright.sync_api import sync_playwright

    # Playwright's sync API runs a loop in this thread, where Django would refuse to query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    settings = {
        "viewport": {"width": 360, "height": 640},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
        "locale": "en-ZA",
    }
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        context = browser.new_context(**settings | options)
        faults: list[str] = []
        context.on("weberror", lambda error: faults.append(str(error.error)))
        try:
            yield context
        finally:
            browser.close()
    assert not faults, faults


def sign_in(page, url: str, email: str, password: str, language: str = "en", until: str = "work") -> None:
    page.goto(f"{url}/app/")
    page.get_by_test_id(f"language-{language}").click()
    page.get_by_test_id("other-way").click()
    page.get_by_test_id("who").fill(email)
    page.get_by_test_id("password").fill(password)
    page.get_by_test_id("sign-in-send").click()
    page.get_by_test_id(until).wait_for()


def wait_for_offline_readiness(page) -> None:
    """The service worker has every file and answers for this page."""
    page.evaluate(
        "async () => { await navigator.serviceWorker.ready;"
        " if (!navigator.serviceWorker.controller)"
        " await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done)); }"
    )
