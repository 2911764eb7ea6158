"""A requester's whole way in the browser, without a manual: from the first page to a data set that she has put right and released again.

She has 400 pictures in folders, a table of them with headers of her own, and a COCO file of an earlier job whose categories are written in
capitals. Only the crowd, and what runs in the background, are played by the test. What the way costs is counted: presses of keys and
buttons, fields that she fills in, and seconds of the machine.
"""

import csv
import io
import json
import re
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.core import mail
from django.core.files.storage import default_storage

from delivery import outbox
from labelling.data.import_next import import_next
from labelling.models import Answer, BatchItem, Decision, Item, Project, Release
from labelling.releases.build_release import build_release
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from tests.chromium import CHROMIUM
from tests.console.test_browser import DESK, PHONE, browser, open_as  # noqa: F401
from tests.formats.worlds import picture
from tests.payouts.conftest import own_rail  # noqa: F401
from tests.worlds import answer_to, make_worker

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install the package chromium"),
]
PICTURES, KNOWN, WARDS = 400, 40, 20
SIZE = (48, 36)
MISSED = "ward-07/IMG 150.png"  # both who answer overlook one of its two cars
FITS = """() => [document.documentElement.scrollWidth - innerWidth,
    [...document.querySelectorAll("main h1")].filter((h) => h.offsetParent).length]"""


class Walk:
    """Her way: what she presses, what she fills in, and what she sees on the way."""

    def __init__(self, page):
        self.page, self.presses, self.fields, self.begun, self.played_s = page, 0, 0, time.monotonic(), 0.0

    def press(self, name: str, within: str = "main", role: str = "link") -> None:
        self.presses += 1
        self.page.locator(within).get_by_role(role, name=name, exact=True).first.click()

    def button(self, name: str, within: str = "main") -> None:
        self.press(name, within, "button")

    def fill(self, label: str, text: str) -> None:
        self.fields += 1
        self.page.get_by_label(label, exact=True).first.fill(text)

    def choose_folder(self, folder) -> None:
        self.presses += 2  # the key, and "open" in the browser's own window
        self.page.set_input_files("#folder", folder)

    def see(self, name: str) -> None:
        """The screen as it is now, on a desk and on a phone: it has a heading, and nothing of it lies outside of the window."""
        self.page.wait_for_load_state("load")
        for viewport in (PHONE, DESK):
            self.page.set_viewport_size(viewport)
            wide, headings = self.page.evaluate(FITS)
            assert (wide <= 0, headings) == (True, 1), (name, viewport, wide, headings)

    def played(self, play) -> None:
        """What others do, whose time is not hers."""
        begun = time.monotonic()
        play()
        self.played_s += time.monotonic() - begun

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun - self.played_s


# --- what she has -----------------------------------------------------------------------------------------------------
def name_of(n: int) -> str:
    return f"ward-{n * WARDS // PICTURES:02}/IMG {n:03}.png"


def car_in(n: int) -> tuple[int, int, int, int]:
    return (2 + n % 20, 3 + n % 9, 16, 12)


def her_folder(folder) -> None:
    for n in range(PICTURES):
        path = folder / name_of(n)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture(f"#{n % 256:02x}{n // 256:02x}55", size=SIZE))
    rows = [f'{n};"{name_of(n)}";Wijk {n * WARDS // PICTURES}, noord;\n' for n in range(PICTURES)]
    (folder / "Lijst foto's 2026 (definitief).csv").write_text(
        "Volg-nr.;Bestandsnaam (pad);Waar / Where?;Unnamed: 3\n" + "".join(rows), encoding="utf-8-sig"
    )
    coco = {
        "categories": [{"id": 7, "name": "CAR"}, {"id": 9, "name": "PERSON"}],
        "images": [{"id": n, "file_name": name_of(n), "width": SIZE[0], "height": SIZE[1]} for n in range(KNOWN)],
        "annotations": [
            {"id": n, "image_id": n, "category_id": 7, "bbox": [*car_in(n)], "area": 192, "iscrowd": 0}
            for n in range(KNOWN)
        ],
    }
    (folder / "old job").mkdir()
    (folder / "old job" / "instances_2024.json").write_text(json.dumps(coco))


def stored(route) -> None:
    name = unquote(urlsplit(route.request.url).path.removeprefix("/media/"))
    with default_storage.open(name) as file:
        route.fulfill(status=200, content_type="image/webp", body=file.read())


# --- what others do ---------------------------------------------------------------------------------------------------
def imports() -> None:
    while import_next(60):
        pass
    outbox.drain()


def releases() -> None:
    for release in Release.objects.filter(state="building"):
        build_release(release.pk)


def the_crowd_answers() -> None:
    """Three people who see what there is, but for one car."""
    batch = Project.objects.get().batches.get()
    crew = [make_worker(f"crew{n}") for n in range(3)]
    [car] = [one["id"] for one in batch.project.config["labels"] if one["name"]["en"] == "Car"]
    for _ in range(PICTURES):
        for worker in crew:
            if lent := draw_work(worker, batch, 50):
                said = [answer_to(one, {"boxes": [seen_in(one.item_id) | {"label": car}]}) for one in lent]
                results = accept_answers(worker, said)
                assert {one.status for one in results} == {"accepted"}, results[0].error
        outbox.drain()
        if not BatchItem.objects.filter(batch=batch, state="open").exists():
            return


def seen_in(item_id: int) -> dict:
    n = int(re.search(r"(\d+)\.png", Item.objects.get(pk=item_id).file_name)[1])
    x, y, width, height = car_in(n)
    return {"x": x, "y": y, "width": width, "height": height}


# --- the way ----------------------------------------------------------------------------------------------------------
def sign_up(walk: Walk) -> None:
    page = walk.page
    page.goto("/")
    walk.see("first page")
    walk.press("Have data labelled")
    walk.see("sign up")
    walk.fill("E-mail address", "naledi@example.org")
    walk.fill("Your name", "Naledi")
    walk.fill("Organisation", "Stad Kaapstad")
    walk.button("Send me a code")
    page.wait_for_selector("input[name=code]")
    walk.see("code")
    code = re.search(r"^\s*([A-Z0-9-]{6,})\s*$", mail.outbox[-1].body, re.MULTILINE).group(1)
    walk.fields += 1
    page.fill("input[name=code]", code)
    walk.button("Confirm")
    page.wait_for_url("**/console/")


def make_project(walk: Walk) -> None:
    walk.see("overview")
    walk.press("Choose a task")
    walk.see("catalogue")
    walk.presses += 1
    walk.page.click("a[href$='/new/object-detection/']")
    walk.see("new project")
    walk.button("Create the project")
    walk.page.wait_for_url("**/data/")


def bring_data(walk: Walk, folder) -> None:
    page = walk.page
    walk.see("data, empty")
    walk.choose_folder(folder)
    page.wait_for_selector("#uploads tr", timeout=60_000)
    walk.see("data, sent")
    imports()  # the machine's own time, which she waits for
    page.wait_for_selector("#uploads .badge.good, #uploads .badge.warn")
    walk.see("data, imported")
    walk.press("402 files")
    walk.see("what became of it")
    assert Item.objects.count() == PICTURES
    assert Item.objects.exclude(gold=None).count() == KNOWN
    item = Item.objects.get(file_name=MISSED)
    assert item.metadata["Waar / Where?"] == "Wijk 7, noord"


def pay(walk: Walk) -> None:
    page = walk.page
    walk.press("Next: fund and open")
    walk.see("batch, no funds")
    walk.press("Deposit it")
    walk.see("deposit")
    walk.button("Deposit")
    page.wait_for_url("**/batches/")
    walk.see("batch, funds")
    walk.button("Fund and open")
    page.wait_for_url("**/console/batches/*/")
    walk.see("batch, open")


def release(walk: Walk, number: int) -> dict[str, bytes]:
    page = walk.page
    walk.press("Freeze and download")
    known = page.get_by_label(f"With your {KNOWN} known tasks", exact=False)
    walk.presses += not known.is_checked()  # a release is made like the one before it
    known.check()
    walk.see(f"releases before {number}")
    walk.button("Freeze them")
    page.wait_for_selector("#releases .badge.live")
    releases()
    page.wait_for_selector(f"#releases tbody tr:nth-child({number}) .badge.good")
    walk.see(f"releases {number}")
    found = {}
    for name in ("CSV", "COCO"):
        walk.presses += 1
        with page.expect_download() as download:
            page.locator("#releases tbody tr").first.get_by_role("link", name=name, exact=True).click()
        found[name] = Path(download.value.path()).read_bytes()
    return found


def put_right(walk: Walk) -> None:
    """She looks for the picture by a word of its name, and draws the car that nobody saw."""
    page = walk.page
    walk.press("Items")
    walk.see("items")
    walk.fill("Words in text, name or metadata", "150")
    walk.button("Show")
    walk.see("items, found")
    walk.presses += 1
    page.click("tbody a.row")
    walk.see("item")
    walk.presses += 1
    page.click("summary:has-text('Put the label right')")
    frame = page.frame_locator("details:has(form[action$='/label/']) .editor iframe")
    frame.get_by_test_id("mode-drag").click()
    walk.presses += 1
    stage = frame.get_by_test_id("stage")
    stage.scroll_into_view_if_needed()
    walk.see("editor")
    box = stage.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.6)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.8, steps=4)
    page.mouse.up()
    walk.presses += 1
    walk.button("Correct it")
    page.wait_for_selector(".messages .good")
    walk.see("item, corrected")


def rows_of(downloaded: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(downloaded.decode("utf-8-sig"))))


def test_from_the_first_page_to_a_data_set_put_right_and_released_again(open_as, own_rail, tmp_path):  # noqa: F811
    folder = tmp_path / "foto's"
    her_folder(folder)
    page = open_as(None)
    page.route("**/media/**", stored)  # the origin of media is a server of its own
    walk = Walk(page)
    sign_up(walk)
    make_project(walk)
    bring_data(walk, folder)
    pay(walk)
    walk.played(the_crowd_answers)
    page.goto(f"/console/projects/{Project.objects.get().pk}/")  # she comes back on another day
    walk.presses += 1
    walk.see("progress, decided")
    first = release(walk, 1)
    put_right(walk)
    second = release(walk, 2)

    assert Answer.objects.filter(gold_right=None).count() >= 2 * (PICTURES - KNOWN)
    assert Decision.objects.filter(final=True).count() == PICTURES - KNOWN
    assert [len(rows_of(one["CSV"])) for one in (first, second)] == [PICTURES, PICTURES]
    marks = [json.loads(one["COCO"]) for one in (first, second)]
    assert [len(one["images"]) for one in marks] == [PICTURES, PICTURES]
    assert [len(one["annotations"]) for one in marks] == [PICTURES, PICTURES + 1]
    assert {one["name"] for one in marks[1]["categories"]} >= {"Car", "Person"}
    assert sorted(Release.objects.values_list("number", "items")) == [(1, PICTURES), (2, PICTURES)]
    assert page.complaints == []
    print(f"{walk.presses} presses, {walk.fields} fields, {walk.seconds:.0f} s of the machine")
    assert (walk.presses, walk.fields) <= (30, 5)
