"""A photo larger than its copy on the phone is as sharp as the screen when she looks closely, in the boxes task and in any other."""

import io

import pytest
from PIL import Image, ImageDraw

from intake.media import store
from labelling.data.add_items import add_media_item
from labelling.data.create_dataset import create_dataset
from labelling.projects.create_project import create_project
from tests.phone.browser import CHROMIUM, phone
from tests.phone.test_tasks import allow_in, start
from tests.worlds import LABELS, opened, sentiment_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]
WIDTH, HEIGHT = 4000, 3000
SEEN, GREY = 90, 150
# The darkest point in the middle of a canvas, 0 to 255; what lies under it where it paints nothing.
DARKEST = """canvas => {
  const [w, h] = [canvas.width, canvas.height];
  const {data} = canvas.getContext("2d").getImageData(w / 2 - 40, h / 2 - 40, 80, 80);
  let least = 255;
  for (let k = 0; k < data.length; k += 4) if (data[k + 3] === 255) least = Math.min(least, data[k]);
  return least;
}"""


def photo() -> io.BytesIO:
    """Two dots of two pixels: dust in a copy of 1,280. One in the middle, one a quarter from the left."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#e8e0d0")
    pen = ImageDraw.Draw(image)
    for x in (WIDTH // 2, WIDTH // 4):
        pen.rectangle((x, HEIGHT // 2, x + 1, HEIGHT // 2 + 1), fill="black")
    file = io.BytesIO()
    image.save(file, "PNG")
    file.seek(0)
    return file


def world_of(task_type: str):
    world = sentiment_world(items=0, workers=1)
    world.project = create_project(
        world.requester, world.organisation, title="Find the dot", task_type=task_type, medium="image",
        config={"labels": LABELS}, min_answers=1, max_answers=1, target_ppm=900_000, gold_share_bps=0, estimated_task_s=5,
    )  # fmt: skip
    dataset = create_dataset(world.requester, world.project, "one")
    add_media_item(dataset, store(world.organisation.pk, photo(), "one.png"))
    return allow_in(opened(world))


def wait_for_the_dot(page, testid: str) -> None:
    """Asked again and again from here: the app's own policy lets no page evaluate a text."""
    for _ in range(150):
        if page.get_by_test_id(testid).evaluate(DARKEST) < SEEN:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the dot is not seen: {page.get_by_test_id(testid).evaluate(DARKEST)}")


def test_zooming_in_brings_the_tiles_in_sight_and_a_lost_network_only_blurs(live_server, settings):
    settings.MEDIA_ORIGIN = live_server.url
    world = world_of("boxes")
    ranges, faults = [], []
    with phone() as context:
        page = context.new_page()
        page.on(
            "request", lambda request: ranges.append(request.headers["range"]) if "range" in request.headers else None
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        start(page, live_server.url, world)
        page.wait_for_timeout(500)
        assert (
            GREY < page.get_by_test_id("stage").evaluate(DARKEST) < 250
        )  # the control: dust, while she sees the whole
        assert ranges == []  # and nothing was fetched for it
        for _ in range(5):
            page.keyboard.press("+")
        wait_for_the_dot(page, "stage")
        assert 1 <= len(ranges) <= 24
        context.set_offline(True)
        for _ in range(34):  # to where the other dot is
            page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(300)
        assert GREY < page.get_by_test_id("stage").evaluate(DARKEST) < 250  # the smaller picture stands
        context.set_offline(False)
        wait_for_the_dot(page, "stage")
        assert faults == []


def test_an_enlarged_photo_of_a_choice_is_as_sharp(live_server, settings):
    settings.MEDIA_ORIGIN = live_server.url
    world = world_of("choice")
    with phone() as context:
        page = context.new_page()
        start(page, live_server.url, world)
        page.get_by_test_id("picture").tap()
        page.get_by_test_id("enlarged").wait_for()
        for _ in range(5):
            page.keyboard.press("+")
        wait_for_the_dot(page, "tiles")
