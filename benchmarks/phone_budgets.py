"""The phone's budgets that need a browser and a clock, all at once, on a platform of its own.

    python -m benchmarks.phone_budgets [--out benchmarks/results/phone_budgets.json]

First paint, cold and warm (phone_load.py), from tap to paint (phone_feel.py), frames with 200 boxes and the heap on a picture of 12
megapixels (phone_boxes.py). What else this machine does stands beside each as its load: on a busy one every time is an upper bound.
"""

from __future__ import annotations

import argparse
import io
import json
import os
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks import phone_boxes, phone_feel, phone_load
from benchmarks.phone_touches import ready_world
from benchmarks.platform_for_benchmarks import running_platform

LOADS = 3
BARS = {"cold_lcp_ms": 4000, "warm_lcp_ms": 1200, "inp_p75_ms": 200, "frame_p95_ms": 32, "js_heap_mb": 40}


def photo(width: int, height: int, seed: int) -> io.BytesIO:
    """Soft colours as a camera has them, so that its files are as long as a camera's."""
    grains = np.random.default_rng(seed).normal(128, 60, (height // 40, width // 40, 3)).clip(0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(grains).resize((width, height), Image.Resampling.BICUBIC).save(file, "JPEG", quality=85)
    file.seek(0)
    return file


def offer(world, task_type: str, size: tuple[int, int], items: int):
    from labelling.batches.create_batch import create_batch
    from labelling.batches.open_batch import open_batch
    from labelling.data.add_items import add_media_item
    from labelling.data.create_dataset import create_dataset
    from labelling.data.stored import store_for
    from labelling.projects.create_project import create_project
    from tests.phone.shown_world import labels

    project = create_project(
        world.requester, world.organisation, title=f"{task_type}, {items}", task_type=task_type, medium="image",
        config={"labels": labels(4)}, min_answers=1, max_answers=1, target_ppm=900_000, gold_share_bps=0, estimated_task_s=9,
    )  # fmt: skip
    dataset = create_dataset(world.requester, project, "one")
    for k in range(items):
        add_media_item(dataset, store_for(project, photo(*size, k), f"{k}.jpg"))
    batch = create_batch(world.requester, project, name=task_type, base_micro=45_000, bonus_micro=0)
    return open_batch(world.requester, batch)


def measure(url: str, world) -> dict:
    from tests.phone.shown_world import PASSWORD

    who = (world.workers[0].person.email, PASSWORD)
    offer(world, "choice", (1200, 900), phone_feel.MAX_ANSWERS + 6)
    boxes = offer(world, "boxes", (4000, 3000), 2)
    steps = {
        "feel": lambda: phone_feel.measure(url, *who),
        "boxes": lambda: phone_boxes.measure(url, *who, boxes.pk),
        **{f"load {k + 1}": lambda: phone_load.measure(url) for k in range(LOADS)},
    }
    found: dict = {"bars": BARS}
    for name, step in steps.items():
        before = os.getloadavg()[0]
        found[name] = {**step(), "load": [round(one, 1) for one in (before, os.getloadavg()[0])]}
        print(name, json.dumps(found[name]), flush=True)
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--out", type=Path)
    out = options.parse_args().out
    with running_platform() as platform:
        found = measure(f"{platform.url}/app/", ready_world())
        if out:
            out.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
