"""Offline, answer, kill, open again, online, over and over: every type of task, each answer once, none lost and none double.

The bar is 200 loops (about an hour of two cores that do other things too):

    ILIMA_OFFLINE_LOOPS=200 ./run test tests/phone/test_offline_loops.py
"""

import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import BrowserContext, Page, expect

from intake.media import store
from labelling import task_types
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.data.add_items import add_media_item, add_text_item
from labelling.data.create_dataset import create_dataset
from labelling.data.stored import store_for
from labelling.models import Answer, Batch, Dataset, Lease
from labelling.projects.create_project import create_project
from ledger.models import Transfer
from tests import sizes
from tests.formats.worlds import upload_one
from tests.intake.test_clips import clip
from tests.phone import test_three_by_taps as by_taps
from tests.phone import test_three_workers as by_three
from tests.phone.browser import CHROMIUM, Fingers, phone, sign_in, wait_for_offline_readiness
from tests.phone.network import Network
from tests.phone.test_tasks import point_on
from tests.worlds import World, deposit, sentiment_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]
network = by_three.network
LABELS = {"labels": by_three.LABELS}


@dataclass(frozen=True)
class Kind:
    medium: str
    config: dict
    fill: Callable[[Dataset], object]
    act: Callable[[Page], object]
    at_once: bool = False  # what she does is the answer


def text(words: str) -> Callable:
    return lambda dataset: add_text_item(dataset, words)


def file(name: str, make: Callable[[], io.BytesIO]) -> Callable:
    return lambda dataset: add_media_item(dataset, store_for(dataset.project, make(), name))


def upload(name: str, make: Callable[[], bytes]) -> Callable:
    return lambda dataset: upload_one(dataset, SimpleUploadedFile(name, make()))


def chooses(*testids: str) -> Callable:
    return lambda page: [page.get_by_test_id(one).tap() for one in testids]


def writes(page: Page) -> None:
    page.get_by_test_id("writing").fill("Sawubona")


def boxes_by_corners(page: Page) -> None:
    at, fingers = point_on(page, 800, 600), Fingers(page)
    for x, y in ((350, 150), (200, 300), (350, 400), (500, 300)):
        fingers.tap(*at(x, y))
    page.get_by_test_id("label-who").tap()
    page.get_by_test_id("shape-0").wait_for()


def moving(dataset: Dataset) -> None:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = clip(Path(folder) / "clip.mp4", list(range(0, 2_000, 40)), size=(640, 360))
        made = store(dataset.project.organisation_id, io.BytesIO(path.read_bytes()), "clip.mp4")
    add_media_item(dataset, made)


# By type, and by what a type may look like.
SQUARE, FIELD = file("square.png", by_taps.receipt), file("field.png", by_three.field)
ANSWERS, TRACE = ({"parts": one} for one in (by_taps.ANSWERS, by_taps.TRACE))
KINDS = {
    "choice": Kind("text", LABELS, text("Thandi"), chooses("choice-who")),
    "choice (swipe)": Kind("text", {**LABELS, "look": "swipe"}, text("Durban"), by_taps.pushes_to_the_right, at_once=True),
    "choice (grid)": Kind("image", {**LABELS, "look": "grid"}, FIELD, chooses("cell-1")),
    "choices": Kind("text", {"labels": by_three.TAGS}, text("A red jersey"), chooses("tag-t0", "tag-t3")),
    "taxonomy": Kind("text", {"tree": by_taps.TREE}, text("A white blouse"), by_taps.walks_down),
    "rating": Kind("text", {"scale": 100, "near": 10}, text("Boil the rice."), by_three.rates_by_steps),
    "text": Kind("text", {"language": "zu", "kind": "translation"}, text("Good day"), writes),
    "spans": Kind("text", LABELS, text(by_three.TEXT), by_three.marks_less_and_takes_back),
    "boxes": Kind("image", LABELS, FIELD, boxes_by_corners),
    "polygons": Kind("image", LABELS, FIELD, by_three.outlines_by_corners),
    "keypoints": Kind("image", {**LABELS, "skeleton": by_three.SKELETON}, FIELD, by_three.places_points),
    "mask": Kind("image", LABELS, file("meadow.png", by_three.meadow), by_three.brushes),
    "regions": Kind("image", {**LABELS, "language": "en"}, SQUARE, by_taps.reads_both),
    "geopoint": Kind("image", {"near_m": 100_000, "zoom": 5}, SQUARE, by_taps.moves_it_by_keys),
    "form": Kind("image", {"questions": by_three.QUESTIONS}, FIELD, by_three.answers_by_keys),
    "segments": Kind("audio", LABELS, file("call.wav", by_three.call), by_three.takes_what_is_heard),
    "tracks": Kind("video", LABELS, moving, by_three.follows),
    "pairwise": Kind("parts", {}, upload("pairs.zip", by_three.pair_of_pictures), by_three.prefers_by_button),
    "ranking": Kind("parts", {}, upload("a.jsonl", lambda: json.dumps(ANSWERS).encode()), by_taps.ranks_by_taps),
    "first_wrong": Kind("parts", {**LABELS, "severity": 3}, upload("t.jsonl", lambda: json.dumps(TRACE).encode()), by_taps.taps_the_step),
}  # fmt: skip
DRAFT_MS = 1_000  # after which it is on the disk (use_task.ts: SAVE_DRAFT_MS)
KILLED = ("before she sends it", "with the finger on the key", "when it is sent", "never")


def test_every_type_is_among_the_loops():
    assert {name.partition(" ")[0] for name in KINDS} == {one.name for one in task_types.every()}


def on_offer(world: World, name: str) -> Batch:
    """One item of the kind in a project of its own."""
    kind = KINDS[name]
    project = create_project(
        world.requester, world.organisation, title=name, task_type=name.partition(" ")[0], medium=kind.medium,
        config=kind.config, min_answers=1, max_answers=1, target_ppm=900_000, gold_share_bps=0, estimated_task_s=9,
    )  # fmt: skip
    kind.fill(create_dataset(world.requester, project, "one"))
    return open_batch(
        world.requester, create_batch(world.requester, project, name=name, base_micro=45_000, bonus_micro=0)
    )


@dataclass
class Phone:
    context: BrowserContext
    network: Network
    rng: random.Random
    done: list[str] = field(default_factory=list)  # what happened, for who reads a failure
    page: Page = field(init=False)

    def open(self, path: str = "work") -> Page:
        self.page = self.context.new_page()
        self.page.goto(f"{self.network.url}/app/#/{path}")
        return self.page

    def killed(self) -> Page:
        self.page.close()
        return self.open()

    def take(self, batch: Batch) -> None:
        self.page.goto(f"{self.network.url}/app/#/batch/{batch.pk}")
        self.page.get_by_test_id("take-pack").tap()
        expect(self.page.get_by_test_id("take-pack")).to_have_attribute("data-ready", "1", timeout=30_000)

    def answer(self, batch: Batch) -> None:
        """Until there is nothing left of it on the phone: who was killed before it was kept finds her task there with what she drew."""
        kind, when = KINDS[batch.name], self.rng.choice(KILLED)
        self.done.append(f"{batch.name}: killed {when}")
        drawn = False
        while self._shows_a_task(batch):
            if not drawn:
                kind.act(self.page)
            if when in KILLED[:2] and not kind.at_once:
                self.page.wait_for_timeout(DRAFT_MS)
                drawn = True
            if when != KILLED[0] and not kind.at_once:
                self.page.get_by_test_id("done").tap()
            if when in KILLED[:2]:
                when = "never"
                self.killed()
            else:
                self.page.locator("main[data-testid^=none-]").wait_for()
        if when == KILLED[2]:
            self.killed()

    def _shows_a_task(self, batch: Batch) -> bool:
        self.page.goto(f"{self.network.url}/app/#/task/{batch.pk}")
        task, none = self.page.get_by_test_id("task"), self.page.locator("main[data-testid^=none-]")
        task.or_(none).first.wait_for()
        if none.is_visible():
            return False
        self.page.locator(".task-body:not([inert])").wait_for()
        return True

    def come_back(self) -> None:
        """The network is there, or is there for a moment and then again."""
        self.network.on(self.context)
        if self.rng.random() < 0.3:
            self.done.append("the network came and went")
            self.page.wait_for_timeout(self.rng.randrange(400))
            self.network.off(self.context)
            self.page.wait_for_timeout(self.rng.randrange(400))
            self.network.on(self.context)
        self.killed()


def arrived(page: Page, batch: Batch) -> int:
    """Answers to it, once there is one: the page says that nothing is unsent too while it has not looked yet."""
    for _ in range(300):
        if n := Answer.objects.filter(batch=batch).count():
            return n
        page.wait_for_timeout(100)
    return 0


def test_offline_killed_and_back_every_answer_arrives_once(network):
    world = sentiment_world(items=0, workers=1)
    person = world.workers[0].person
    person.set_password(by_three.PASSWORD)
    person.save()
    deposit(world.organisation, 90_000_000)
    rng = random.Random(sizes.SEED)
    in_turn = (
        name for _ in range(1 + 2 * sizes.OFFLINE_LOOPS // len(KINDS)) for name in rng.sample(list(KINDS), len(KINDS))
    )
    with phone() as context:
        hers = Phone(context, network, rng)
        sign_in(hers.open(""), network.url, person.email, by_three.PASSWORD)
        wait_for_offline_readiness(hers.page)
        for loop in range(sizes.OFFLINE_LOOPS):
            batches = [on_offer(world, name) for name in islice(in_turn, 2)]
            for batch in batches:
                hers.take(batch)
            network.off(context)
            for batch in batches:
                hers.answer(batch)
            hers.come_back()
            assert [arrived(hers.page, batch) for batch in batches] == [1, 1], (loop, hers.done[-4:])
            expect(hers.page.get_by_test_id("sync").first).to_have_attribute("data-unsent", "0", timeout=30_000)
    given = 2 * sizes.OFFLINE_LOOPS
    assert Answer.objects.count() == Lease.objects.filter(state="answered").count() == given
    assert Transfer.objects.filter(kind="earn").count() == given
