"""How smoothly boxes are drawn, moved and looked at on a slow phone when there are many: the time from one frame to the next.

    python benchmarks/phone_boxes.py http://localhost:8000/app/ EMAIL PASSWORD [BATCH]

CPU slowed 6 times, 360 x 640, real touches. Bar: 95 of 100 frames within 32 ms with 200 boxes. Without a batch the largest of `boxes`.
`cpu_ms`: the work of the page's thread for each movement of a finger, which a busy computer does not change; times 6: below 32.
`js_heap_mb`: at the end, with `picture_mp` megapixels in the original; bar: 40 MB at 12.
"""

import json
import statistics
import sys

from playwright.sync_api import sync_playwright

sys.path.insert(0, ".")
from benchmarks.phone_load import ARGS
from tests.phone.browser import CHROMIUM, begin, sign_in

CPU_SLOWDOWN = 6
MOVES = 60
WATCH = """() => {
  globalThis.frames = [];
  let last = null;
  const tick = (now) => { if (last !== null) frames.push(now - last); last = now; globalThis.ticking = requestAnimationFrame(tick); };
  globalThis.ticking = requestAnimationFrame(tick);
}"""
STOP = "() => { cancelAnimationFrame(ticking); return frames; }"
MEGAPIXELS = """() => new Promise((done) => {
  indexedDB.open("ilima").onsuccess = ({ target }) => {
    const ask = target.result.transaction("pack").objectStore("pack").getAll();
    const batch = Number(location.hash.split("/")[2]);
    ask.onsuccess = () => done(Math.max(...ask.result.filter((one) => one.batch === batch)
      .map(({ item: { media } }) => (media.width_px * media.height_px) / 1e6)));
  };
})"""
# A half-done task outlives a reload: so many boxes are put into its draft on the disk.
FILL = """async (count) => {
  const opened = await new Promise((done) => {
    const ask = indexedDB.open("ilima");
    ask.onsuccess = () => done(ask.result);
  });
  const all = (store, act) => new Promise((done) => {
    const ask = act(opened.transaction(store, "readwrite").objectStore(store));
    ask.onsuccess = () => done(ask.result);
  });
  const batch = Number(location.hash.split("/")[2]);
  const leases = (await all("pack", (store) => store.getAll())).filter((one) => one.batch === batch);
  const { width_px, height_px } = leases[0].item.media;
  const offer = (await all("meta", (store) => store.get("batches"))).find((one) => one.batch === batch);
  const label = (k) => offer.config.labels[k % offer.config.labels.length].id;
  const columns = Math.ceil(Math.sqrt(count));
  const [width, height] = [Math.floor(width_px / columns), Math.floor(height_px / columns)];
  const boxes = Array.from({ length: count }, (_, k) => ({ label: label(k), x: (k % columns) * width, y: Math.floor(k / columns) * height,
    width: width - 2, height: height - 2 }));
  for (const { lease } of leases)
    await all("meta", (store) => store.put({ shapes: boxes, points: [], looked: false }, "draft:" + lease));
}"""


def busy_s(session) -> float:
    """What the page's thread has worked, on its own clock: another program on this computer does not count."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in metrics if one["name"] == "TaskDuration")


def heap_mb(session) -> float:
    session.send("HeapProfiler.collectGarbage")
    metrics = session.send("Performance.getMetrics")["metrics"]
    return round(next(one["value"] for one in metrics if one["name"] == "JSHeapUsedSize") / 1e6, 1)


def frames_of(page, session, act) -> dict:
    page.evaluate(WATCH)
    before = busy_s(session)
    act()
    spent = busy_s(session) - before
    frames = sorted(page.evaluate(STOP))
    return {
        "cpu_ms": round(1000 * spent / MOVES, 2),
        "frames": len(frames),
        "p95_ms": round(frames[int(0.95 * (len(frames) - 1))], 1),
        "fps": round(1000 / statistics.mean(frames), 1),
    }


def gestures(page, session):
    """Moves of one finger over the picture, or of two."""
    stage = page.get_by_test_id("stage").bounding_box()
    left, top = stage["x"] + 30, stage["y"] + 30
    wide, high = stage["width"] - 60, stage["height"] - 60

    def send(kind, *points):
        touches = [{"x": x, "y": y, "id": k} for k, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def slide():
        send("touchStart", (left, top))
        for k in range(MOVES):
            send("touchMove", (left + wide * k / MOVES, top + high * k / MOVES))
        send("touchCancel")

    def pinch():
        x, y = left + wide / 2, top + high / 2
        send("touchStart", (x - 20, y), (x + 20, y))
        for k in range(MOVES):
            send("touchMove", (x - 20 - k, y + k / 2), (x + 20 + k, y + k / 2))
        send("touchCancel")

    return slide, pinch


def measure(url: str, email: str, password: str, batch: int | None, slowdown: int = CPU_SLOWDOWN) -> dict:
    found = {}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        context = browser.new_context(
            viewport={"width": 360, "height": 640}, is_mobile=True, has_touch=True, device_scale_factor=2
        )
        page = context.new_page()
        sign_in(page, url.removesuffix("/app/"), email, password)
        offers = page.evaluate("fetch('/api/v1/work/batches').then((reply) => reply.json())")["results"]
        boxes = [one for one in offers if one["task_type"] == "boxes"]
        batch = batch or max(boxes, key=lambda one: one["open_items"])["batch"]
        page.goto(f"{url}#/task/{batch}")
        begin(page)
        page.get_by_test_id("stage").wait_for()
        session = context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        for count in (0, 50, 200):
            page.evaluate(FILL, count)
            page.reload()
            page.get_by_test_id("stage").wait_for()
            page.wait_for_timeout(1000)
            session.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
            slide, pinch = gestures(page, session)
            page.get_by_test_id("mode-drag").tap()
            found[f"{count} draw"] = frames_of(page, session, slide)
            if count:
                page.get_by_test_id("shape-0").tap()
                found[f"{count} move"] = frames_of(page, session, slide)
            found[f"{count} pinch"] = frames_of(page, session, pinch)
            session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        found |= {"picture_mp": page.evaluate(MEGAPIXELS), "js_heap_mb": heap_mb(session)}
        browser.close()
    return found


if __name__ == "__main__":
    print(json.dumps(measure(*sys.argv[1:4], int(sys.argv[4]) if len(sys.argv) > 4 else None), indent=1))
