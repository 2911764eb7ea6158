"""How many touches an area costs with regions that were cut beforehand: to IoU 0.75 and 0.9, of real objects, beside a plain raster.

    python -m benchmarks.mask_taps [--data ../shared/data/media/segmentation] [--longest 640]

Whoever colours in here knows the truth and takes, of a tap on any region of any cut (a change of the cut costs a touch a step) and, as a
second figure, a slide over all regions that lie mostly inside, what gains most IoU a touch. People do worse. The raster has as many squares
as the finest cut has regions, and merges them by four.

The third and fourth figure begin as the phone asks for: once around the thing, by a hand that goes wrong by 1 and by 2 mm (standard
deviation) and keeps 1 or 2 mm outside, on a picture 60 mm wide; a thing that is small on it is brought nearer first, a touch each time.
Then taps, from the finest cut on. The median of three such hands.
"""

from __future__ import annotations

import argparse
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from labelling.task_types.mask.aids import MOST
from labelling.task_types.mask.hierarchy import merge_order, relabelled
from labelling.task_types.mask.superpixels import superpixels

CUTS, FIRST, MOST_TOUCHES, LEAST_PX, NEVER = (6, 12, 25, 50, 100, 256), 2, 30, 100, 99
HANDS, SCREEN_MM, NEARER = 3, 60, 3  # a double tap makes it three times as large (worker_app/src/canvas/looking.ts)


def objects(data: Path) -> Iterator[tuple[str, Path, tuple[int, int], list]]:
    """(folder, picture, its size, the rings of each object) of COCO and LabelMe files."""
    for path in sorted(data.rglob("*.json")):
        said = json.loads(path.read_text())
        if "annotations" in said:
            for image in said["images"]:
                marks = [one["segmentation"] for one in said["annotations"] if one["image_id"] == image["id"]]
                rings = [[np.reshape(ring, (-1, 2)) for ring in one] for one in marks]
                found = next(path.parent.rglob(Path(image["file_name"]).name), None)
                if found:
                    yield path.parent.name, found, (image["width"], image["height"]), rings
        elif path.parent.name == "instance":
            groups: dict = {}
            for k, one in enumerate(said["shapes"]):
                if one["shape_type"] == "polygon" and not one["label"].startswith("_"):
                    groups.setdefault((one["group_id"], k if one["group_id"] is None else 0), []).append(one["points"])
            yield "voc", path.with_suffix(".jpg"), (said["imageWidth"], said["imageHeight"]), [*groups.values()]


def drawn(rings, size: tuple[int, int], onto: tuple[int, int]) -> np.ndarray:
    image = Image.new("1", onto)
    for ring in rings:
        ImageDraw.Draw(image).polygon([(x * onto[0] / size[0], y * onto[1] / size[1]) for x, y in ring], fill=1)
    return np.asarray(image)


def ours(pixels: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """The map, and of each cut the region of each leaf."""
    smallest = superpixels(pixels)
    merges = merge_order(pixels, smallest)
    count = min(MOST, int(smallest.max()) + 1)
    map_, after = relabelled(smallest, merges, len(merges) + 1 - count)
    leaves = np.arange(count)[None]
    found = [relabelled(leaves, [tuple(one) for one in after], count - min(k, count))[0][0] for k in CUTS]
    return map_, found


def raster(pixels: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    height, width = pixels.shape[:2]
    row, column = np.arange(height) * 16 // height, np.arange(width) * 16 // width
    y, x = np.divmod(np.arange(256), 16)
    sides = (2, 4, 4, 8, 8, 16)
    return row[:, None] * 16 + column, [(y * n // 16) * n + x * n // 16 for n in sides]


class Worker:
    """Touches until the truth (inside: its pixels in each leaf) is coloured in."""

    def __init__(self, cuts, area, inside, near, slides: bool):
        self.cuts, self.area, self.inside, self.near, self.slides = cuts, area, inside, near, slides
        self.taken = np.zeros(len(area), dtype=bool)

    def best_of(self, cut: np.ndarray) -> tuple[float, np.ndarray]:
        """The greatest IoU after one touch of this cut, and what is coloured in then."""
        n, truth = cut.max() + 1, self.inside.sum()
        area, inside = (np.bincount(cut, of, n) for of in (self.area, self.inside))
        mine, right = (np.bincount(cut, of * self.taken, n) for of in (self.area, self.inside))
        taken = mine * 2 > area
        both = self.inside[self.taken].sum() + np.where(taken, -right, inside - right)
        iou = both / (self.area[self.taken].sum() + np.where(taken, -mine, area - mine) + truth - both)
        region = int(iou.argmax())
        one = self.taken & (cut != region) if taken[region] else self.taken | (cut == region)
        if not self.slides:
            return float(iou[region]), one
        slid = self.taken | self.slide((inside * 2 > area)[cut])
        both = self.inside[slid].sum()
        then = both / (self.area[slid].sum() + truth - both)
        return (float(then), slid) if then > iou[region] else (float(iou[region]), one)

    def slide(self, wanted: np.ndarray) -> np.ndarray:
        """The largest piece that hangs together of the leaves of regions that lie mostly inside."""
        pairs = self.near[:, wanted[self.near[0]] & wanted[self.near[1]]]
        graph = csr_matrix((np.ones(pairs.shape[1]), pairs), shape=(len(wanted),) * 2)
        piece = connected_components(graph, directed=False)[1]
        return wanted & (piece == np.bincount(piece, self.inside * wanted).argmax())

    def iou(self) -> float:
        both = self.inside[self.taken].sum()
        return float(both / (self.area[self.taken].sum() + self.inside.sum() - both))

    def touches(self, goals=(0.75, 0.9), spent: int = 0, level: int = FIRST) -> list[int]:
        """spent: on what is taken already."""
        now = self.iou()
        when = {goal: spent if now >= goal else NEVER for goal in goals}
        while spent < MOST_TOUCHES and now < goals[-1]:
            found = [(self.best_of(cut), k) for k, cut in enumerate(self.cuts)]
            (then, taken), k = max(found, key=lambda one: (one[0][0] - now) / (1 + abs(one[1] - level)))
            if then < now + 1e-4:
                break
            spent, level, self.taken, now = spent + 1 + abs(k - level), k, taken, then
            when |= {goal: spent for goal in goals if now >= goal and when[goal] == NEVER}
        return [*when.values()]


def drawn_around(truth: np.ndarray, off_mm: float, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """What a hand goes around, and the touches that it took: errors are as wide as they are long, twice over."""
    spans = [int(np.ptp(side)) + 1 for side in np.nonzero(truth)]
    looks = 0
    while max(spans) * NEARER**looks < max(truth.shape) / NEARER and looks < 2:
        looks += 1
    off_px = off_mm * max(truth.shape) / SCREEN_MM / NEARER**looks
    noise = ndimage.gaussian_filter(rng.normal(size=truth.shape), 2 * off_px)
    away = ndimage.distance_transform_edt(truth) - ndimage.distance_transform_edt(~truth)
    around = ndimage.binary_fill_holes(away + off_px * (1 + noise / noise.std()) > 0)
    piece, count = ndimage.label(around)
    return (piece == np.bincount(piece.ravel())[1:].argmax() + 1 if count > 1 else around), looks + 1


def near_of(map_: np.ndarray) -> np.ndarray:
    """(2, n) leaves that touch."""
    pairs = np.hstack([(map_[:, :-1].ravel(), map_[:, 1:].ravel()), (map_[:-1].ravel(), map_[1:].ravel())])
    return np.unique(pairs[:, pairs[0] != pairs[1]], axis=1)


def measured(pixels: np.ndarray, truths: list[np.ndarray], cut) -> tuple[list, float, int]:
    began = time.process_time()
    map_, cuts = cut(pixels)
    spent_s = time.process_time() - began
    packed = io.BytesIO()
    Image.fromarray(map_.astype(np.uint8)).save(packed, "WEBP", lossless=True, method=4)
    area, near = np.bincount(map_.ravel(), minlength=len(cuts[0])).astype(float), near_of(map_)
    rows, rng = [], np.random.default_rng(0)
    for truth in truths:
        inside = np.bincount(map_.ravel(), truth.ravel(), len(area))
        rows.append([n for slides in (False, True) for n in Worker(cuts, area, inside, near, slides).touches()])
        for off_mm in (1, 2):
            hands = []
            for _ in range(HANDS):
                around, spent = drawn_around(truth, off_mm, rng)
                worker = Worker(cuts, area, inside, near, slides=False)
                worker.taken = np.bincount(map_.ravel(), around.ravel(), len(area)) * 2 > area
                hands.append(worker.touches(spent=spent, level=len(cuts) - 1))
            rows[-1] += np.median(hands, axis=0).tolist()
    return rows, spent_s, len(packed.getvalue())


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", type=Path, default=Path("../shared/data/media/segmentation"))
    asked.add_argument("--longest", type=int, default=640)
    args = asked.parse_args()
    found: dict[tuple[str, str], list] = {}
    for folder, path, size, marks in objects(args.data):
        image = Image.open(path).convert("RGB")
        shrink = max(1.0, max(image.size) / args.longest)
        image = image.resize([round(side / shrink) for side in image.size], Image.Resampling.LANCZOS)
        truths = [truth for truth in (drawn(one, size, image.size) for one in marks) if truth.sum() >= LEAST_PX]
        for name, cut in (("regions", ours), ("raster", raster)):
            found.setdefault((folder, name), []).append(measured(np.asarray(image), truths, cut))
    print(
        "data | method | objects | to .75 / .9: taps; slides; around, 1 mm; around, 2 mm | <= 5 to .75 | CPU s | map kB"
    )
    for (folder, name), each in found.items():
        rows = np.array([row for rows, _, _ in each for row in rows])
        middle = " / ".join(f"{one:g}" for one in np.median(rows, axis=0))
        seconds, size_kb = np.mean([one[1] for one in each]), np.mean([one[2] for one in each]) / 1000
        few = ", ".join(f"{share:.2f}" for share in (rows[:, ::2] <= 5).mean(axis=0))
        print(f"{folder} | {name} | {len(rows)} | {middle} | {few} | {seconds:.2f} | {size_kb:.1f}")


if __name__ == "__main__":
    main()
