"""Nine pictures at once, the whole way: three people with real touches, one of them without network; known pictures among them."""

import io

import pytest
from django.db.models import Count
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from consensus.app.actions.decide_items import decide_items
from intake.media import store
from labelling.data.add_items import add_media_item
from labelling.data.create_dataset import create_dataset
from labelling.gold.set_gold import set_gold
from labelling.models import Answer, BatchItem, Decision, Lease
from labelling.projects.create_project import create_project
from ledger.models import Transfer
from tests.phone.browser import CHROMIUM, Fingers, begin, phone, sign_in, wait_for_offline_readiness
from tests.phone.test_three_workers import PASSWORD, network
from tests.tempo.test_hands import settled
from tests.worlds import World, make_worker, opened, sentiment_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]
__all__ = ["network"]  # the fixture
LABELS = [{"id": "goat", "name": {"en": "Goat"}}, {"id": "none", "name": {"en": "No goat"}}]
PICTURES, KNOWN, BASE_MICRO = 12, 3, 20_000


def picture(k: int, has_goat: bool) -> io.BytesIO:
    image = Image.new("RGB", (800, 600), (200, 220 - k, 160 + k))
    if has_goat:
        ImageDraw.Draw(image).ellipse((200, 200, 600, 500), fill="#5a3a22")
    file = io.BytesIO()
    image.save(file, "PNG")
    file.seek(0)
    return file


def grid_world() -> World:
    """Every third has a goat; the first known one is missed by whoever taps no known goat."""
    world = sentiment_world(items=0, workers=0)
    config = {"labels": LABELS, "look": "grid"}
    world.project = create_project(
        world.requester, world.organisation, title="Goats", task_type="choice", medium="image", config=config,
        min_answers=3, max_answers=3, target_ppm=900_000, gold_share_bps=2000, estimated_task_s=2,
    )  # fmt: skip
    dataset = create_dataset(world.requester, world.project, "one")
    for k in range(PICTURES + KNOWN):
        item = add_media_item(dataset, store(world.organisation.pk, picture(k, k % 3 == 0), f"{k}.png"))
        if k >= PICTURES:
            set_gold(world.requester, item, {"label": "goat" if k % 3 == 0 else "none"}, "Look at the middle.")
    for k in range(3):
        worker = make_worker(f"goat-{k}", recorded=False)
        worker.person.set_password(PASSWORD)
        worker.person.save()
        settled(worker, world.project, 120)  # so she holds enough for nine at once
        world.workers.append(worker)
    return opened(world, base_micro=BASE_MICRO)


def goats_on(page: Page) -> list[str]:
    """The leases on the screen whose pictures have a goat."""
    shown = page.locator(".grid-pick").evaluate_all("(all) => all.map((one) => one.dataset.lease)")
    names = dict(Lease.objects.filter(pk__in=shown).values_list("pk", "item__media__file_name"))
    return [str(pk) for pk, name in names.items() if int(name.partition(".")[0]) % 3 == 0]


def taps_goats(page: Page) -> None:
    for lease in goats_on(page):
        page.locator(f"[data-lease='{lease}']").tap()
        expect(page.locator(f"[data-lease='{lease}']")).to_have_attribute("aria-checked", "true")


def until_done(page: Page, act) -> int:
    """Grid after grid; how many."""
    grids = 0
    none = page.locator("main[data-testid^=none-]")
    while True:
        page.locator(".task-body:not([inert]) .grid-look").or_(none).first.wait_for()
        if none.is_visible():
            return grids
        act(page)
        send(page)
        grids += 1


def send(page: Page) -> None:
    """Returns when this grid has left the screen."""
    first = page.get_by_test_id("cell-1").get_attribute("data-lease")
    page.get_by_test_id("done").tap()
    page.locator(f"[data-lease='{first}']").wait_for(state="detached")


def sent(page: Page, worker, n: int) -> None:
    for _ in range(200):
        if Answer.objects.filter(worker=worker).count() >= n:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{Answer.objects.filter(worker=worker).count()} of {n} have come")


def test_three_people_one_without_network(network):
    world = grid_world()
    for k in (0, 1):
        with phone(service_workers="block") as context:
            page = context.new_page()
            sign_in(page, network.url, world.workers[k].person.email, PASSWORD)
            page.goto(f"{network.url}/app/#/task/{world.batch.pk}")
            begin(page)
            expect(page.locator(".grid-pick")).to_have_count(9)
            # The second taps nothing at all: she misses what is known and is told so, after the grid.
            grids = until_done(page, taps_goats if k == 0 else lambda _: None)
            assert grids == 2
            sent(page, world.workers[k], PICTURES + KNOWN)
            assert page.get_by_test_id("gold").is_visible() == (k == 1)
    _without_network(world, network)
    _each_once(world)


def _without_network(world: World, network) -> None:
    """Killed in the middle of a grid: what she had chosen is there again."""
    worker = world.workers[2]
    with phone() as context:
        page = context.new_page()
        sign_in(page, network.url, worker.person.email, PASSWORD)
        wait_for_offline_readiness(page)
        page.goto(f"{network.url}/app/#/batch/{world.batch.pk}")
        page.get_by_test_id("take-pack").tap()
        expect(page.get_by_test_id("take-pack")).to_have_attribute("data-ready", str(PICTURES + KNOWN))
        network.off(context)
        page.get_by_test_id("start").tap()
        begin(page)
        page.locator(".task-body:not([inert]) .grid-look").wait_for()
        taps_goats(page)
        before = goats_on(page)
        page.wait_for_timeout(1_000)  # the draft is on the disk (use_task.ts: SAVE_DRAFT_MS)
        page.close()
        again = context.new_page()
        again.goto(f"{network.url}/app/#/task/{world.batch.pk}")
        again.locator(".task-body:not([inert]) .grid-look").wait_for()
        ticked = again.locator(".grid-pick[aria-checked=true]").evaluate_all(
            "(all) => all.map((one) => one.dataset.lease)"
        )
        assert sorted(ticked) == sorted(before)
        send(again)
        assert until_done(again, taps_goats) == 1
        again.close()
        assert not Answer.objects.filter(worker=worker).exists()
        network.on(context)
        home = context.new_page()
        home.goto(f"{network.url}/app/")
        sent(home, worker, PICTURES + KNOWN)


def _each_once(world: World) -> None:
    answers = Answer.objects.all()
    assert answers.count() == 3 * (PICTURES + KNOWN)
    assert not answers.values("lease").annotate(n=Count("pk")).filter(n__gt=1).exists()
    assert Transfer.objects.filter(kind="earn").count() == answers.count()
    known = answers.filter(gold_right__isnull=False)
    assert known.count() == 3 * KNOWN
    assert set(known.filter(gold_right=False).values_list("worker", flat=True)) == {world.workers[1].pk}
    decide_items(BatchItem.objects.values_list("item", flat=True))
    decided = {d.item_id: d.value["label"] for d in Decision.objects.all()}
    names = dict(BatchItem.objects.values_list("item", "item__media__file_name"))
    assert len(decided) == PICTURES
    for item, name in names.items():
        assert decided[item] == ("goat" if int(name.partition(".")[0]) % 3 == 0 else "none")


def test_a_grid_comes_back_whole_and_one_picture_goes_alone(network):
    world = grid_world()
    with phone(service_workers="block") as context:
        page = context.new_page()
        sign_in(page, network.url, world.workers[0].person.email, PASSWORD)
        page.goto(f"{network.url}/app/#/task/{world.batch.pk}")
        begin(page)
        page.locator(".task-body:not([inert]) .grid-look").wait_for()
        first = page.get_by_test_id("cell-1").get_attribute("data-lease")
        page.get_by_test_id("cell-5").tap()
        chosen = page.get_by_test_id("cell-5").get_attribute("data-lease")
        page.get_by_test_id("done").tap()
        page.locator(f"[data-lease='{first}']").wait_for(state="detached")
        page.get_by_test_id("undo").tap()
        page.locator(f"[data-lease='{first}']").wait_for()
        assert not Answer.objects.exists()
        page.locator(".task-body:not([inert]) .grid-look").wait_for()
        box = page.get_by_test_id("cell-1").bounding_box()
        Fingers(page).hold(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, 700)
        page.get_by_test_id("closer").wait_for()
        page.get_by_test_id("closer-skip").tap()
        page.locator(f"[data-lease='{first}']").wait_for(state="detached")
        expect(page.locator(".grid-pick")).to_have_count(9)
        page.locator(f"[data-lease='{chosen}']").wait_for()
        for _ in range(100):
            if Lease.objects.get(pk=first).state != "live":
                break
            page.wait_for_timeout(100)
        assert Lease.objects.get(pk=first).state == "skipped"
