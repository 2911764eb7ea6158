"""Debian's Chromium as every test and benchmark starts it, driven by Playwright."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def chromium() -> Iterator:
    """A running browser (playwright.sync_api.Browser)."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as play, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        browser = play.chromium.launch(**launch_options(home))
        try:
            yield browser
        finally:
            browser.close()
