"""Masks: run lengths, contours, STAPLE, agreement."""

import numpy as np
import pytest

from consensus.core.regions.iou import mask_iou
from consensus.core.regions.marks import marks_from_rows
from consensus.core.regions.masks import fuse, learn_mask_skills, mask_agreement, merge_masks
from consensus.core.regions.rle import decode, encode

SKY, SEA = 0, 1


def disk(x, y, radius, size=(60, 80)):
    rows, columns = np.mgrid[: size[0], : size[1]]
    return (rows - y) ** 2 + (columns - x) ** 2 <= radius**2


def crowd(n_items=8, seed=5):
    """Three workers who trace a disk to about a pixel, a fourth who is off by many."""
    rng = np.random.default_rng(seed)
    rows = []
    for item in range(n_items):
        for worker in range(4):
            off = rng.normal(0, 8 if worker == 3 else 0.7, 3)
            rows.append((item, worker, [encode(disk(40 + off[0], 30 + off[1], 18 + off[2] / 2))], [SKY]))
    return rows


@pytest.mark.parametrize("mask", [disk(5, 5, 9), np.zeros((3, 4), bool), np.ones((3, 4), bool), np.eye(3, 5) > 0])
def test_run_lengths_go_round(mask):
    rle = encode(mask)
    assert sum(rle["counts"]) == mask.size
    assert (decode(rle) == mask).all()


def test_run_lengths_start_with_zeros_in_column_order():
    assert encode(np.array([[True, False], [True, True]])) == {"size": [2, 2], "counts": [0, 2, 1, 1]}


def test_broken_run_lengths_are_refused():
    with pytest.raises(ValueError, match="add up to 2 x 2"):
        decode({"size": [2, 2], "counts": [3]})


def test_contour_beats_the_careless_and_votes():
    truth = disk(40, 30, 18)
    marks = marks_from_rows(crowd())
    scores = {
        method: np.mean([mask_iou(decode(item.objects[0].shape), truth) for item in merge_masks(marks, method=method)])
        for method in ("contour", "vote", "staple")
    }
    assert scores["contour"] > scores["vote"] - 0.01
    assert scores["contour"] > 0.93
    skills = learn_mask_skills(marks)
    assert skills.spread[3] > 1.5 * skills.spread[0]
    known = merge_masks(marks, skills)
    assert np.mean([mask_iou(decode(item.objects[0].shape), truth) for item in known]) > 0.93


def test_classes_apart_and_silence_counts():
    sky, sea = encode(disk(20, 20, 9)), encode(disk(60, 40, 9))
    rows = [(0, 0, [sky, sea], [SKY, SEA]), (0, 1, [sky], [SKY]), (0, 2, [sky], [SKY]), (0, 3, [], []), (1, 0, [], [])]
    merged, empty = merge_masks(marks_from_rows(rows, n_labels=2))
    found = {o.label: o for o in (*merged.objects, *merged.others)}
    assert found[SKY].exists > found[SEA].exists
    assert (decode(found[SKY].shape) == disk(20, 20, 9)).all()
    assert empty.objects == ()
    assert mask_agreement(marks_from_rows(rows, n_labels=2))[0] == pytest.approx((0.5 + 0.5 + 0 + 1 + 0 + 0) / 6)


def test_large_masks_are_thinned_but_keep_their_size():
    masks = np.stack([disk(400 + d, 300, 200, (600, 800)) for d in (-3, 0, 3)])
    merged, expected = fuse(masks)
    assert merged.shape == (600, 800)
    assert mask_iou(merged, masks[1]) > 0.98
    assert 0.9 < expected <= 1


@pytest.mark.parametrize("method", ["contour", "staple", "vote"])
def test_one_empty_or_equal_masks(method):
    mask = disk(30, 30, 10)
    assert (fuse(mask[None], method)[0] == mask).all()
    assert (fuse(np.stack([mask, mask]), method)[0] == mask).all()
    nothing, sure = fuse(np.zeros((2, 5, 5), bool), method)
    assert not nothing.any()
    assert sure == 1


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(0, 0, [encode(disk(1, 1, 1)), encode(disk(1, 1, 1))], None)], "one mask of each class"),
        ([(0, 0, [encode(disk(1, 1, 1))], None), (0, 1, [encode(disk(1, 1, 1, (5, 5)))], None)], "more than one size"),
    ],
)
def test_refusals(rows, message):
    with pytest.raises(ValueError, match=message):
        merge_masks(marks_from_rows(rows))
