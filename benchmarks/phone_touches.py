"""How many touches one answer takes, by type and by class of device, and how long a practised hand needs for them.

    python -m benchmarks.phone_touches [--out benchmarks/results/phone_touches.json]

Real touches on a platform of its own; what is done on the screen is what the tests of the types do, without their ways back. Done is
counted with them. `scrolls`: what had to be brought into view first. Bars: boxes 4 taps (label and Done come on top), swipe 1, mask 5.

`seconds` is a model and no person: she who has seen what to answer, and makes no mistake. What people need stands with each answer of
theirs (active_ms, device_class). It is one act of the mind, 1.35 s, and drawing, 0.9 s a stroke and 0.16 s a cm (S. K. Card, T. P. Moran,
A. Newell, The keystroke-level model, CACM 23 (1980), doi:10.1145/358886.358895); a tap is log2(way / target + 1) bits at 6.95 bits a
second for a finger on a phone (I. S. MacKenzie, Fitts' throughput and the remarkable case of touch-based target selection, HCII 2015,
doi:10.1007/978-3-319-20916-6_23), at 4.3 for a mouse (R. W. Soukoreff, I. S. MacKenzie, Towards a standard for pointing device
evaluation, IJHCS 61 (2004), doi:10.1016/j.ijhcs.2004.09.001: 3.7 to 4.9); 36.2 words a minute by thumbs (K. Palin et al., How do people
type on mobile devices?, MobileHCI 2019, doi:10.1145/3338286.3340120). A tablet is
touched as a phone is; at a desk the same keys are clicked.
"""

from __future__ import annotations

import argparse
import json
import math
import os
from pathlib import Path

from benchmarks.platform_for_benchmarks import running_platform

CLASSES = {
    "phone": {"viewport": {"width": 360, "height": 640}},
    "tablet": {"viewport": {"width": 800, "height": 1280}},
    "desktop": {"viewport": {"width": 1440, "height": 900}, "is_mobile": False, "device_scale_factor": 1},
}
THINK_S, STROKE_S, STROKE_S_A_CM = 1.35, 0.9, 0.16
BITS_A_SECOND = {"phone": 6.95, "tablet": 6.95, "desktop": 4.3}
CHARACTERS_A_SECOND = 36.2 * 5 / 60
CM_A_PX = 2.54 / 160  # a CSS pixel of a phone
AIMED_PX = 24  # a spot of a picture is hit within so much: the tools' own reach
SLID_PX = 10  # less is a tap
WATCH = """(aimed) => {
  globalThis.felt = { touches: [], scrolls: 0, characters: 0 };
  let scrolled = false;
  addEventListener("scroll", () => (scrolled = true), true);
  addEventListener("touchstart", ({ target, touches: [{ clientX: x, clientY: y }] }) => {
    if (scrolled) felt.scrolls++;
    scrolled = false;
    const box = target.closest("button, a, input, summary, label, [role=radio], [role=checkbox]")?.getBoundingClientRect();
    felt.touches.push({ x, y, wide: box ? Math.min(box.width, box.height) : aimed, way: 0 });
  }, true);
  addEventListener("touchmove", ({ touches: [{ clientX: x, clientY: y }] }) => {
    const one = felt.touches.at(-1);
    one.way += Math.hypot(x - (one.at ?? one).x, y - (one.at ?? one).y);
    one.at = { x, y };
  }, true);
  addEventListener("input", ({ target }) => {
    if (target.matches("textarea, input:not([type=range])")) felt.characters += target.value.length;
  }, true);
}"""


def seconds(felt: dict, device: str) -> float:
    """The first touch comes from the lower edge, where the last answer's Done was."""
    view = CLASSES[device]["viewport"]
    x, y, spent = view["width"] / 2, view["height"], THINK_S
    for one in felt["touches"]:
        spent += math.log2(math.dist((x, y), (one["x"], one["y"])) / one["wide"] + 1) / BITS_A_SECOND[device]
        if one["way"] > SLID_PX:
            spent += STROKE_S + STROKE_S_A_CM * one["way"] * CM_A_PX
        x, y = (one.get("at") or one)["x"], (one.get("at") or one)["y"]
    spent += felt["scrolls"] * (STROKE_S + STROKE_S_A_CM * view["height"] / 2 * CM_A_PX)
    return round(spent + felt["characters"] / CHARACTERS_A_SECOND, 1)


def measure(world, url: str, device: str) -> dict[str, dict]:
    """By type, and by what a type may look like."""
    from benchmarks.phone_answers import ACTS
    from tests.phone.browser import begin, phone, sign_in
    from tests.phone.shown_world import PASSWORD
    from tests.phone.test_offline_loops import KINDS, on_offer

    rows = {}
    with phone(service_workers="block", **CLASSES[device]) as context:
        page = context.new_page()
        sign_in(page, url, world.workers[0].person.email, PASSWORD)
        for name, (what, act) in ACTS.items():
            page.goto(f"{url}/app/#/task/{on_offer(world, name).pk}")
            page.reload()
            begin(page)
            page.locator("[data-testid=task] .task-body:not([inert])").wait_for()
            page.evaluate(WATCH, AIMED_PX)
            act(page)
            if not KINDS[name].at_once:
                page.get_by_test_id("done").tap()
            page.locator("main[data-testid^=none-]").wait_for()
            felt = page.evaluate("felt")
            counts = {"touches": len(felt["touches"]), "scrolls": felt["scrolls"], "characters": felt["characters"]}
            rows[name] = {"answered": what, **counts, "seconds": seconds(felt, device)}
    return rows


def ready_world():
    from tests.phone.shown_world import PASSWORD
    from tests.worlds import deposit, sentiment_world

    world = sentiment_world(items=0, workers=1)
    person = world.workers[0].person
    person.set_password(PASSWORD)
    person.save()
    deposit(world.organisation, 900_000_000)
    return world


def as_table(found: dict) -> str:
    head = "| type | what is answered | " + " | ".join(f"{one}: touches | seconds" for one in CLASSES) + " |"
    lines = [head, "| --- | --- |" + " ---: | ---: |" * len(CLASSES)]
    for name, row in found["phone"].items():
        cells = [f"{found[one][name]['touches']} | {found[one][name]['seconds']}" for one in CLASSES]
        lines.append(f"| {name} | {row['answered']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--out", type=Path)
    out = options.parse_args().out
    with running_platform() as platform:
        world = ready_world()
        found = {device: measure(world, platform.url, device) for device in CLASSES}
    print(as_table(found))
    if out:
        out.write_text(json.dumps({"load": os.getloadavg()[0], **found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
