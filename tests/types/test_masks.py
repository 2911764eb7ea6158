"""Areas: their run lengths against COCO's own reader, their outlines, and what is made of overlapping ones."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as coco

from intake.decoders.upright import Upright
from labelling.formats.outlines import Outline, Pixels
from labelling.task_types.drawing import Mask
from labelling.task_types.errors import BadAnswer
from labelling.task_types.mask import aids, outline
from labelling.task_types.mask.answer import apart, joined
from labelling.task_types.mask.grid import grid_of
from labelling.task_types.mask.hierarchy import merge_order, unlike
from labelling.task_types.mask.superpixels import superpixels
from labelling.task_types.runs import iou, mask_of, rings_of, runs_of, shortest, simplified, text_of, text_of_mask

QUESTION = {"width_px": 60, "height_px": 40}


def blobs(seed: int, size=(40, 60), share: float = 0.5) -> np.ndarray:
    noise = np.random.default_rng(seed).random(size)
    return noise < share


def filled(rings, size) -> np.ndarray:
    """What lies in an odd number of rings."""
    inside = np.zeros(size, dtype=bool)
    ys, xs = np.mgrid[: size[0], : size[1]] + 0.5
    for ring in rings:
        for (x, y), (u, v) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if y != v:
                inside ^= (np.minimum(y, v) < ys) & (ys < np.maximum(y, v)) & (xs < x + (ys - y) * (u - x) / (v - y))
    return inside


@pytest.mark.parametrize("seed", range(20))
def test_run_lengths_are_those_of_coco(seed):
    mask = blobs(seed, share=seed / 20)
    said = text_of_mask(mask)
    assert coco.encode(np.asfortranarray(mask.astype(np.uint8))) == {"size": [40, 60], "counts": said.encode()}
    assert (coco.decode({"size": [40, 60], "counts": said}) == mask).all()
    assert (mask_of([40, 60], said) == mask).all()
    assert text_of(runs_of(said)) == said


def test_runs_of_nothing_are_taken_out():
    assert shortest([0, 0, 3, 0, 2, 4, 0, 1, 0]) == [5, 5]
    assert shortest([0, 5, 0]) == [0, 5]
    assert shortest([7, 0, 0]) == [7]
    assert shortest([]) == []


@pytest.mark.parametrize("seed", range(10))
def test_iou_on_runs_is_that_of_the_pixels(seed):
    a, b = blobs(seed), blobs(seed + 100, share=0.2)
    runs = [runs_of(text_of_mask(one)) for one in (a, b)]
    assert iou(*runs) == pytest.approx((a & b).sum() / (a | b).sum(), abs=1e-12)
    assert iou(*runs[::-1]) == iou(*runs)


@pytest.mark.parametrize("seed", range(20))
def test_outlines_enclose_just_what_is_inside(seed):
    mask = blobs(seed, (13, 17), share=(seed + 1) / 21)
    rings = rings_of(mask)
    assert (filled(rings, mask.shape) == mask).all()
    for ring in rings:
        sides = np.diff([*ring, ring[0]], axis=0)
        assert (np.count_nonzero(sides, axis=1) == 1).all(), "along the edges of pixels"
    few = simplified(rings)
    assert sum(map(len, few)) <= sum(map(len, rings))


def test_a_shape_is_drawn_by_its_outlines_on_the_grid():
    mask = np.zeros((20, 30), dtype=bool)
    mask[5:15, 10:20] = True
    mask[8:10, 12:14] = False
    shape = Mask("a", (20, 30), text_of_mask(mask), 0, 0)
    assert [set(ring) for ring in shape.rings] == [
        {(10, 5), (20, 5), (20, 15), (10, 15)},
        {(12, 8), (14, 8), (14, 10), (12, 10)},
    ]
    assert shape.top == (10, 5)


def test_a_cell_stays_with_the_first_and_one_label_has_one_mask():
    a, b = np.zeros((2, 4, 6), dtype=bool)
    a[:, :4], b[:, 2:] = True, True
    masks = [{"label": name, "size": [4, 6], "counts": text_of_mask(one)} for name, one in (("x", a), ("y", b))]
    first, second = apart(masks)
    assert first == masks[0]
    assert (mask_of([4, 6], second["counts"]) == (b & ~a)).all()
    assert apart([masks[0], {**masks[0], "label": "y"}]) == [masks[0]]
    [one] = joined([masks[0], {**masks[1], "label": "x"}])
    assert mask_of([4, 6], one["counts"]).all()


# --- what files state --------------------------------------------------------------------------------------------------
def drawn(stated: Outline, question=QUESTION) -> np.ndarray:
    mark, _ = outline.of_outline("a", stated, question)
    return mask_of(mark["size"], mark["counts"])


def test_rings_boxes_and_pixels_come_onto_the_grid():
    ring = ((10.0, 5.0), (30.0, 5.0), (30.0, 25.0), (10.0, 25.0))
    square = np.zeros((40, 60), dtype=bool)
    square[5:25, 10:30] = True
    assert (drawn(Outline(rings=(ring,))) == square).all()
    assert (drawn(Outline(box=(10, 5, 20, 20))) == square).all()
    runs = tuple(runs_of(text_of_mask(square)))
    assert (drawn(Outline(pixels=Pixels(40, 60, runs))) == square).all()
    large = {"width_px": 6000, "height_px": 4000}
    far = drawn(Outline(box=(1000, 500, 2000, 2000)), large)
    assert far.shape == grid_of(6000, 4000) == (683, 1024)
    assert far.mean() == pytest.approx(1 / 6, abs=0.002)


@pytest.mark.parametrize("stated", [Outline(box=(10, 5, 0, 4)), Outline(box=(100, 5, 9, 4))])
def test_what_has_no_area_in_the_picture_is_no_mask(stated):
    with pytest.raises(BadAnswer):
        drawn(stated)


def test_of_two_objects_that_overlap_the_later_has_the_cell_and_one_label_is_one_mask():
    marks = [
        outline.of_outline(label, Outline(box=(x, 5, 20, 20)), QUESTION)[0]
        for label, x in (("a", 5), ("b", 15), ("a", 30))
    ]
    first, second = outline.join(marks)
    assert (first["label"], second["label"]) == ("a", "b")
    assert mask_of(first["size"], first["counts"]).sum() == 20 * 10 + 20 * 20
    assert mask_of(second["size"], second["counts"]).sum() == 20 * 15


# --- the regions beforehand ----------------------------------------------------------------------------------------------
def scene(width=320, height=240) -> Image.Image:
    """A bright disc on a dark ground, and a little noise."""
    ys, xs = np.mgrid[:height, :width]
    disc = (xs - 200) ** 2 + (ys - 100) ** 2 < 60**2
    pixels = np.where(disc[..., None], (220, 180, 60), (40, 60, 90)) + np.random.default_rng(1).normal(
        0, 4, (height, width, 3)
    )
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def made(image: Image.Image, out: Path) -> tuple[np.ndarray, dict]:
    aids.make(Upright(image, 1), image.size, out)
    regions = np.asarray(Image.open(out / "mask.regions.webp").convert("RGB"))
    assert (regions[..., 0] == regions[..., 2]).all()
    return regions[..., 0], json.loads((out / "mask.tree.json").read_text())


def test_regions_follow_the_edges_and_merge_into_things(tmp_path):
    image = scene()
    regions, tree = made(image, tmp_path)
    assert regions.shape == (240, 320)
    count = tree["regions"]
    assert count == int(regions.max()) + 1 <= 256
    assert len(tree["merges"]) == count - 1
    of = list(range(count))
    for k, (a, b) in enumerate(tree["merges"][:-1]):
        of = [count + k if one in (a, b) else one for one in of]
    last_two = [np.isin(regions, [leaf for leaf, one in enumerate(of) if one == root]) for root in set(of)]
    ys, xs = np.mgrid[:240, :320]
    disc = (xs - 200) ** 2 + (ys - 100) ** 2 < 60**2
    assert max((one & disc).sum() / (one | disc).sum() for one in last_two) > 0.95
    assert (tmp_path / "mask.regions.webp").stat().st_size < 16_000
    assert (tmp_path / "mask.tree.json").stat().st_size < 3_000


@pytest.mark.parametrize("size", [(1, 1), (9, 700), (2000, 3), (30, 20)])
def test_any_picture_is_cut(tmp_path, size):
    regions, tree = made(Image.new("RGB", size, "white"), tmp_path)
    assert int(regions.max()) + 1 == tree["regions"]
    assert max(regions.shape) <= 640


def plain(size=(480, 360)) -> Image.Image:
    return Image.new("RGB", size, "white")


def on_white() -> Image.Image:
    picture = plain()
    picture.paste(scene(160, 120), (150, 100))
    return picture


@pytest.mark.parametrize("picture", [plain, on_white])
def test_what_is_plain_is_shared_out_and_costs_no_more_than_what_is_not(picture):
    pixels = np.asarray(picture())
    smallest = superpixels(pixels)
    areas = np.bincount(smallest.ravel())
    assert areas.max() < 20 * areas.mean(), "one region took the ground"
    compared = []
    merge_order(pixels, smallest, lambda graph, a, b: compared.append(1) or unlike(graph, a, b))
    assert len(compared) < 30 * len(areas), "each merge looked at hundreds of neighbours"


def test_a_large_picture_is_read_smaller(tmp_path):
    seen = []
    picture = SimpleNamespace(
        size=(6000, 4000),
        reduced=lambda factor: seen.append(factor) or Image.new("RGB", (6000 // factor, 4000 // factor)),
    )
    aids.make(picture, (6000, 4000), tmp_path)
    assert seen == [4]
