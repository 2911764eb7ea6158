"""Marks in a text and in a picture, the whole way: three people with real touches, one of them without network, one decision, one file."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import numpy as np
import pytest
import soundfile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw
from playwright.sync_api import expect
from pycocotools import mask as coco_mask

from consensus.app.actions.decide_items import decide_items
from intake.media import store
from labelling.data.add_items import add_media_item, add_text_item
from labelling.data.create_dataset import create_dataset
from labelling.data.stored import store_for
from labelling.models import Answer, BatchItem, Decision
from labelling.projects.create_project import create_project
from labelling.task_types.label_names import names_of
from tests.formats.decided import built, downloaded
from tests.formats.worlds import upload_one, zipped
from tests.intake.test_clips import clip
from tests.phone.browser import CHROMIUM, Fingers, phone, sign_in, wait_for_offline_readiness
from tests.phone.network import Network, network_to
from tests.phone.test_tasks import answered, point_on
from tests.worlds import World, opened, sentiment_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]
PASSWORD = "seven-goats-in-the-shade"
TEXT = "\U0001f410 Ngibone uNomsa Khumalo eThekwini, ngosuku olulodwa emva kwesikhathi eside kakhulu."
LABELS = [{"id": "who", "name": {"en": "Person"}}, {"id": "where", "name": {"en": "Place"}}]


@pytest.fixture
def network(live_server, settings) -> Iterator[Network]:
    with network_to(live_server.url) as way:
        settings.MEDIA_ORIGIN = way.url
        yield way


def world_of(task_type: str, medium: str, config: dict | None = None) -> World:
    world = sentiment_world(items=0, workers=3)
    world.project = create_project(
        world.requester, world.organisation, title="Mark what is there", task_type=task_type, medium=medium,
        config={"labels": LABELS} if config is None else config, min_answers=3, max_answers=3, target_ppm=900_000,
        gold_share_bps=0, estimated_task_s=9,
    )  # fmt: skip
    world.dataset = create_dataset(world.requester, world.project, "one")
    for worker in world.workers:
        worker.person.set_password(PASSWORD)
        worker.person.save()
    return world


@contextmanager
def at_work(world: World, url: str, number: int, **options) -> Iterator:
    with phone(**options) as context:
        page = context.new_page()
        sign_in(page, url, world.workers[number].person.email, PASSWORD)
        yield page


def with_network(world: World, url: str, number: int, act: Callable, at_once: bool = False) -> None:
    """As on a first visit: nothing of the app is kept yet, which who goes without waits for. at_once: what she does is the answer."""
    with at_work(world, url, number, service_workers="block") as page:
        page.goto(f"{url}/app/#/task/{world.batch.pk}")
        page.get_by_test_id("task").wait_for()
        if at_once:
            page.locator(".task-body:not([inert])").wait_for()
            assert answered(page, lambda: act(page))["status"] == "accepted"
            return
        act(page)
        assert answered(page, page.get_by_test_id("done").tap)["status"] == "accepted"


def without_network(world: World, network: Network, number: int, act: Callable, at_once: bool = False) -> None:
    """Her pack is on the phone, the tab is killed after the answer, and the answer goes when there is a network."""
    with at_work(world, network.url, number) as page:
        wait_for_offline_readiness(page)
        page.goto(f"{network.url}/app/#/batch/{world.batch.pk}")
        page.get_by_test_id("take-pack").tap()
        expect(page.get_by_test_id("take-pack")).to_have_attribute("data-ready", "1")
        network.off(page.context)
        page.get_by_test_id("start").tap()
        page.get_by_test_id("task").wait_for()
        page.locator(".task-body:not([inert])").wait_for()
        act(page)
        if not at_once:
            page.get_by_test_id("done").tap()
        page.locator("main[data-testid^=none-]").wait_for()
        page.close()
        assert not Answer.objects.filter(worker=world.workers[number]).exists()
        network.on(page.context)
        again = page.context.new_page()
        again.goto(f"{network.url}/app/")
        expect(again.get_by_test_id("sync").first).to_have_attribute("data-unsent", "0")
        for _ in range(200):  # the page says 0 too while it has not looked yet
            if Answer.objects.filter(worker=world.workers[number]).exists():
                break
            again.wait_for_timeout(100)


def decided(world: World) -> tuple[dict, list[dict]]:
    """What the three make one of, and each line of the release."""
    decide_items(BatchItem.objects.values_list("item", flat=True))
    [decision] = Decision.objects.all()
    assert decision.answers_used == 3
    assert decision.final
    return decision.value, [json.loads(line) for line in downloaded(built(world.dataset), "jsonl").splitlines()]


def span(label: str, words: str) -> dict:
    start = TEXT.index(words)
    return {"label": label, "start": start, "end": start + len(words)}


def within(one: dict) -> str:
    return TEXT[one["start"] : one["end"]]


def mark(page, label: str, *words: str) -> None:
    for word in words:
        page.locator(".word", has_text=word).tap()
    page.get_by_test_id(f"label-{label}").tap()


def marks_a_name_within_a_word(page) -> None:
    mark(page, "who", "uNomsa", "Khumalo")
    page.locator(".word", has_text="uNomsa").tap()
    page.get_by_test_id("by-letters").tap()
    page.get_by_test_id("start-later").tap()
    expect(page.get_by_test_id("strip").locator("strong")).to_have_text("Nomsa Khumalo")
    page.get_by_test_id("finish-one").tap()
    mark(page, "where", "eThekwini")


def marks_less_and_takes_back(page) -> None:
    mark(page, "where", "Ngibone")
    page.get_by_test_id("undo").tap()
    page.get_by_test_id("undo").tap()
    expect(page.locator(".word[data-label]")).to_have_count(0)
    mark(page, "where", "eThekwini")


def marks_by_keys(page) -> None:
    page.locator(".word", has_text="Ngibone").focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "1", "ArrowRight", "Enter", "2"):
        page.keyboard.press(key)
    expect(page.get_by_test_id("span-1")).to_contain_text("Place: eThekwini")
    page.get_by_test_id("span-0").tap()
    page.get_by_test_id("by-letters").tap()
    page.keyboard.press("]")


def test_spans(network):
    world = world_of("spans", "text")
    add_text_item(world.dataset, TEXT)
    opened(world)
    with_network(world, network.url, 0, marks_a_name_within_a_word)
    with_network(world, network.url, 1, marks_less_and_takes_back)
    without_network(world, network, 2, marks_by_keys)
    name, place = span("who", "Nomsa Khumalo"), span("where", "eThekwini")
    given = {answer.worker_id: answer.value["spans"] for answer in Answer.objects.all()}
    assert [given[worker.pk] for worker in world.workers] == [[name, place], [place], [name, place]]
    value, [line] = decided(world)
    assert value == {"spans": [name, place]}
    assert [one["label"] for one in line["decision"]["spans"]] == ["Person", "Place"]
    assert [within(one) for one in line["decision"]["spans"]] == [within(name), within(place)]


HEARD_MS = (1_500, 3_500)


def call() -> io.BytesIO:
    """Two seconds of sound between stretches of silence."""
    times = np.arange(5 * 16_000) / 16
    heard = (times >= HEARD_MS[0]) & (times < HEARD_MS[1])
    file = io.BytesIO()
    soundfile.write(file, np.where(heard, 0.5 * np.sin(2 * np.pi * 0.44 * times), 0), 16_000, format="WAV")
    file.seek(0)
    return file


def go_to(page, ms: int) -> None:
    page.get_by_test_id("position").evaluate(
        "(slider, ms) => { slider.value = ms; slider.dispatchEvent(new Event('input', { bubbles: true })); }", ms
    )
    expect(page.get_by_test_id("wave")).to_have_attribute("data-at", str(ms))


def takes_what_is_heard(page) -> None:
    page.get_by_test_id("take").tap()
    page.get_by_test_id("segment-0").tap()
    page.get_by_test_id("side-end").tap()
    page.get_by_test_id("nudge100").tap()
    expect(page.get_by_test_id("announcer")).to_contain_text("0:03.6")
    page.get_by_test_id("nudge-100").tap()
    page.get_by_test_id("finish-one").tap()


def holds_while_it_sounds(page) -> None:
    """Blind, with a thumb: from before it begins; then the beginning is put right by a slide under the wave's handle."""
    go_to(page, 1_200)
    fingers, box = Fingers(page), page.get_by_test_id("hold").bounding_box()
    fingers.hold(box["x"] + 60, box["y"] + 30, 2_000)
    page.get_by_test_id("segment-0").tap()
    wave = page.get_by_test_id("wave")
    box, at_ms = wave.bounding_box(), int(wave.get_attribute("data-at"))
    x, y = box["x"] + 40, box["y"] + 60  # eight seconds are as wide as the wave
    fingers.drag((x, y), (x + (at_ms - HEARD_MS[0]) * box["width"] / 8_000, y))
    page.get_by_test_id("put-here").tap()
    page.get_by_test_id("finish-one").tap()


def marks_by_time_and_keys(page) -> None:
    page.get_by_test_id("play").focus()
    for key in ("Shift+ArrowRight", *["ArrowRight"] * 5, "n", "Shift+ArrowRight", "Shift+ArrowRight", "n"):
        page.keyboard.press(key)
    page.get_by_test_id("segment-0").wait_for()
    for key in (".", "[", "]", "Escape"):
        page.keyboard.press(key)


def test_segments(network):
    world = world_of("segments", "audio")
    add_media_item(world.dataset, store(world.organisation.pk, call(), "call.wav"))
    opened(world)
    with_network(world, network.url, 0, takes_what_is_heard)
    with_network(world, network.url, 1, holds_while_it_sounds)
    without_network(world, network, 2, marks_by_time_and_keys)
    value, [line] = decided(world)
    [segment] = value["segments"]
    assert segment["label"] == "who"
    assert segment["start_ms"] == pytest.approx(HEARD_MS[0], abs=50)
    assert segment["end_ms"] == pytest.approx(HEARD_MS[1], abs=150)
    [written] = line["decision"]["segments"]
    assert written == {**segment, "label": "Person", "label_id": "who"}


def pair_of_pictures() -> bytes:
    colours = {
        name: Image.new("RGB", (400, 300), colour) for name, colour in (("a.png", "#b03030"), ("b.png", "#3030b0"))
    }
    files = {name: io.BytesIO() for name in colours}
    for name, image in colours.items():
        image.save(files[name], "PNG")
    table = b"prompt,left,right\nWhich cloth is redder?,a.png,b.png\n"
    return zipped({"pairs.csv": table} | {name: one.getvalue() for name, one in files.items()})


def prefers_by_touch(page) -> None:
    page.get_by_test_id("pane-p3").tap()
    page.get_by_test_id("undo").tap()
    expect(page.get_by_test_id("pair-p3")).to_have_attribute("aria-checked", "false")
    page.get_by_test_id("pair-larger").tap()
    page.get_by_test_id("pane-p2").tap()


def prefers_by_key(page) -> None:
    keys = page.locator("[role=radio]").evaluate_all("(all) => all.map((one) => one.dataset.testid)")
    page.keyboard.press("x")
    page.keyboard.press(str(keys.index("pair-p2") + 1))


def prefers_by_button(page) -> None:
    page.get_by_test_id("pair-p2").tap()


def test_pairwise(network):
    """Each in an order of her own; what counts is the picture, not its side."""
    world = world_of("pairwise", "parts", {})
    upload_one(world.dataset, SimpleUploadedFile("pairs.zip", pair_of_pictures()))
    opened(world)
    with_network(world, network.url, 0, prefers_by_touch)
    with_network(world, network.url, 1, prefers_by_key)
    without_network(world, network, 2, prefers_by_button)
    assert all(sorted(answer.shown) == ["p2", "p3"] for answer in Answer.objects.all())
    value, [line] = decided(world)
    assert value == {"chosen": "p2"}
    assert [part["role"] for part in line["parts"]] == ["prompt", "left", "right"]
    assert [answer["value"] for answer in line["answers"]] == [value] * 3


TAGS = [
    {"id": f"t{n}", "name": {"en": name}}
    for n, name in enumerate(["Red", "Blue", "Green", "Wool", "Silk", "Linen", "Plain", "Striped", "Long", "Short"])
]


def tags_by_taps(page) -> None:
    page.get_by_test_id("tags-none").tap()
    for tag in ("t3", "t0", "t7"):
        page.get_by_test_id(f"tag-{tag}").tap()
    expect(page.get_by_test_id("tags-none")).to_have_attribute("aria-checked", "false")
    page.get_by_test_id("tags-pinned").get_by_text("Striped").tap()
    expect(page.get_by_test_id("done")).to_contain_text("2 chosen")


def tags_by_search(page) -> None:
    for word, tag in (("rĕd", "t0"), ("WOOL", "t3")):
        page.get_by_test_id("find-label").fill(word)
        expect(page.locator("[data-testid^=tag-]")).to_have_count(1)
        page.get_by_test_id(f"tag-{tag}").tap()


def test_choices(network):
    world = world_of(
        "choices",
        "text",
        {"labels": TAGS, "groups": [{"name": {"en": "Colour"}, "first": 1}, {"name": {"en": "Cloth"}, "first": 4}]},
    )
    add_text_item(world.dataset, "A red jersey of wool")
    opened(world)
    with_network(world, network.url, 0, tags_by_taps)
    with_network(world, network.url, 1, tags_by_search)
    without_network(world, network, 2, lambda page: [page.keyboard.press(key) for key in "0145"])
    given = {answer.worker_id: answer.value["labels"] for answer in Answer.objects.all()}
    assert [given[worker.pk] for worker in world.workers] == [["t0", "t3"], ["t0", "t3"], ["t0", "t3", "t4"]]
    value, [line] = decided(world)
    assert value == {"labels": ["t0", "t3"]}
    assert line["decision"] == {"labels": ["Red", "Wool"], "label_ids": ["t0", "t3"]}


KNOB = 48  # px


def slides(page) -> None:
    """The slider says nothing before it is touched, and then what the finger says."""
    expect(page.get_by_test_id("rating-figure")).to_have_text("–")
    page.get_by_test_id("done").tap()
    expect(page.get_by_test_id("trouble")).to_be_visible()
    box = page.get_by_test_id("rating-slider").bounding_box()
    fingers, y = Fingers(page), box["y"] + box["height"] / 2
    to = box["x"] + KNOB / 2 + 0.8 * (box["width"] - KNOB)
    fingers.drag((box["x"] + box["width"] / 2, y), (to, y))
    wait_for_rating(page, 75, 85)


def wait_for_rating(page, least: int, most: int) -> None:
    page.wait_for_function(
        """([least, most]) => {
            const n = Number(document.querySelector("[data-testid=rating-figure]").value);
            return n >= least && n <= most;
        }""",
        arg=[least, most],
    )


def rates_by_keys(page) -> None:
    for key in "+" * 31:
        page.keyboard.press(key)
    expect(page.get_by_test_id("rating-figure")).to_have_text("80")


def rates_by_steps(page) -> None:
    for _ in range(27):
        page.get_by_test_id("rate-more").tap()
    expect(page.get_by_test_id("rating-figure")).to_have_text("76")


def test_rating(network):
    world = world_of("rating", "text", {"scale": 100, "near": 10, "low": {"en": "Useless"}, "high": {"en": "Perfect"}})
    add_text_item(world.dataset, "Boil the rice for 15 minutes.")
    opened(world)
    with_network(world, network.url, 0, slides)
    with_network(world, network.url, 1, rates_by_keys)
    without_network(world, network, 2, rates_by_steps)
    value, [line] = decided(world)
    assert 75 <= value["rating"] <= 85
    assert line["decision"] == value


AT_LOOK = ("^0$", "^(39|40).$", "^(79|80).$")  # ten frames on, to the length of a frame


def follows(page) -> None:
    """A box in the middle, right at every look, and gone after the third."""
    page.get_by_test_id("add-middle").tap()
    for look in range(3):
        expect(page.get_by_test_id("track-position")).to_have_attribute("data-at", re.compile(AT_LOOK[look]))
        page.get_by_test_id("track-right").tap()
    page.get_by_test_id("track-gone").tap()
    page.get_by_test_id("track-0").wait_for()


def follows_by_fingers(page) -> None:
    """From corner to corner; at the next look it is put right and back again."""
    page.get_by_test_id("stage").focus()
    page.keyboard.press("n")
    page.get_by_test_id("track-right").tap()
    page.get_by_test_id("stage").focus()
    for key in ("Shift+ArrowRight", "Shift+ArrowLeft", "r", "r", "g"):
        page.keyboard.press(key)
    page.get_by_test_id("track-0").wait_for()


def test_tracks(network, tmp_path):
    world = world_of("tracks", "video")
    path = clip(tmp_path / "clip.mp4", list(range(0, 2_000, 40)), size=(640, 360))
    add_media_item(world.dataset, store(world.organisation.pk, io.BytesIO(path.read_bytes()), "clip.mp4"))
    opened(world)
    with_network(world, network.url, 0, follows)
    with_network(world, network.url, 1, follows_by_fingers)
    without_network(world, network, 2, follows)
    value, [line] = decided(world)
    [track] = value["tracks"]
    assert (track["label"], [key[0] for key in track["keys"]]) == ("who", [0, pytest.approx(800, abs=10)])
    assert track["keys"][0][1:] == track["keys"][1][1:], "it stood still"
    assert line["media"]["frames"] == 50
    assert line["decision"]["tracks"][0]["label"] == "Person"


CORNERS = ((200, 150), (420, 120), (500, 300), (300, 420), (180, 300))


def field() -> io.BytesIO:
    image = Image.new("RGB", (800, 600), "#d8c8a8")
    ImageDraw.Draw(image).polygon(CORNERS, fill="#402010")
    file = io.BytesIO()
    image.save(file, "PNG")
    file.seek(0)
    return file


def outlines_by_corners(page) -> None:
    fingers, at = Fingers(page), point_on(page, 800, 600)
    for corner in CORNERS[:1] + CORNERS[2:]:
        fingers.tap(*at(*corner))
    page.get_by_test_id("close-ring").tap()
    page.get_by_test_id("shape-0").tap()
    middle = [(a + b) / 2 for a, b in zip(CORNERS[0], CORNERS[2], strict=True)]
    at = point_on(page, 800, 600)
    fingers.drag(at(*middle), at(*CORNERS[1]))  # a corner out of a side
    expect(page.get_by_test_id("announcer")).to_contain_text("5 corners")
    page.get_by_test_id("finish-one").tap()


def traces(page) -> None:
    page.get_by_test_id("mode-drag").tap()
    fingers, at = Fingers(page), point_on(page, 800, 600)
    around = [at(*corner) for corner in (*CORNERS, CORNERS[0])]
    fingers.slide([(a + (b - a) * k / 8, c + (d - c) * k / 8) for (a, c), (b, d) in pairwise(around) for k in range(9)])
    page.get_by_test_id("shape-0").wait_for()


def outlines_by_keys(page) -> None:
    """From the outline in the middle, corner by corner; one that would cross is not taken."""
    page.get_by_test_id("stage").focus()
    page.keyboard.press("n")
    page.get_by_test_id("shape-0").wait_for()
    for corner in ((280, 210), (520, 210), (520, 390), (280, 390)):
        page.keyboard.press("]")
        goal = min(CORNERS, key=lambda one: abs(one[0] - corner[0]) + abs(one[1] - corner[1]))
        for (low, high), by in zip((("ArrowLeft", "ArrowRight"), ("ArrowUp", "ArrowDown")), (0, 1), strict=True):
            way = goal[by] - corner[by]
            for _ in range(abs(way) // 10):
                page.keyboard.press(f"Shift+{high if way > 0 else low}")
    page.keyboard.press("Escape")


def test_polygons(network):
    world = world_of("polygons", "image")
    add_media_item(world.dataset, store(world.organisation.pk, field(), "field.png"))
    opened(world)
    with_network(world, network.url, 0, outlines_by_corners)
    with_network(world, network.url, 1, traces)
    without_network(world, network, 2, outlines_by_keys)
    value, [line] = decided(world)
    [polygon] = value["polygons"]
    assert polygon["label"] == "who"
    assert overlap(polygon["points"], CORNERS) > 0.9
    [written] = line["decision"]["polygons"]
    assert (written["label"], written["points"]) == ("Person", polygon["points"])


def overlap(one, other) -> float:
    """Shared area over joined area, by counting pixels."""
    drawn = []
    for ring in (one, other):
        image = Image.new("L", (800, 600))
        ImageDraw.Draw(image).polygon([tuple(point) for point in ring], fill=1)
        drawn.append({k for k, on in enumerate(image.tobytes()) if on})
    return len(drawn[0] & drawn[1]) / len(drawn[0] | drawn[1])


QUESTIONS = [
    {"title": {"en": "What is it?"}, "type": "choice", "settings": {"labels": ["Dress", "Shoe"]}},
    {"title": {"en": "Sleeve?"}, "type": "choice", "settings": {"labels": ["Long", "Short"]},
     "show_if": {"question": "what_is_it", "is": ["Dress"]}, "points": {"Long": 1, "Short": 0}},
    {"title": {"en": "Colour?"}, "type": "text", "settings": {"language": "en", "kind": "caption"}, "required": False},
]  # fmt: skip


def says(page, words: str) -> None:
    page.get_by_role("radio", name=words).tap()


def on(page, title: str) -> None:
    """The question that is on the screen; a tap that comes too early is not taken."""
    expect(page.get_by_test_id("form-title")).to_have_text(title)
    page.locator(".form-head[data-ready]").wait_for()


def answers_and_changes_her_mind(page) -> None:
    on(page, "What is it?")
    says(page, "Shoe")
    on(page, "Colour?")
    page.get_by_test_id("form-back").tap()
    on(page, "What is it?")
    says(page, "Dress")
    on(page, "Sleeve?")
    says(page, "Short")
    on(page, "Colour?")
    page.get_by_test_id("writing").fill("brown")
    page.get_by_test_id("done").tap()
    page.get_by_test_id("row-sleeve").tap()
    on(page, "Sleeve?")
    says(page, "Long")
    on(page, "Your answers")


def answers_by_keys(page) -> None:
    on(page, "What is it?")
    page.keyboard.press("1")
    on(page, "Sleeve?")
    page.keyboard.press("1")
    on(page, "Colour?")
    page.get_by_test_id("leave-out").tap()
    on(page, "Your answers")


def answers_otherwise(page) -> None:
    on(page, "What is it?")
    says(page, "Shoe")
    on(page, "Colour?")
    page.get_by_test_id("leave-out").tap()
    page.get_by_test_id("undo").tap()
    on(page, "Colour?")
    page.get_by_test_id("leave-out").tap()
    on(page, "Your answers")


def test_form(network):
    world = world_of("form", "image", {"questions": QUESTIONS})
    add_media_item(world.dataset, store(world.organisation.pk, field(), "field.png"))
    opened(world)
    with_network(world, network.url, 0, answers_and_changes_her_mind)
    with_network(world, network.url, 1, answers_otherwise)
    without_network(world, network, 2, answers_by_keys)
    names = names_of(world.project.config)
    given = {one.worker_id: one.value["answers"] for one in Answer.objects.all()}
    first, second, third = (given[worker.pk] for worker in world.workers)
    assert [names[first[name]["label"]] for name in ("what_is_it", "sleeve")] == ["Dress", "Long"]
    assert first["colour"] == {"text": "brown"}
    assert [names[second["what_is_it"]["label"]], second.keys(), third.keys()] == [
        "Shoe", {"what_is_it"}, {"what_is_it", "sleeve"},
    ]  # fmt: skip
    value, [line] = decided(world)
    assert value["answers"].keys() == {"what_is_it", "sleeve"}
    assert [line["decision"]["answers"][name]["label"] for name in ("what_is_it", "sleeve")] == ["Dress", "Long"]
    assert line["score"] == 1
    [row] = csv.DictReader(io.StringIO(downloaded(built(world.dataset), "csv").decode("utf-8-sig")))
    assert [row["answers.what_is_it"], row["answers.sleeve"], row["score"]] == ["Dress", "Long", "1.0"]


SKELETON = {
    "points": [
        {"id": "top", "name": {"en": "Top", "zu": "Phezulu"}},
        {"id": "left", "name": {"en": "Left end", "zu": "Isiphetho sokunxele"}},
        {"id": "right", "name": {"en": "Right end", "zu": "Isiphetho sokudla"}},
        {"id": "under", "name": {"en": "Under side", "zu": "Ngaphansi"}},
    ],
    "edges": [["top", "left"], ["top", "right"]],
}
PLACES = {"top": (420, 120), "left": (180, 300), "right": (500, 300)}


def places_points(page) -> None:
    """Land, slide, lift; one is hidden, and one is not there."""
    fingers, at = Fingers(page), point_on(page, 800, 600)
    expect(page.get_by_test_id("asked")).to_contain_text("Top")
    fingers.drag(at(400, 150), at(*PLACES["top"]))
    page.get_by_test_id("point-hidden").tap()
    fingers.tap(*at(*PLACES["left"]))
    fingers.tap(*at(*PLACES["right"]))
    page.get_by_test_id("point-absent").tap()
    expect(page.get_by_test_id("asked")).to_have_attribute("data-point", "")


def places_one_again(page) -> None:
    fingers, at = Fingers(page), point_on(page, 800, 600)
    fingers.tap(*at(300, 420))
    fingers.tap(*at(300, 420))  # its dot: it is asked for again
    fingers.tap(*at(*PLACES["top"]))
    page.get_by_test_id("point-hidden").tap()
    fingers.tap(*at(*PLACES["left"]))
    fingers.tap(*at(*PLACES["right"]))
    page.get_by_test_id("point-absent").tap()


def places_by_keys(page) -> None:
    page.get_by_test_id("stage").focus()
    for name, (x, y) in PLACES.items():
        page.keyboard.press("n")
        for low, high, way in (("ArrowLeft", "ArrowRight", x - 400), ("ArrowUp", "ArrowDown", y - 300)):
            for _ in range(abs(way) // 10):
                page.keyboard.press(f"Shift+{high if way > 0 else low}")
        if name == "left":
            page.keyboard.press("h")
        page.keyboard.press("n")
    page.keyboard.press("x")


def test_keypoints(network):
    world = world_of("keypoints", "image", {"labels": LABELS, "skeleton": SKELETON})
    add_media_item(world.dataset, store(world.organisation.pk, field(), "field.png"))
    opened(world)
    with_network(world, network.url, 0, places_points)
    with_network(world, network.url, 1, places_one_again)
    without_network(world, network, 2, places_by_keys)
    value, [line] = decided(world)
    [figure] = value["figures"]
    assert set(figure["points"]) == set(PLACES)
    for name, (x, y) in PLACES.items():
        found = figure["points"][name]
        assert abs(found[0] - x) + abs(found[1] - y) < 12
        assert found[2] == (1 if name == "left" else 2)
    assert line["decision"]["figures"][0]["label"] == "Person"


# --- areas that are coloured in -------------------------------------------------------------------------------------------
DISC = (560, 220, 130)  # x, y, radius: what is to be coloured in


def meadow() -> io.BytesIO:
    picture = Image.new("RGB", (800, 600), (120, 160, 70))
    x, y, radius = DISC
    ImageDraw.Draw(picture).ellipse((x - radius, y - radius, x + radius, y + radius), fill=(60, 90, 170))
    noise = np.random.default_rng(3).normal(0, 4, (600, 800, 3))
    return png(Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8)))


def png(picture: Image.Image) -> io.BytesIO:
    file = io.BytesIO()
    picture.save(file, "PNG")
    file.seek(0)
    return file


def taps_regions(page) -> None:
    """The largest regions first; what was one too many goes again by the same tap; then once around the disc."""
    page.get_by_test_id("mode-regions").wait_for()
    fingers, at = Fingers(page), point_on(page, 800, 600)
    for _ in range(2):
        page.get_by_test_id("mask-coarser").tap()
    fingers.tap(*at(100, 500))
    fingers.tap(*at(100, 500))
    fingers.slide([at(560 + 140 * np.cos(k / 4), 220 + 140 * np.sin(k / 4)) for k in range(26)])


def brushes(page) -> None:
    fingers, at = Fingers(page), point_on(page, 800, 600)
    page.get_by_test_id("mode-brush").tap()
    page.get_by_test_id("brush-2").tap()
    around = [at(560 + 60 * np.cos(k / 4), 220 + 60 * np.sin(k / 4)) for k in range(27)]
    fingers.slide(around)
    page.get_by_test_id("mask-fill").tap()


def colours_by_keys(page) -> None:
    page.get_by_test_id("mode-regions").wait_for()
    page.get_by_test_id("stage").focus()
    page.keyboard.press("[")
    page.keyboard.press("[")
    page.keyboard.press("n")  # keys begin in the middle of the picture: on the grass
    page.get_by_test_id("mask-press").wait_for()
    page.keyboard.press("ArrowRight")  # one region on: the disc, or a part of it
    page.keyboard.press("n")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("n")
    page.keyboard.press("n")  # taken, and given back
    page.get_by_test_id("mask-walk-end").tap()
    page.get_by_test_id("mode-brush").tap()
    page.get_by_test_id("brush-2").tap()
    fingers, at = Fingers(page), point_on(page, 800, 600)
    fingers.slide([at(560 + 60 * np.cos(k / 4), 220 + 60 * np.sin(k / 4)) for k in range(27)])
    page.keyboard.press("f")


def test_mask(network):
    world = world_of("mask", "image")
    media = store_for(world.project, meadow(), "meadow.png")
    assert "mask.regions.webp" in media.variants
    add_media_item(world.dataset, media)
    opened(world)
    with_network(world, network.url, 0, taps_regions)
    with_network(world, network.url, 1, brushes)
    without_network(world, network, 2, colours_by_keys)
    value, [line] = decided(world)
    [mask] = value["masks"]
    assert (mask["label"], mask["size"]) == ("who", [600, 800])
    ys, xs = np.mgrid[:600, :800] + 0.5
    disc = (xs - DISC[0]) ** 2 + (ys - DISC[1]) ** 2 < DISC[2] ** 2
    drawn = coco_mask.decode(mask).astype(bool)
    assert (drawn & disc).sum() / (drawn | disc).sum() > 0.85
    [written] = json.loads(downloaded(built(world.dataset), "coco"))["annotations"]
    assert (coco_mask.decode(written["segmentation"]) == drawn).all()
    assert written["area"] == drawn.sum()
    assert line["decision"]["masks"][0]["label"] == "Person"
