"""Answers that are taps on what is shown, the whole way: three people, one of them without network, one decision, one file."""

import io
import json
import zipfile

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from intake.media import store
from labelling.data.add_items import add_media_item, add_text_item
from labelling.models import Answer
from tests.formats.decided import built, downloaded
from tests.formats.worlds import upload_one
from tests.phone.browser import CHROMIUM, Fingers
from tests.phone.test_tasks import point_on
from tests.phone.test_three_workers import LABELS, decided, network, with_network, without_network, world_of
from tests.worlds import opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]
__all__ = ["network"]  # the fixture

TRACE = [
    {"id": "u", "role": "user", "text": "When is low tide in Durban?"},
    {"id": "t", "role": "thought", "text": "I need the tide table of Durban. " * 30},  # long: it is folded
    {"id": "c", "role": "tool_call", "json": {"name": "tides", "arguments": {"place": "Dublin"}}},
    {"id": "r", "role": "tool_result", "json": {"low": ["04:10", "16:40"]}},
    {"id": "a", "role": "assistant", "text": "At 04:10 and at 16:40."},
]


def taps_the_step(page) -> None:
    page.get_by_test_id("step-key-a").tap()
    page.get_by_test_id("undo").tap()
    expect(page.get_by_test_id("step-key-a")).to_have_attribute("aria-pressed", "false")
    page.get_by_test_id("step-t").locator("summary").tap()  # to read it is not to choose it
    expect(page.get_by_test_id("step-key-t")).to_have_attribute("aria-pressed", "false")
    page.get_by_test_id("step-key-c").tap()
    page.get_by_test_id("done").tap()
    expect(page.get_by_test_id("trouble")).to_contain_text("what is wrong")
    page.get_by_test_id("kind-who").tap()
    page.get_by_test_id("severity-3").tap()


def finds_the_step_by_keys(page) -> None:
    for key in "0jjjk2+":
        page.keyboard.press(key)
    expect(page.get_by_test_id("announcer")).to_contain_text("2. Tool called")


def says_that_all_is_right(page) -> None:
    page.get_by_test_id("none-wrong").tap()


def test_first_wrong(network):
    world = world_of("first_wrong", "parts", {"labels": LABELS, "severity": 3})
    rows = json.dumps({"parts": TRACE}).encode()
    upload_one(world.dataset, SimpleUploadedFile("traces.jsonl", rows))
    opened(world)
    with_network(world, network.url, 0, taps_the_step)
    without_network(world, network, 1, finds_the_step_by_keys)
    with_network(world, network.url, 2, says_that_all_is_right)
    given = {answer.worker_id: answer.value["wrong"] for answer in Answer.objects.all()}
    assert [given[worker.pk] for worker in world.workers] == [
        [{"step": "c", "label": "who", "severity": 3}],
        [{"step": "c", "label": "where", "severity": 1}],
        [],
    ]
    value, [line] = decided(world)
    assert value["wrong"][0]["step"] == "c"
    assert line["decision"]["wrong"][0]["label"] in ("Person", "Place")
    [steps] = downloaded(built(world.dataset), "trl-stepwise").splitlines()
    assert json.loads(steps)["labels"] == [True, False]


ANSWERS = [
    {"id": "q", "role": "prompt", "text": "Name this shop."},
    *({"id": id_, "role": "candidate", "text": text} for id_, text in (("a", "Bread"), ("b", "Shop"), ("c", "Food"))),
]


def ranks_by_taps(page) -> None:
    page.get_by_test_id("rank-b").tap()
    page.get_by_test_id("rank-b").tap()  # taken back
    page.get_by_test_id("rank-a").tap()
    page.get_by_test_id("rank-b").tap()  # what is left is the last


def ranks_by_keys(page) -> None:
    order = page.locator("[data-testid^=rank-]").evaluate_all("(all) => all.map((one) => one.dataset.testid)")
    for part in "abc":
        page.keyboard.press(str(order.index(f"rank-{part}") + 1))
    page.keyboard.press("=")


def test_ranking(network):
    """Each sees them in an order of her own."""
    world = world_of("ranking", "parts", {})
    upload_one(world.dataset, SimpleUploadedFile("answers.jsonl", json.dumps({"parts": ANSWERS}).encode()))
    opened(world)
    with_network(world, network.url, 0, ranks_by_taps)
    with_network(world, network.url, 1, ranks_by_keys)
    without_network(world, network, 2, ranks_by_taps)
    given = {answer.worker_id: answer.value["order"] for answer in Answer.objects.all()}
    whole = [["a"], ["b"], ["c"]]
    assert [given[worker.pk] for worker in world.workers] == [whole, [["a"], ["b", "c"]], whole]
    value, [line] = decided(world)
    assert value == {"order": whole}
    assert line["decision"] == value


TREE = ["Clothes > Shirts > T-shirts", "Clothes > Shirts > Blouses", "Clothes > Skirts", "Shoes > Boots"]


def node(page, name: str):
    return page.locator("[data-testid^=node-]", has_text=name).first


def walks_down(page) -> None:
    node(page, "Shoes").tap()
    page.get_by_test_id("crumb-top").tap()
    for name in ("Clothes", "Shirts", "Blouses"):
        node(page, name).tap()


def finds_by_words(page) -> None:
    page.get_by_test_id("find-node").fill("BLOUSE")
    node(page, "Blouses").tap()


def stops_where_she_is_sure(page) -> None:
    for name in ("Clothes", "Shirts"):
        node(page, name).tap()
    page.get_by_test_id("stop-here").tap()


def test_taxonomy(network):
    world = world_of("taxonomy", "text", {"tree": TREE})
    add_text_item(world.dataset, "A white blouse with short sleeves")
    opened(world)
    with_network(world, network.url, 0, walks_down)
    with_network(world, network.url, 1, stops_where_she_is_sure)
    without_network(world, network, 2, finds_by_words)
    value, [line] = decided(world)
    names = [row[2] for row in world.project.config["tree"] if row[0] == value["label"]]
    assert names == ["Blouses"]
    assert line["decision"]["label"] == "Clothes > Shirts > Blouses"


LINES = {"Bread 12.00": (150, 120), "Total 12.00": (150, 320)}  # upper left corners
LONG, HIGH = 500, 60


def receipt() -> io.BytesIO:
    image = Image.new("RGB", (800, 600), "#f4f0e6")
    for text, (x, y) in LINES.items():
        ImageDraw.Draw(image).text((x, y), text, fill="#202020", font_size=HIGH)
    file = io.BytesIO()
    image.save(file, "PNG")
    file.seek(0)
    return file


def draws_lines(page, *texts: str) -> None:
    at = point_on(page, 800, 600)
    for text in texts:
        x, y = LINES[text]
        for spot in ((x, y + HIGH), (x + LONG, y + HIGH), (x + LONG / 2, y)):
            Fingers(page).tap(*at(*spot))


def reads_both(page) -> None:
    draws_lines(page, *reversed(LINES))
    page.get_by_test_id("shape-1").tap()
    page.get_by_test_id("remove").tap()
    page.get_by_test_id("undo").tap()
    expect(page.get_by_test_id("shape-1")).to_be_visible()
    page.get_by_test_id("done").tap()
    for text in LINES:  # from the top, whichever she drew first
        page.get_by_test_id("line-text").fill(text)
        page.keyboard.press("Enter") if text != list(LINES)[-1] else None


def cannot_read_one(page) -> None:
    draws_lines(page, *LINES)
    page.get_by_test_id("done").tap()
    page.get_by_test_id("done").tap()
    expect(page.get_by_test_id("trouble")).to_be_visible()
    page.get_by_test_id("line-text").fill("bread 12.00")
    page.get_by_test_id("done").tap()
    expect(page.get_by_test_id("strip")).to_have_attribute("data-at", "1")
    page.get_by_test_id("line-text").fill("Total 12.00")


def test_regions(network):
    world = world_of("regions", "image", {"labels": LABELS, "language": "en"})
    add_media_item(world.dataset, store(world.organisation.pk, receipt(), "receipt.png"))
    opened(world)
    with_network(world, network.url, 0, reads_both)
    with_network(world, network.url, 1, cannot_read_one)
    without_network(world, network, 2, reads_both)
    value, [line] = decided(world)
    assert [one["text"] for one in value["regions"]] == list(LINES)
    for one, (x, y) in zip(value["regions"], LINES.values(), strict=True):
        assert np.abs(np.array(one["points"][0]) - (x, y)).max() < 12
        assert np.abs(np.array(one["points"][2]) - (x + LONG, y + HIGH)).max() < 12
    assert [one["label"] for one in line["decision"]["regions"]] == ["Person", "Person"]
    pages = zipfile.ZipFile(io.BytesIO(downloaded(built(world.dataset), "page-xml")))
    assert [b"Bread 12.00" in pages.read(name) for name in pages.namelist()] == [True]


def moves_the_map(page) -> None:
    page.get_by_test_id("done").tap()
    expect(page.get_by_test_id("trouble")).to_be_visible()
    page.locator("[data-testid=map][data-ready]").wait_for()
    box = page.get_by_test_id("map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    Fingers(page).drag((x, y), (x - 64, y - 32))
    page.get_by_test_id("sure-5").tap()


def moves_it_by_keys(page) -> None:
    for key in ("ArrowRight", *["Shift+ArrowRight"] * 4, *["Shift+ArrowDown"] * 6, "5"):
        page.keyboard.press(key)


def taps_the_place(page) -> None:
    page.locator("[data-testid=map][data-ready]").wait_for()
    box = page.get_by_test_id("map").bounding_box()
    Fingers(page).tap(box["x"] + box["width"] / 2 + 62, box["y"] + box["height"] / 2 + 30)
    page.get_by_test_id("map-in").tap()
    page.get_by_test_id("sure-4").tap()


def test_geopoint(network):
    world = world_of("geopoint", "image", {"near_m": 100_000, "latitude": -29, "longitude": 24, "zoom": 5})
    add_media_item(world.dataset, store(world.organisation.pk, receipt(), "square.png"))
    opened(world)
    with_network(world, network.url, 0, moves_the_map)
    with_network(world, network.url, 1, moves_it_by_keys)
    without_network(world, network, 2, taps_the_place)
    value, _lines = decided(world)
    pixel = 360 / (256 * 2**5)
    assert value["place"]["longitude_e6"] / 1e6 == pytest.approx(24 + 62 * pixel, abs=3 * pixel)
    assert value["place"]["latitude_e6"] / 1e6 == pytest.approx(
        -29 - 30 * pixel * np.cos(np.radians(29)), abs=3 * pixel
    )
    assert value["place"]["radius_m"] == 100_000
    [feature] = json.loads(downloaded(built(world.dataset), "geojson"))["features"]
    assert feature["geometry"]["coordinates"][0] == value["place"]["longitude_e6"] / 1e6


def pushes_to_the_right(page) -> None:
    """With a finger: the browser must not take the push for its own scrolling."""
    box = page.get_by_test_id("swipe-card").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 3)
    Fingers(page).drag(middle, (middle[0] + 150, middle[1]))


def test_swipe(network):
    world = world_of("choice", "text", {"labels": LABELS, "look": "swipe"})
    add_text_item(world.dataset, "Thandi lives in Durban.")
    opened(world)
    with_network(world, network.url, 0, pushes_to_the_right, at_once=True)
    without_network(world, network, 1, pushes_to_the_right, at_once=True)
    with_network(world, network.url, 2, lambda page: page.keyboard.press("ArrowRight"), at_once=True)
    value, [line] = decided(world)
    assert value == {"label": "where"}
    assert line["decision"]["label"] == "Place"
