"""Every type of task in every state that a worker meets it in, looked at by axe-core: nothing is found."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from intake.media import store
from labelling import task_types
from labelling.batches.open_training import LEAST, open_training
from labelling.gold.set_gold import set_gold
from labelling.models import Answer, Batch, Suggestion
from tests.axe import AXE, axe_on
from tests.intake.files import tone
from tests.intake.test_clips import clip
from tests.phone.browser import CHROMIUM, phone, sign_in
from tests.phone.shown_world import PASSWORD, picture
from tests.work.test_every_type import asked, cases, item_of, truth_and_wrong
from tests.worlds import make_worker

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
    pytest.mark.skipif(not AXE.exists(), reason="needs axe-core: `npm ci` in worker_app"),
]
SPOILED = (
    """<main><h1>One</h1><button></button><input><img src="x"><p style="color:#aaa;background:#fff">pale</p></main>"""
)
# As a killed tab leaves it: what the type makes of this answer to go on from, for each task of the batch that is on the phone.
DRAFT = """async ([batch, name, value]) => {
  const files = performance.getEntriesByType("resource").map((one) => one.name);
  const file = files.find((one) => one.includes(`/type-${name}-`) && one.endsWith(".js"));
  const { default: type } = await import(file);
  const done = (ask) => new Promise((then) => (ask.onsuccess = () => then(ask.result)));
  const disk = await done(indexedDB.open("ilima"));
  const leases = await done(disk.transaction("pack").objectStore("pack").getAll());
  const meta = disk.transaction("meta", "readwrite").objectStore("meta");
  for (const { lease, batch: of } of leases) if (of === batch) await done(meta.put(type.start(value), `draft:${lease}`));
  disk.close();
}"""

LEFT = "() => !document.querySelector('.task-body[data-old]')"
# A screen of several says nothing when it gives way to the next one: that is what is left after a moment.
LEFT_OR_ASKED = """() => new Promise((then) => {
  const until = performance.now() + 500;
  const look = () => !document.querySelector(".task-body[data-old]") || performance.now() > until
    || document.querySelector("[data-testid=keep-mine], [data-testid=sure]") ? then(true) : requestAnimationFrame(look);
  look();
})"""


def file_of(question: dict) -> tuple[io.BytesIO, str]:
    """Of the size that the type's examples are about."""
    wide, high, long_ms = question["width_px"], question["height_px"], question["duration_ms"]
    if not long_ms:
        return picture(wide, high), "one.png"
    if not wide:
        return io.BytesIO(tone(long_ms // 1000, 16_000)), "one.wav"
    with tempfile.TemporaryDirectory() as folder:
        path = clip(Path(folder) / "one.mp4", list(range(0, long_ms, 100)), size=(wide, high))
        return io.BytesIO(path.read_bytes()), "one.mp4"


def on_offer(name: str) -> Batch:
    """A training, which is known tasks alone; the computer's guess is wrong each time."""
    world, question, (truth, wrong) = asked(name), cases(name)["question"], truth_and_wrong(name)
    media = None
    if question["width_px"] or question["duration_ms"]:
        media = store(world.organisation.pk, *file_of(question))
    for n in range(LEAST):
        item = item_of(world, question, n, media)
        set_gold(world.requester, item, truth, "It is so.")
        Suggestion.objects.create(item=item, model_version_id=1, value=wrong, confidence_ppm=820_000)
    return open_training(world.requester, world.project, seats=1, examples=LEAST)


def to_the_task(page: Page, batch: Batch, draft: list | None = None) -> None:
    page.evaluate("(to) => { location.hash = to; }", "#/work")
    page.get_by_test_id("work").wait_for()
    if draft:
        page.evaluate(DRAFT, [batch.pk, *draft])
    page.evaluate("(to) => { location.hash = to; }", f"#/task/{batch.pk}")
    page.locator("[data-testid=task]:not([inert]) .task-body:not([inert])").wait_for()


def answered(page: Page) -> Iterator[str]:
    """Done, through all that is asked on the way: screen by screen, what the computer thinks, whether it is nothing."""
    given = Answer.objects.count() + 1
    page.locator(".task-body").evaluate("(task) => { task.dataset.old = true; }")
    for _ in range(12):
        page.get_by_test_id("done").tap()
        page.wait_for_function(LEFT_OR_ASKED)
        for sheet, key in (("differs", "keep-mine"), ("doubt", "sure")):
            if page.get_by_test_id(key).count():
                yield sheet
                page.get_by_test_id(key).tap()
                page.wait_for_function(LEFT)
        if page.evaluate(LEFT):
            break
    for _ in range(100):
        if Answer.objects.count() == given:
            return
        page.wait_for_timeout(50)
    raise AssertionError(page.locator("[data-testid=trouble]").all_inner_texts())


def states(page: Page, batch: Batch, name: str) -> Iterator[str]:
    """Each is on the screen when its name comes."""
    truth, wrong = truth_and_wrong(name)
    to_the_task(page, batch)
    yield "empty"
    if page.get_by_test_id("suggestion-take").count():
        page.get_by_test_id("suggestion-take").tap()
        yield "guess taken"
    else:
        page.keyboard.press("1")
    if page.get_by_test_id("undo").is_enabled():
        page.get_by_test_id("undo").tap()
        yield "undone"
    to_the_task(page, batch, [name, wrong])
    yield "answered"
    yield from answered(page)
    page.locator("[data-testid=gold] .inside:not([inert])").wait_for()
    yield "missed"
    page.get_by_test_id("gold-close").tap()
    page.get_by_test_id("gold").wait_for(state="detached")
    to_the_task(page, batch, [name, truth])
    yield from answered(page)


def test_axe_finds_nothing_in_any_state_of_any_type(live_server, settings):
    settings.MEDIA_ORIGIN = live_server.url
    worker = make_worker("thandi")
    worker.person.set_password(PASSWORD)
    worker.person.save()
    found, seen = [], []
    with phone(service_workers="block", reduced_motion="reduce") as context:
        page = context.new_page()
        sign_in(page, live_server.url, worker.person.email, PASSWORD)
        for name in task_types.NAMES:
            batch = on_offer(name)
            page.reload()
            for state in states(page, batch, name):
                seen.append(state)
                found += [f"{name}, {state}: {fault}" for fault in axe_on(page)]
    assert {"empty", "answered", "missed", "undone", "guess taken", "differs"} <= set(seen)
    assert found == [], "\n".join(found)
