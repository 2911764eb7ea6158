"""Points on the globe."""

import warnings

import numpy as np
import pytest

from consensus.core.regions.geopoints import great_circle_m, learn_geo_skills, merge_geopoints, to_vectors

DURBAN, CAPE_TOWN = (-29.8587, 31.0218), (-33.9249, 18.4241)


def crowd(order=1):
    rng = np.random.default_rng(4)
    rows = []
    for item in range(8):
        for worker in range(5):
            off = rng.normal(0, 0.001 if worker < 4 else 5.0, 2)
            rows.append((item, worker, DURBAN[0] + off[0], DURBAN[1] + off[1]))
    return [np.array(column) for column in zip(*rows[::order], strict=True)]


def test_great_circle_between_two_towns():
    a, b = to_vectors(*np.array([DURBAN, CAPE_TOWN]).T)
    assert great_circle_m(a, b) == pytest.approx(1_272_000, rel=0.005)
    assert great_circle_m(a, -a) == pytest.approx(np.pi * 6_371_008.8)


def test_pins_far_away_do_not_move_the_point_and_cost_their_writer():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        merged = merge_geopoints(*crowd(), 9, 5)
    for point in merged[:8]:
        assert abs(point.latitude - DURBAN[0]) < 0.002
        assert abs(point.longitude - DURBAN[1]) < 0.002
        assert 0.8 < point.confidence <= 1
    assert merged[8].n_answers == 0
    assert merged[8].confidence == 0
    skills = learn_geo_skills(*crowd(), 9, 5)
    assert skills.spread_m[4] > 20 * skills.spread_m[0]


def test_any_order_of_rows_gives_the_same_bits():
    assert merge_geopoints(*crowd(), 8, 5) == merge_geopoints(*crowd(-1), 8, 5)


def test_the_date_line_is_no_border_and_one_pin_is_itself():
    across = merge_geopoints([0, 0, 0], [0, 1, 2], [0, 0, 0], [179.99, -179.99, 180], 1, 3)[0]
    assert abs(abs(across.longitude) - 180) < 0.001
    alone = merge_geopoints([0], [0], [10], [20], 1, 1)[0]
    assert (alone.latitude, alone.longitude) == (pytest.approx(10), pytest.approx(20))
    assert np.isnan(alone.agreement)


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (0, 181), (float("nan"), 0)])
def test_points_off_the_globe_are_refused(latitude, longitude):
    with pytest.raises(ValueError, match="latitude must lie"):
        merge_geopoints([0], [0], [latitude], [longitude], 1, 1)


def wide_apart(seed=1, n_items=60, per_item=3, n_workers=12, off_m=5_000.0):
    """Honest pins some kilometres off, each worker as far as any other."""
    rng = np.random.default_rng(seed)
    rows = [
        (item, worker, *(np.array(DURBAN) + rng.normal(0, off_m / 111_000, 2)))
        for item in range(n_items)
        for worker in rng.choice(n_workers, per_item, replace=False)
    ]
    return [np.array(column) for column in zip(*rows, strict=True)], n_items, n_workers


def test_nobody_is_measured_by_her_own_pin():
    """Each worker who was once the nearest to the others became the truth, sure of metres where all are kilometres off."""
    columns, n_items, n_workers = wide_apart()
    skills = learn_geo_skills(*columns, n_items, n_workers)
    assert skills.spread_m.min() > 2_000
    assert skills.spread_m.max() < 5 * skills.spread_m.min()
    merged = merge_geopoints(*columns, n_items, n_workers, target_m=1_000)
    truth = to_vectors(*np.array([DURBAN]).T)
    right = [great_circle_m(to_vectors([one.latitude], [one.longitude]), truth)[0] <= 1_000 for one in merged]
    assert np.mean([one.confidence for one in merged]) < np.mean(right) + 0.25


def test_two_pins_an_item_tell_who_is_off_everywhere():
    """A third of the workers pin any place: with two pins an item a weight comes of the other items."""
    rng = np.random.default_rng(3)
    rows = []
    for item in range(100):
        for worker in rng.choice(12, 2, replace=False):
            off = rng.uniform(-5, 5, 2) if worker % 3 == 0 else rng.normal(0, 0.002, 2)
            rows.append((item, worker, *(np.array(DURBAN) + off)))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    skills = learn_geo_skills(*columns, 100, 12)
    assert skills.spread_m[::3].min() > 3 * np.delete(skills.spread_m, range(0, 12, 3)).max()
