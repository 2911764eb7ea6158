"""What is wrong with a screen as it stands, read off the boxes on the page: nothing cut, nothing covered, every key reachable."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
# A turned screen is told to the page with its next picture: what is measured before that was never drawn.
DRAWN = "async () => { for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame); }"
PROBLEMS = (HERE / "problems.js").read_text()
COVERED = (HERE / "covered_lines.js").read_text()
SEEN_SHARE = (HERE / "seen_share.js").read_text()


def problems_of(page, most: int = 12) -> list[str]:
    page.evaluate(DRAWN)
    return page.evaluate(PROBLEMS, most)


def covered_lines(locator) -> int:
    """Lines of text that it lies over, as the page stands."""
    locator.evaluate(DRAWN)
    return locator.evaluate(COVERED)


def seen_share(locator) -> dict:
    """How much of the thing to look at is on the screen before anything is scrolled: its whole, uncut box."""
    locator.evaluate(DRAWN)
    return locator.evaluate(SEEN_SHARE)
