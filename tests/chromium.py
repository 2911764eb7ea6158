"""Debian's Chromium as every test and benchmark starts it, driven by Playwright."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 15_000  # for what a page shall come to: two halves of the suite share the processors


def launch_options(home: str) -> dict:
    """It keeps crash reports and settings in the home folder whatever profile it is given, so it gets a home of its own."""
    outside = {
        name: os.path.join(home, name.lower()) for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
    }
    return {"executable_path": CHROMIUM, "args": ARGS, "env": {**os.environ, "HOME": home, **outside}}


_kept = ExitStack()  # the browser that runs, and what it needs
_browser = None


@contextmanager
def chromium() -> Iterator:
    """A running browser (playwright.sync_api.Browser): one for all tests of a file, which lie apart in contexts of their own.

    `end_chromium()` ends it, after each file of tests: Playwright's loop stays in this thread for as long as it runs.
    """
    global _browser
    if _browser is None or not _browser.is_connected():
        end_chromium()
        _browser = _start()
    yield _browser


def _start():
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    home = _kept.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
    play = _kept.enter_context(sync_playwright())
    browser = play.chromium.launch(**launch_options(home))
    _kept.callback(browser.close)
    return browser


def end_chromium() -> None:
    global _browser
    _browser = None
    _kept.close()
