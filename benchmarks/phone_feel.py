"""What a worker feels on a slow phone: from the tap on Done to the next task on the screen, and how fast any tap is answered.

    python benchmarks/phone_feel.py http://localhost:8000/app/ [EMAIL PASSWORD]

CPU slowed 6 times, 400 kbit/s and 400 ms round trip, 360 x 640, a worker of the demo at the largest `choice` batch, tasks drawn ahead.
`next_task_ms`: from the finger's lifting (the event's own time) to the second frame after the next task is in the page.
`inp_p75_ms`: Event Timing (w3c.github.io/event-timing), the longest event of each interaction. `taps`: presses for an answer.
"""

import json
import statistics
import sys

from playwright.sync_api import sync_playwright

sys.path.insert(0, ".")
from benchmarks.phone_load import ARGS, NETWORK
from tests.phone.browser import CHROMIUM, begin, sign_in

CPU_SLOWDOWN = 6
MAX_ANSWERS = 24
WATCH = """() => {
  globalThis.felt = {next: [], taps: 0, events: new Map()};
  let lifted = null;
  addEventListener('pointerup', (event) => {
    felt.taps += 1;
    if (event.target.closest('[data-testid=done]')) lifted = event.timeStamp;
  }, true);
  new MutationObserver((changes) => {
    const body = '.task-body';
    const came = (node) => node.matches?.(body) || node.querySelector?.(body);
    if (!changes.some((one) => [...one.addedNodes].some(came)) || lifted === null) return;
    const from = lifted;
    lifted = null;
    requestAnimationFrame(() => requestAnimationFrame((now) => felt.next.push(now - from)));
  }).observe(document.body, {childList: true, subtree: true});
  new PerformanceObserver((list) => {
    for (const one of list.getEntries())
      if (one.interactionId) felt.events.set(one.interactionId, Math.max(felt.events.get(one.interactionId) ?? 0, one.duration));
  }).observe({type: 'event', durationThreshold: 16, buffered: false});
}"""
READ = "() => ({...felt, events: [...felt.events.values()], heap: performance.memory?.usedJSHeapSize ?? 0})"


def measure(url: str, email: str, password: str) -> dict:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        context = browser.new_context(
            viewport={"width": 360, "height": 640}, is_mobile=True, has_touch=True, device_scale_factor=2
        )
        page = context.new_page()
        sign_in(page, url.removesuffix("/app/"), email, password)
        offers = page.evaluate("fetch('/api/v1/work/batches').then((reply) => reply.json())")["results"]
        choices = [one for one in offers if one["task_type"] == "choice"]
        batch = max(choices, key=lambda one: one["open_items"])["batch"]
        page.goto(f"{url}#/task/{batch}")
        begin(page)
        page.get_by_test_id("task").wait_for()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
        page.add_locator_handler(page.get_by_test_id("gold"), close_lesson)
        page.evaluate(WATCH)
        answers = answer_all(page)
        felt = page.evaluate(READ)
        browser.close()
    return {
        "answers": answers,
        "taps": round(felt["taps"] / answers, 2),
        "next_task_ms": round(statistics.median(felt["next"])),
        "next_task_p95_ms": round(statistics.quantiles(felt["next"], n=20)[-1]),
        "inp_p75_ms": round(statistics.quantiles(felt["events"] or [0, 16], n=4)[-1]),
        "js_heap_mb": round(felt["heap"] / 1e6, 1),
    }


def close_lesson(sheet) -> None:
    sheet.locator(".inside:not([inert])").wait_for()  # it takes no tap that was meant for the task below
    sheet.page.get_by_test_id("gold-close").evaluate("(key) => key.click()")


def answer_all(page) -> int:
    """The lesson after a missed known task is closed when it comes, and is no part of the count."""
    for done in range(MAX_ANSWERS):
        before = page.evaluate("felt.next.length")
        page.locator("[data-testid^=choice-]").first.tap()
        page.get_by_test_id("done").tap()
        while page.evaluate("felt.next.length") == before and not page.locator("[data-testid^=none-]").count():
            page.evaluate("new Promise(requestAnimationFrame)")
        if page.locator("[data-testid^=none-]").count():
            return done + 1
    return MAX_ANSWERS


if __name__ == "__main__":
    address = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000/app/"
    who = sys.argv[2:4] if len(sys.argv) > 3 else ["worker@demo.example", "ilima-demo-pass"]
    print(json.dumps(measure(address, *who)))
