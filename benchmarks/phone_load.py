"""How long the phone app takes to show itself on a bad network: LCP, cold and with its service worker.

    python benchmarks/phone_load.py http://localhost:8000/app/

Profile of docs/decisions/phone-app.md: 400 kbit/s, 400 ms round trip, CPU slowed 6 times, 360 x 640. Bars: cold 4.0 s, warm 1.2 s.
`cpu_ms`: the work of the page's thread on its own clock, slowed as it is; what another program on this computer takes is no part of it.
"""

import json
import shutil
import sys

from playwright.sync_api import sync_playwright

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
NETWORK = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
CPU_SLOWDOWN = 6
LAST_PAINT_MS = """() => new Promise((done) => new PerformanceObserver((list) => done(Math.round(list.getEntries().at(-1).startTime)))
  .observe({type: 'largest-contentful-paint', buffered: true}))"""
BYTES = "() => performance.getEntriesByType('resource').reduce((sum, one) => sum + one.transferSize, 0)"


def slow_page(context):
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    return page, session


def cpu_ms(session) -> int:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return round(1000 * next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def measure(url: str) -> dict:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
        context = browser.new_context(
            viewport={"width": 360, "height": 640}, is_mobile=True, has_touch=True, device_scale_factor=2
        )
        cold, session = slow_page(context)
        cold.goto(url)
        cold.get_by_test_id("welcome").wait_for()
        found = {"cold_lcp_ms": cold.evaluate(LAST_PAINT_MS), "cold_cpu_ms": cpu_ms(session)}
        found["cold_bytes_without_the_page"] = cold.evaluate(BYTES)
        cold.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        cold.close()
        warm, session = slow_page(context)
        warm.goto(url)
        warm.get_by_test_id("welcome").wait_for()
        found |= {"warm_lcp_ms": warm.evaluate(LAST_PAINT_MS), "warm_cpu_ms": cpu_ms(session)}
        browser.close()
    return found


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000/app/")))
