"""What is answered of each type when its touches are counted (phone_touches.py), and how. It needs Django's settings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.phone import test_three_by_taps as by_taps
from tests.phone import test_three_workers as by_three
from tests.phone.browser import Fingers
from tests.phone.test_offline_loops import KINDS, chooses
from tests.phone.test_tasks import point_on


def goes_around(page) -> None:
    page.get_by_test_id("mode-regions").wait_for()
    at = point_on(page, 800, 600)
    Fingers(page).slide([at(560 + 140 * np.cos(k / 4), 220 + 140 * np.sin(k / 4)) for k in range(26)])


def writes(page) -> None:
    page.get_by_test_id("writing").tap()
    KINDS["text"].act(page)


def reads_two(page) -> None:
    by_taps.draws_lines(page, *by_taps.LINES)
    page.get_by_test_id("done").tap()
    page.get_by_test_id("line-text").tap()
    for last, text in enumerate(by_taps.LINES):
        page.get_by_test_id("line-text").fill(text)
        if not last:
            page.get_by_test_id("done").tap()


def slides(page) -> None:
    box = page.get_by_test_id("rating-slider").bounding_box()
    y = box["y"] + box["height"] / 2
    Fingers(page).drag((box["x"] + box["width"] / 2, y), (box["x"] + 0.8 * box["width"], y))


def says_three(page) -> None:
    for title, answer in (("What is it?", "Dress"), ("Sleeve?", "Long")):
        by_three.on(page, title)
        by_three.says(page, answer)
    by_three.on(page, "Colour?")
    page.get_by_test_id("writing").tap()
    page.get_by_test_id("writing").fill("brown")
    page.get_by_test_id("done").tap()
    by_three.on(page, "Your answers")


def walks_down(page) -> None:
    for name in ("Clothes", "Shirts", "Blouses"):
        by_taps.node(page, name).tap()


def marks_a_name(page) -> None:
    by_three.mark(page, "who", "uNomsa", "Khumalo")


ACTS: dict[str, tuple[str, Callable]] = {
    "choice": ("one label", KINDS["choice"].act),
    "choice (swipe)": ("one push", KINDS["choice (swipe)"].act),
    "choice (grid)": ("one cell", KINDS["choice (grid)"].act),
    "choices": ("two tags", KINDS["choices"].act),
    "taxonomy": ("three levels down", walks_down),
    "rating": ("0 to 100, by the slider", slides),
    "text": ("eight letters", writes),
    "spans": ("one name of two words", marks_a_name),
    "boxes": ("one box and its label", KINDS["boxes"].act),
    "polygons": ("one outline, traced", by_three.traces),
    "keypoints": ("four points, one of them not there", KINDS["keypoints"].act),
    "mask": ("one area", goes_around),
    "regions": ("two lines, and what they say", reads_two),
    "geopoint": ("a place, and how sure", by_taps.taps_the_place),
    "form": ("three questions, one of them in words", says_three),
    "segments": ("one stretch that was found", chooses("take")),
    "tracks": ("one thing, in three looks", KINDS["tracks"].act),
    "pairwise": ("the better of two", KINDS["pairwise"].act),
    "ranking": ("three", chooses("rank-a", "rank-b")),
    "first_wrong": ("one step, its kind, how bad", chooses("step-key-c", "kind-who", "severity-3")),
}
