"""How many touches one answer takes, by type: fingers put down and keys pressed for what is told beside it, Done with them.

    python -m benchmarks.phone_touches

A phone of 360 x 640 with real touches, on a platform of its own; what is done on the screen is what the tests of the types do, without
their ways back. How many seconds that takes only people can tell: it stands with each answer of theirs (active_ms, device_class).
Bars: boxes 4 taps and their label, swipe 1, an area 5.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.platform_for_benchmarks import running_platform

COUNT = """() => {
  globalThis.counted = { touches: 0, keys: 0 };
  addEventListener("touchstart", () => counted.touches++, true);
  addEventListener("keydown", () => counted.keys++, true);
}"""


def acts() -> dict[str, tuple[str, Callable]]:
    """What is answered, and by what. The tests need Django's settings before they can be imported."""
    from tests.phone import test_offline_loops as loops
    from tests.phone import test_three_by_taps as by_taps
    from tests.phone import test_three_workers as by_three
    from tests.phone.browser import Fingers
    from tests.phone.test_tasks import point_on

    def goes_around(page) -> None:
        page.get_by_test_id("mode-regions").wait_for()
        at = point_on(page, 800, 600)
        Fingers(page).slide([at(560 + 140 * np.cos(k / 4), 220 + 140 * np.sin(k / 4)) for k in range(26)])

    def reads_two(page) -> None:
        by_taps.draws_lines(page, *by_taps.LINES)
        page.get_by_test_id("done").tap()
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
        page.get_by_test_id("writing").fill("brown")
        page.get_by_test_id("done").tap()
        by_three.on(page, "Your answers")

    def taps(*testids: str) -> Callable:
        return lambda page: [page.get_by_test_id(one).tap() for one in testids]

    return {
        "taxonomy": ("three levels down", lambda page: [by_taps.node(page, one).tap() for one in ("Clothes", "Shirts", "Blouses")]),
        "rating": ("0 to 100, by the slider", slides),
        "spans": ("one name of two words", lambda page: by_three.mark(page, "who", "uNomsa", "Khumalo")),
        "polygons": ("one outline, traced", by_three.traces),
        "keypoints": ("four points, one of them not there", loops.KINDS["keypoints"].act),
        "mask": ("one area", goes_around),
        "regions": ("two lines, and what they say", reads_two),
        "geopoint": ("a place, and how sure", by_taps.taps_the_place),
        "form": ("three questions, one of them in words", says_three),
        "segments": ("one stretch that was found", taps("take")),
        "ranking": ("three", taps("rank-a", "rank-b")),
        "first_wrong": ("one step, its kind, how bad", taps("step-key-c", "kind-who", "severity-3")),
    }  # fmt: skip


def measure(url: str) -> list[tuple[str, str, int, int]]:
    """(type, what is answered, touches, keys) of each, and of each look of it."""
    from tests.phone.browser import begin, phone, sign_in
    from tests.phone.test_offline_loops import KINDS, on_offer
    from tests.phone.test_three_workers import PASSWORD
    from tests.worlds import deposit, sentiment_world

    world, own, rows = sentiment_world(items=0, workers=1), acts(), []
    person = world.workers[0].person
    person.set_password(PASSWORD)
    person.save()
    deposit(world.organisation, 90_000_000)
    with phone(service_workers="block") as context:
        page = context.new_page()
        sign_in(page, url, person.email, PASSWORD)
        for name, kind in KINDS.items():
            page.goto(f"{url}/app/#/task/{on_offer(world, name).pk}")
            page.reload()
            begin(page)
            page.locator("[data-testid=task] .task-body:not([inert])").wait_for()
            page.evaluate(COUNT)
            what, act = own.get(name, ("", kind.act))
            act(page)
            if not kind.at_once:
                page.get_by_test_id("done").tap()
            page.locator("main[data-testid^=none-]").wait_for()
            counted = page.evaluate("counted")
            rows.append((name, what, counted["touches"], counted["keys"]))
    return rows


def main() -> None:
    with running_platform() as platform:
        print("| type | what is answered | touches | keys |\n| --- | --- | ---: | ---: |")
        for row in measure(platform.url):
            print("| " + " | ".join(map(str, row)) + " |")


if __name__ == "__main__":
    main()
