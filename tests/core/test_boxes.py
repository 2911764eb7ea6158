"""Boxes: two workers agree on a box, a third looked and saw nothing."""

import numpy as np
import pytest

from consensus.core.regions.boxes import learn_box_skills, merge_boxes
from consensus.core.regions.marks import marks_from_rows

CAT, DOG = 0, 1
NEAR = [[10, 10, 40, 20], [12, 11, 40, 20], [9, 9, 41, 21]]
FAR = [200, 200, 30, 30]


def world():
    """Item 0: three workers agree on a box, one adds a stray one. Item 1: nobody saw anything. Item 2: one of three saw a box."""
    rows = [(0, w, [NEAR[w]], [CAT]) for w in range(3)]
    rows[2] = (0, 2, [NEAR[2], FAR], [CAT, DOG])
    rows += [(1, w, [], []) for w in range(3)]
    rows += [(2, 0, [NEAR[0]], [DOG]), (2, 1, [], []), (2, 2, [], [])]
    return rows


def test_agreed_box_is_kept_and_stray_ones_are_not():
    first, empty, alone = merge_boxes(marks_from_rows(world(), n_labels=2))
    assert [o.label for o in first.objects] == [CAT]
    assert len(first.others) == 1
    assert np.abs(np.array(first.objects[0].shape) - [10.3, 10, 40.3, 20.3]).max() < 1.5
    assert first.objects[0].marks == (0, 1, 2)
    assert first.objects[0].confidence > 0.9 > 0.5 > first.others[0].confidence
    assert empty.objects == empty.others == ()
    assert empty.agreement == 1.0
    assert alone.objects == ()
    assert len(alone.others) == 1


def test_a_look_that_saw_nothing_lowers_confidence():
    seen_by_two = [(0, 0, [NEAR[0]], None), (0, 1, [NEAR[1]], None)]
    silent = [(0, w, [], None) for w in (2, 3, 4)]
    both = [merge_boxes(marks_from_rows(rows, n_workers=5))[0] for rows in (seen_by_two, seen_by_two + silent)]
    assert both[0].objects[0].exists > (both[1].objects + both[1].others)[0].exists


def test_two_marks_of_one_worker_stay_two_objects():
    rows = [(0, w, [[0, 0, 40, 40], [12, 0, 40, 40]], None) for w in range(3)]
    assert len(merge_boxes(marks_from_rows(rows))[0].objects) == 2


def test_known_skills_serve_single_items():
    skills = learn_box_skills(marks_from_rows(world(), n_labels=2))
    alone = merge_boxes(marks_from_rows(world()[:3], n_items=1, n_workers=3, n_labels=2), skills)[0]
    assert len(alone.objects) == 1


@pytest.mark.parametrize("box", [[0, 0, -1, 4], [0, 0, float("nan"), 4]])
def test_a_broken_box_is_refused(box):
    with pytest.raises(ValueError, match="finite"):
        merge_boxes(marks_from_rows([(0, 0, [box], None)]))
