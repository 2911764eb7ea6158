"""Every screen of a worker on every kind of screen: nothing is cut, nothing is covered, every key can be reached."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.axe import AXE, axe_on
from tests.phone.browser import CHROMIUM, phone
from tests.phone.layout import DRAWN, problems_of
from tests.phone.pseudo_arabic import speak_it
from tests.phone.shown_world import PASSWORD, earn, shown_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]
SHOTS = os.environ.get("ILIMA_SHOTS")  # a folder for pictures of them all


@dataclass(frozen=True)
class Size:
    name: str
    width: int
    height: int
    text: int = 100  # percent


SIZES = (
    Size("phone", 360, 640),
    Size("small", 320, 568),
    Size("lying", 640, 360),
    Size("large-text", 360, 640, 200),
)


def look_at(page, screen: str, sizes: tuple[Size, ...], language: str) -> Iterator[str]:
    """The screen that is open now, in each size."""
    for size in sizes:
        page.set_viewport_size({"width": size.width, "height": size.height})
        page.evaluate("(percent) => { document.documentElement.style.fontSize = `${percent}%`; }", size.text)
        if SHOTS:
            page.evaluate(DRAWN)
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{SHOTS}/{language}-{screen}-{size.name}.png")
        yield from (f"{screen} ({language}, {size.name}): {problem}" for problem in problems_of(page))
        if size == SIZES[0] and AXE.exists():  # test_axe.py says where it comes from
            yield from (f"{screen} ({language}): {fault}" for fault in axe_on(page))
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    page.set_viewport_size({"width": sizes[0].width, "height": sizes[0].height})


def screens(page, url: str, world) -> Iterator[tuple[str, Callable]]:
    """Names, and the way to each from the one before."""
    to = lambda path, testid: lambda: (page.goto(f"{url}/app/#/{path}"), page.get_by_test_id(testid).first.wait_for())  # noqa: E731
    key = lambda testid: lambda: page.get_by_test_id(testid).first.click()  # noqa: E731
    yield "home", lambda: (to("work", "work")(), page.locator("a.batch").nth(5).wait_for())
    yield "goal", key("field")
    key("goal-10")()
    page.locator("[data-testid=field]:not([data-share=''])").wait_for()
    earn(world, 8)  # while she is away
    to("wallet", "wallet")()
    yield "news", lambda: (to("work", "news")(), page.get_by_test_id("enough").wait_for())
    key("news-read")()
    yield "batch", to(f"batch/{world.batches['tall'].pk}", "start")
    pictures, marks = (
        ("tall", "many", "grid", "boxes", "boxes20"),
        ("names", "outlines", "lines", "place", "pose", "voices"),
    )
    of_parts, labels = ("chat", "two", "order", "document", "trace"), ("tags", "stars", "scale", "tree")
    for name in (*pictures, *marks, "sound", "long", "page", "several", "better", *labels, *of_parts):
        yield f"teach-{name}", to(f"task/{world.batches[name].pk}", "teach")
        yield f"task-{name}", lambda: (key("teach-begin")(), page.get_by_test_id("task").wait_for())
        if name == "tall":
            yield "more", key("more")
            yield "report", key("report")
            page.keyboard.press("Escape")
            yield "how-to", key("rule")
            page.keyboard.press("Escape")
            yield "missing", key("done")
            yield "enlarged", key("picture")
            page.keyboard.press("Escape")
        if name == "grid":
            yield "grid-chosen", lambda: [page.keyboard.press(one) for one in "15"]
            yield "grid-closer", key("closer-1")
            page.keyboard.press("Escape")
        if name == "boxes":
            yield (
                "boxes-drawn",
                lambda: (page.keyboard.press("n"), page.keyboard.press("n"), page.get_by_test_id("shape-1").wait_for()),
            )
        if name == "names":
            yield (
                "words-begun",
                lambda: [page.locator(".word", has_text=word).first.click() for word in ("rose", "night")],
            )
            yield "words-marked", lambda: (page.keyboard.press("1"), page.get_by_test_id("span-0").wait_for())
            yield "mark-chosen", key("span-0")
        if name == "outlines":
            yield (
                "outline-chosen",
                lambda: (
                    [page.keyboard.press(one) for one in "n.]"],
                    page.get_by_test_id("next-corner").wait_for(),
                ),
            )
        if name == "place":
            page.locator("[data-testid=map][data-ready]").wait_for()
            yield "place-found", lambda: [page.keyboard.press(one) for one in ("ArrowDown", "+", "+", "5")]
        if name == "lines":
            yield "line-drawn", lambda: (page.keyboard.press("n"), page.get_by_test_id("shape-0").wait_for())
            yield "line-written", lambda: (key("done")(), page.get_by_test_id("line-text").wait_for())
        if name == "voices":
            yield "segments-marked", lambda: [page.get_by_test_id(one).click() for one in ("take", "hold", "hold")]
            yield "segment-chosen", key("segment-0")
        if name == "pose":
            yield (
                "point-placed",
                lambda: ([page.keyboard.press(one) for one in "nnn,"], page.get_by_test_id("point-middle").wait_for()),
            )
        if name == "several":
            yield (
                "second-question",
                lambda: (
                    page.locator(".form-head[data-ready]").wait_for(),
                    page.keyboard.press("1"),
                    page.get_by_test_id("form-back").wait_for(),
                ),
            )
            yield "all-answers", lambda: _answer_all(page)
        if name == "document":
            yield "page-text", lambda: page.locator(".page-text summary").first.click()
        if name == "better":
            yield "changed", lambda: page.get_by_test_id("writing").fill("1. The river rose in the night.")
        if name == "trace":
            yield "step-chosen", lambda: page.locator("[data-testid^=step-key-]").nth(1).click()
        if name == "tags":
            yield "tags-chosen", lambda: [page.keyboard.press(one) for one in "159"]
        if name == "scale":
            yield "scale-touched", key("rate-more")
        if name == "boxes20":
            yield "label-sheet", key("all-labels")
            page.keyboard.press("Escape")
    yield from newest(page, url, world)
    yield "wallet", to("wallet", "wallet")
    yield "check-pay", lambda: (page.get_by_test_id("check").click(), page.get_by_test_id("check-result").wait_for())
    yield "payout", key("ask-payout")
    page.keyboard.press("Escape")
    yield "history", lambda: (to("history", "history")(), page.locator(".lines summary").first.wait_for())
    yield "history-open", lambda: (page.locator("summary").first.click(), page.get_by_test_id("item-text").wait_for())
    assert page.locator(".look").bounding_box()["height"] > 40, "what the answer was about has no height"
    yield "scores", to("scores", "days")
    yield "notices", to("notices", "notices-work")
    yield "bans", to("bans", "appeal-open")
    yield "appeal", key("appeal-open")
    page.keyboard.press("Escape")
    yield "me", to("me", "me")


def newest(page, url: str, world) -> Iterator[tuple[str, Callable]]:
    """An exam that she has not passed, her certificate and anybody's look at it, and work that warns of what it shows."""
    to = lambda path, testid: lambda: (page.goto(f"{url}/app/#/{path}"), page.get_by_test_id(testid).first.wait_for())  # noqa: E731
    key = lambda testid: lambda: page.get_by_test_id(testid).first.click()  # noqa: E731
    yield "exam-asked", to(f"batch/{world.batches['examined'].pk}", "to-exam")
    yield "exam-result", to(f"exam/{world.batches['exam'].pk}", "sitting-1")
    yield "exam-miss", lambda: page.get_by_test_id("exam").locator("summary").first.click()
    yield "exam-offer", to(f"batch/{world.batches['exam'].pk}", "exam-rule")
    yield "thread", to(f"thread/{world.batches['tall'].project_id}", "post-report")
    yield "certificate", to("my-certificate", "certificate-code")
    yield "certificate-checked", lambda: (key("certificate-see")(), page.get_by_test_id("verdict").wait_for())
    yield "warned", to(f"batch/{world.batches['warned'].pk}", "warned")
    yield "warning", to(f"task/{world.batches['warned'].pk}", "warning")
    yield "teach-warned", lambda: (key("agree")(), page.get_by_test_id("teach").wait_for())
    yield "covered", lambda: (key("teach-begin")(), page.get_by_test_id("cover").wait_for())
    yield "uncovered", lambda: (key("uncover")(), page.get_by_test_id("task").wait_for())


def _answer_all(page) -> None:
    """By keys, one question after the other; what is pressed too early is not taken."""
    for n in range(2, 6):
        page.locator(".form-head[data-ready]").wait_for()
        page.keyboard.press("1")
        if n < 5:
            page.locator(".form-dots i").nth(n).and_(page.locator(".here")).wait_for()
    page.locator(".form-rows").wait_for()


@pytest.mark.parametrize(
    ("language", "sizes"),
    [("en", SIZES), ("zu", SIZES[1:2] + SIZES[3:]), ("pseudo-arabic", SIZES[:3])],
    ids=lambda one: str(one)[:13],
)
def test_nothing_is_cut_nothing_is_covered_every_key_is_reached(live_server, settings, language, sizes):
    settings.MEDIA_ORIGIN = live_server.url
    world = shown_world()
    found: list[str] = []
    with phone(reduced_motion="reduce", service_workers="block") as context:
        page = context.new_page()
        if language == "pseudo-arabic":
            speak_it(page)
        page.goto(f"{live_server.url}/app/")
        page.get_by_test_id("welcome").wait_for()
        found += look_at(page, "welcome", sizes, language)
        page.get_by_test_id(f"language-{'en' if language == 'en' else 'zu'}").click()
        page.get_by_test_id("sign-in").wait_for()
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "pseudo-arabic" else "ltr")
        found += look_at(page, "sign-in", sizes, language)
        page.get_by_test_id("join").click()
        found += look_at(page, "join", sizes, language)
        page.get_by_test_id("join").click()
        enter(page, world.worker.person.email)
        for screen, open_it in screens(page, live_server.url, world):
            open_it()
            found += look_at(page, screen, sizes, language)
    assert found == [], "\n".join(found)


def enter(page, email: str) -> None:
    page.get_by_test_id("other-way").click()
    page.get_by_test_id("who").fill(email)
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("sign-in-send").click()
    page.get_by_test_id("work").wait_for()
