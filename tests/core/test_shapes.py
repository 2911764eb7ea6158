"""Polygons, keypoints and tracks: each by a small crowd with a careless worker, and by what is refused."""

import numpy as np
import pytest
import shapely

from consensus.core.regions.keypoints import geometric_median, learn_keypoint_skills, merge_keypoints
from consensus.core.regions.marks import marks_from_rows
from consensus.core.regions.polygons import learn_polygon_skills, majority_area, merge_polygons, to_polygon
from consensus.core.regions.tracks import learn_track_skills, merge_tracks

NEAT, CARELESS = 1.0, 9.0
HOUSE = np.array([[20, 60], [20, 30], [50, 10], [80, 30], [80, 60.0]])
BODY = np.array([[50, 10], [40, 40], [60, 40], [45, 90], [55, 90.0]])


def errors(item, worker, shape, seed):
    rng = np.random.default_rng([seed, item, worker])
    return rng.normal(0, CARELESS if worker == 3 else NEAT, shape)


def polygon_rows():
    rows = [(i, w, [HOUSE + 100 * i + errors(i, w, HOUSE.shape, 1)], None) for i in range(6) for w in range(4)]
    rows[0][2].append(HOUSE + 500)
    return rows


def test_polygons_near_the_truth_and_the_stray_one_not_kept():
    marks = marks_from_rows(polygon_rows())
    for i, item in enumerate(merge_polygons(marks)):
        merged, truth = shapely.Polygon(item.objects[0].shape), shapely.Polygon(HOUSE + 100 * i)
        assert merged.intersection(truth).area / merged.union(truth).area > 0.93
        assert len(item.objects) == 1
        assert 0.6 < item.objects[0].placed <= 1
    assert len(merge_polygons(marks)[0].others) == 1
    spread = learn_polygon_skills(marks).spread
    assert spread[3] > 1.5 * spread[0]
    assert len(merge_polygons(marks, learn_polygon_skills(marks))[5].objects) == 1


def test_majority_area_of_three_squares_and_of_two():
    squares = shapely.box([0, 2, 4], [0, 0, 0], [10, 12, 14], [10, 10, 10])
    merged, expected = majority_area(squares, np.ones(3))
    assert merged.equals(shapely.box(2, 0, 12, 10))
    assert 0.5 < expected < 1
    assert majority_area(squares[:2], np.ones(2))[0].equals(shapely.box(2, 0, 10, 10))
    assert majority_area(squares[:2], np.array([1, 2.0]))[0].equals(squares[1])


def test_a_crossed_ring_is_repaired_and_a_flat_one_refused():
    assert to_polygon([[0, 0], [10, 10], [10, 0], [0, 10]]).area == pytest.approx(25)
    for ring in ([[0, 0], [1, 1]], [[0, 0], [1, 1], [2, 2]], [[0, 0], [1, float("inf")], [2, 0]]):
        with pytest.raises(ValueError, match="polygon needs"):
            to_polygon(ring)


def skeleton(i, w):
    points = BODY + 30 * i + errors(i, w, BODY.shape, 2)
    given = np.full((5, 1), 2.0)
    given[4] = 0 if w < 3 else 2
    return np.hstack([points, given])


def test_keypoints_near_the_truth_and_points_that_most_leave_out_are_left_out():
    rows = [(i, w, [skeleton(i, w)], None) for i in range(6) for w in range(4)]
    marks = marks_from_rows(rows)
    for i, item in enumerate(merge_keypoints(marks)):
        found = np.array(item.objects[0].shape)
        assert np.abs(found[:4, :2] - BODY[:4] - 30 * i).max() < 3
        assert found[:, 2].tolist() == [2, 2, 2, 2, 0]
    spread = learn_keypoint_skills(marks).spread
    assert spread[3] > 2 * spread[0]


def test_geometric_median_ignores_one_far_point():
    points = np.array([[0, 0], [0, 0], [0, 0], [100, 0], [5, 5.0]])
    centre, behind = geometric_median(points, np.ones(5), np.array([0, 0, 0, 0, 1]), 2)
    assert np.abs(centre - [[0, 0], [5, 5]]).max() < 0.01
    assert behind == pytest.approx([4, 1])


@pytest.mark.parametrize("points", [[[1, 1, 3]], [[1, 1, 0]], [[float("nan"), 1, 2]]])
def test_broken_keypoints_are_refused(points):
    with pytest.raises(ValueError, match="keypoints"):
        merge_keypoints(marks_from_rows([(0, 0, [points], None)]))


def track(i, w, keys):
    """An object that moves right by 10 pixels a second, seen at these key times."""
    noise = errors(i, w, (len(keys), 2), 3) / 2
    return [[t, 20 + t / 100 + dx, 30 + dy, 40, 30] for t, (dx, dy) in zip(keys, noise, strict=True)]


def test_tracks_are_linked_over_time_though_key_frames_differ():
    keys = [[0, 2000, 4000], [0, 1000, 4000], [0, 3000, 4200], [0, 4000]]
    rows = [(i, w, [track(i, w, keys[w])], None) for i in range(5) for w in range(4)]
    rows[0][2].append([[0, 400, 400, 30, 30], [500, 400, 400, 30, 30]])
    marks = marks_from_rows(rows)
    for item in merge_tracks(marks):
        assert len(item.objects) == 1
        frames = np.array(item.objects[0].shape)
        assert frames[[0, -1], 0].tolist() == [0, 4000]
        middle = [np.interp(2000, frames[:, 0], frames[:, d]) for d in (1, 2, 3, 4)]
        assert np.abs(np.array(middle) - [40, 30, 40, 30]).max() < 3
    assert len(merge_tracks(marks)[0].others) == 1
    assert learn_track_skills(marks).spread[3] > learn_track_skills(marks).spread[0]


def test_a_straight_track_keeps_two_key_frames():
    rows = [(0, w, [[[t, t, 0, 50, 50] for t in (0, 10, 20, 30)]], None) for w in range(3)]
    assert [f[0] for f in merge_tracks(marks_from_rows(rows))[0].objects[0].shape] == [0, 30]


@pytest.mark.parametrize("frames", [[[0, 0, 0, 5, 5], [0, 1, 1, 5, 5]], [[0, 0, 0, -5, 5]], [[0, 0, 0, 5]]])
def test_broken_tracks_are_refused(frames):
    with pytest.raises(ValueError, match="tracks"):
        merge_tracks(marks_from_rows([(0, 0, [frames], None)]))
