"""Numbers: worker bias, scale and noise, outliers, bounds, gold."""

import warnings

import numpy as np
import pytest

from consensus.core import Bounds, Numbers, decide_numbers, merge_numbers
from tests.core.crowds_other import number_crowd


def rows_of(n_items=40, n_workers=8, per_item=4, seed=0, **options):
    item, worker, value, *_ = number_crowd(n_items, n_workers, per_item, seed=seed, **options)
    return list(zip(item.tolist(), worker.tolist(), value.tolist(), strict=True))


def table(rows, *bounds, **options):
    return Numbers.from_rows(*([row[i] for row in rows] for i in range(3)), *bounds, **options)


def run(numbers, *arguments, **options):
    """Merge with every warning an error; check what any result must satisfy."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = merge_numbers(numbers, *arguments, **options)
    for per_item in (found.values, found.sd, found.low, found.high, found.difficulty):
        assert per_item.shape == (numbers.n_items,)
        assert np.isfinite(per_item).all()
    for per_worker in (found.bias, found.noise, found.slope):
        assert per_worker.shape == (numbers.n_workers,)
        assert np.isfinite(per_worker).all()
    assert (found.sd >= 0).all()
    assert ((found.low <= found.values + 1e-9) & (found.values <= found.high + 1e-9)).all() or numbers.bounds.step
    return found


def planted(**options):
    item, worker, value, truth, bias, noise = number_crowd(**options)
    ids = {"item_ids": list(range(len(truth))), "worker_ids": list(range(len(bias)))}
    return Numbers.from_rows(item, worker, value, **ids), truth, bias, noise


# ---- what every method must keep


def test_bit_equal_on_repeat_and_for_any_row_order():
    rows = rows_of()
    first = run(table(rows))
    for order in (rows, rows[::-1], [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]):
        again = run(table(order))
        assert np.array_equal(first.values, again.values)
        assert np.array_equal(first.sd, again.sd)
        assert np.array_equal(first.noise, again.noise)


@pytest.mark.parametrize("convert", [str, float, lambda n: ("id", n), lambda n: f"{n:05d}"])
def test_the_type_of_ids_does_not_matter(convert):
    rows = rows_of()
    numbers, other = table(rows), table([(convert(i), convert(w), v) for i, w, v in rows])
    place = {item: code for code, item in enumerate(other.item_ids.tolist())}
    order = [place[convert(item)] for item in numbers.item_ids.tolist()]
    np.testing.assert_allclose(run(numbers).values, run(other).values[order], atol=1e-6)


@pytest.mark.parametrize(("factor", "shift"), [(1000.0, 0.0), (0.01, 0.0), (1.0, 500.0), (-1.0, 0.0), (1e-6, 1.0)])
def test_other_units_give_the_same_values_in_those_units(factor, shift):
    rows = rows_of(outliers=0.05)
    first = run(table(rows), "linear")
    again = run(table([(i, w, factor * v + shift) for i, w, v in rows]), "linear")
    np.testing.assert_allclose(again.values, factor * first.values + shift, rtol=1e-6, atol=1e-6 * abs(factor))
    np.testing.assert_allclose(again.sd, abs(factor) * first.sd, rtol=1e-4)
    np.testing.assert_allclose(again.slope, first.slope, rtol=1e-4)


def test_powers_of_ten_in_log_scale_multiply():
    rows = [(i, w, abs(v) + 0.5) for i, w, v in rows_of()]
    first, again = run(table(rows), "log"), run(table([(i, w, 7 * v) for i, w, v in rows]), "log")
    np.testing.assert_allclose(again.values, 7 * first.values, rtol=1e-6)
    np.testing.assert_allclose(again.sd, 7 * first.sd, rtol=1e-4)


def test_an_answer_sent_twice_counts_once():
    rows = rows_of()
    once, twice = run(table(rows)), run(table(rows + rows))
    np.testing.assert_allclose(once.values, twice.values, atol=1e-9)
    np.testing.assert_allclose(once.sd, twice.sd, atol=1e-9)


def test_a_worker_copied_under_another_name_gets_the_same_skill():
    rows = rows_of()
    found = run(table(rows + [(i, 99, v) for i, w, v in rows if w == 2]))
    assert found.bias[-1] == pytest.approx(found.bias[2], abs=1e-9)
    assert found.noise[-1] == pytest.approx(found.noise[2], abs=1e-9)


def test_one_worker_is_believed():
    answers = [3.0, 8.0, 5.5, 1.0]
    found = run(table([(i, "w", v) for i, v in enumerate(answers)]))
    np.testing.assert_allclose(found.values, answers, atol=1e-9)
    assert (found.sd > 0).all()


def test_one_answer():
    found = run(table([("x", "w", 42.0)]))
    assert found.values.tolist() == pytest.approx([42.0])
    assert found.sd[0] > 0
    assert run(table([("x", "w", 0.0)])).values.tolist() == [0.0]


def test_two_answers_to_one_item():
    found = run(table([("x", "a", 3.0), ("x", "b", 5.0)]))
    assert found.values.tolist() == pytest.approx([4.0])
    assert found.low[0] < 3.0 < 5.0 < found.high[0]


def test_constant_answers():
    found = run(table([(i, w, 7.0) for i in range(5) for w in range(3)]))
    np.testing.assert_allclose(found.values, 7.0)
    assert found.sd.max() < 0.1
    np.testing.assert_allclose(run(table([(i, w, 0.0) for i in range(5) for w in range(3)])).values, 0.0)


def test_no_answers_at_all():
    assert run(table([], item_ids=["a"], worker_ids=["w"])).values.tolist() == [0.0]
    assert len(run(table([])).values) == 0


def test_an_item_without_answers_is_typical_and_unsure():
    rows = rows_of()
    found = run(table(rows, item_ids=list(range(41)), worker_ids=list(range(9))))
    answered = found.values[:40]
    assert found.sd.argmax() == 40
    assert answered.mean() == pytest.approx(found.values[40], abs=0.2)
    np.testing.assert_allclose(answered, run(table(rows)).values, atol=1e-4)
    assert found.slope[8] == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize(
    ("rows", "bounds", "options", "sentence"),
    [
        ([("a", "w", np.nan)], (), {}, r"^values: row 0 is not a finite number; drop it\.$"),
        ([("a", "w", 3), ("a", "v", 11)], (0, 10), {}, r"^values: 11 in row 1 lies outside 0 to 10; drop it\.$"),
        ([("a", "w", 1)], (), {"item_ids": ["b"]}, r"^items: 'a' is not one of the 1 item_ids \('b'\); add it"),
        ([("a", None, 1)], (), {}, r"^workers: an id is missing"),
        ([("a", "w", 1)], (5, 5), {}, r"^bounds: low 5 must be below high 5\.$"),
        ([("a", "w", 1)], (0, 5, 0), {}, r"^bounds must be finite numbers with a step above 0"),
    ],
)
def test_bad_rows_are_refused_in_one_sentence(rows, bounds, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        table(rows, bounds, **options)


def test_other_refusals():
    numbers = table(rows_of())
    with pytest.raises(ValueError, match=r"^items, workers and values must be equally long, not 1, 1 and 2\.$"):
        Numbers.from_rows(["a"], ["w"], [1, 2])
    with pytest.raises(ValueError, match=r'^scale must be one of auto, linear, log, not "cubic"\.$'):
        merge_numbers(numbers, "cubic")
    with pytest.raises(ValueError, match=r"^gold must be 40 finite numbers, one an item, NaN where unknown\.$"):
        merge_numbers(numbers, gold=np.zeros(3))
    with pytest.raises(ValueError, match=r'^scale "log" needs values above 0; use "linear"\.$'):
        merge_numbers(table([("a", "w", 0.0)]), "log")


# ---- bounds, steps, scales


def test_bounds_and_steps_are_kept():
    rng = np.random.default_rng(0)
    rows = [(i, w, float(np.clip(np.round(i % 5 + 1 + rng.normal()), 1, 5))) for i in range(60) for w in range(5)]
    found = run(table(rows, (1, 5, 0.5)))
    assert set(found.values.tolist()) <= set(np.arange(1, 5.5, 0.5).tolist())
    assert found.low.min() >= 1
    assert found.high.max() <= 5
    assert found.scale == "linear"


def test_half_a_step_goes_to_the_lower_one():
    rows = [("x", "a", 2.0), ("x", "b", 3.0)]
    assert run(table(rows, Bounds(1, 5, 1))).values.tolist() == [2.0]
    assert run(table(rows, Bounds(1, 5))).values.tolist() == pytest.approx([2.5])


def test_the_likelier_scale_is_chosen():
    item, worker, value, *_ = number_crowd(seed=1)
    assert run(Numbers.from_rows(item, worker, value + 20)).scale == "linear"
    assert run(Numbers.from_rows(item, worker, np.exp(value))).scale == "log"


# ---- planted crowds


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"outliers": 0.1},
        {"bias": 0, "slope": 0},
        {"per_item": 3},
        {"bias": 2},
        {"n_workers": 300},
        {"n_items": 30, "n_workers": 8},
    ],
    ids=str,
)
def test_better_than_mean_and_median_with_intervals_that_cover(options):
    errors, covered = [], []
    for seed in range(6):
        numbers, truth, *_ = planted(seed=seed, **options)
        found = run(numbers, "linear")
        item, value = numbers.item, numbers.value
        mean = np.bincount(item, value) / np.bincount(item)
        median = np.array([np.median(part) for part in np.split(value, np.flatnonzero(np.diff(item)) + 1)])
        errors.append([np.abs(x - truth).mean() for x in (found.values, mean, median)])
        covered.append(((found.low <= truth) & (truth <= found.high)).mean())
    ours, mean, median = np.mean(errors, axis=0)
    assert ours < 0.9 * min(mean, median)
    assert 0.89 < np.mean(covered) < 0.99


def test_workers_are_known_for_what_they_are():
    numbers, _, bias, noise = planted(per_item=10)
    found = run(numbers)
    assert np.corrcoef(found.bias, bias - bias.mean())[0, 1] > 0.95
    assert np.corrcoef(np.log(found.noise), np.log(noise))[0, 1] > 0.9


def test_a_worker_with_one_answer_is_the_crowd_and_one_with_many_is_herself():
    numbers, truth, *_ = planted(n_items=60, bias=0, slope=0)
    rows = list(zip(numbers.item.tolist(), numbers.worker.tolist(), numbers.value.tolist(), strict=True))
    rows += [(i, 90, truth[i] + 3) for i in range(60)] + [(0, 91, truth[0] + 3)]
    found = run(table(rows))
    assert found.bias[-2] - found.bias[:30].mean() == pytest.approx(3, abs=0.3)
    assert abs(found.bias[-1]) < 0.5


def test_who_does_not_look_has_slope_zero_and_no_weight():
    numbers, *_ = planted(n_items=100, per_item=4)
    rows = list(zip(numbers.item.tolist(), numbers.worker.tolist(), numbers.value.tolist(), strict=True))
    clicker = [(i, 90, 5.0) for i in range(100)]
    before, after = run(table(rows)), run(table(rows + clicker))
    assert after.slope[-1] < 0.2
    np.testing.assert_allclose(np.corrcoef(before.values, after.values)[0, 1], 1, atol=0.01)


def test_a_few_workers_far_off_do_not_set_the_level():
    item, worker, value, truth, *_ = number_crowd(n_items=100)
    high = np.where(worker < 4, value + 4, value)
    plain, shifted = (run(Numbers.from_rows(item, worker, x), "linear").values - truth for x in (value, high))
    assert abs(shifted.mean() - plain.mean()) < 0.25  # the mean of all answers moves by 0.53


@pytest.mark.parametrize("off", [20.0, 100.0, 1000.0])
def test_one_worker_who_is_far_off_moves_nobody(off):
    """In degrees where all others say them in another unit: her answers tell nothing of the level."""
    numbers, truth, _, _ = planted(n_items=60, n_workers=8, per_item=6, seed=3)
    rows = list(zip(numbers.item.tolist(), numbers.worker.tolist(), numbers.value.tolist(), strict=True))
    without = run(table([row for row in rows if row[1] != 0], item_ids=list(range(60))), "linear")
    found = run(table([(i, w, v + off if w == 0 else v) for i, w, v in rows], item_ids=list(range(60))), "linear")
    assert abs(found.values.mean() - without.values.mean()) < 0.3  # a mean of all answers moves by off / 8
    assert np.abs(found.values - truth).mean() < 1.3 * np.abs(without.values - truth).mean()
    assert found.bias[0] == pytest.approx(off, rel=0.1)


def test_one_wild_answer_hardly_moves_an_item():
    rows = rows_of(per_item=6, noise=(0.3, 0.4))
    item, worker, _ = rows[0]
    wild = [(item, worker, 1000.0), *rows[1:]]
    assert abs(run(table(wild), "linear").values[item] - run(table(rows), "linear").values[item]) < 0.3


def test_gold_corrects_the_level_and_shows_shared_errors():
    plain, taught, covered = [], [], []
    for seed in range(6):
        numbers, truth, *_ = planted(shared=1.0, seed=seed)
        shifted = Numbers.from_rows(
            numbers.item, numbers.worker, numbers.value + 2, item_ids=range(200), worker_ids=range(30)
        )
        gold, rest = np.where(np.arange(200) < 40, truth, np.nan), slice(40, None)
        alone, found = run(shifted), run(shifted, gold=gold)
        assert np.array_equal(found.values[:40], truth[:40])
        assert (found.sd[:40] == 0).all()
        plain.append(np.abs(alone.values - truth)[rest].mean())
        taught.append(np.abs(found.values - truth)[rest].mean())
        covered.append(((found.low <= truth) & (truth <= found.high))[rest].mean())
    assert np.mean(taught) < 0.5 * np.mean(plain)
    assert 0.88 < np.mean(covered) < 0.99


def test_a_hundred_thousand_answers():
    rng = np.random.default_rng(0)
    truth, bias = rng.normal(size=20_000), rng.normal(size=500)
    item, worker = rng.integers(0, 20_000, 100_000), rng.integers(0, 500, 100_000)
    value = truth[item] + bias[worker] + rng.normal(size=100_000)
    found = run(Numbers.from_rows(item, worker, value, item_ids=range(20_000)))
    assert np.corrcoef(found.values, truth)[0, 1] > 0.88


# ---- deciding with skills learned before


def test_known_skills_give_the_values_that_taught_them():
    numbers, truth, *_ = planted(outliers=0.05)
    merged = run(numbers)
    live = decide_numbers(numbers, merged.skills)
    assert np.abs(live.values - merged.values).max() < 0.2 * merged.sd.mean()
    np.testing.assert_allclose(live.sd, merged.sd, rtol=0.2)
    assert ((live.low <= truth) & (truth <= live.high)).mean() > 0.9


def test_an_item_decided_live_does_not_depend_on_the_others_and_beats_the_mean():
    numbers, truth, *_ = planted(n_items=300)
    past = numbers.item < 150
    rows = list(zip(numbers.item.tolist(), numbers.worker.tolist(), numbers.value.tolist(), strict=True))
    skills = run(table([row for row, old in zip(rows, past, strict=True) if old])).skills
    new = table([row for row, old in zip(rows, past, strict=True) if not old])
    live = decide_numbers(new, skills)
    alone = decide_numbers(table([row for row in rows if row[0] == 200]), skills)
    assert alone.values[0] == pytest.approx(live.values[new.item_ids.tolist().index(200)], abs=1e-12)
    mean = np.bincount(new.item, new.value) / np.bincount(new.item)
    assert np.abs(live.values - truth[150:]).mean() < 0.8 * np.abs(mean - truth[150:]).mean()


def test_a_newcomer_is_the_crowd_and_gold_stays_in_force():
    numbers, truth, *_ = planted()
    gold = np.where(np.arange(200) < 40, truth + 3, np.nan)
    merged = run(numbers, gold=gold)
    live = decide_numbers(table([("x", "newcomer", 5.0)]), merged.skills)
    assert live.bias.tolist() == pytest.approx([0.0])
    assert live.noise[0] == pytest.approx(np.sqrt(1 / np.mean(1 / merged.noise**2)), rel=0.01)
    assert live.values[0] == pytest.approx(8, abs=0.7)
    empty = decide_numbers(table([], item_ids=["x"]), merged.skills)
    assert empty.sd[0] > live.sd[0] > merged.sd.mean()


def test_a_log_scale_stays_one():
    rows = [(i, w, float(np.exp(v))) for i, w, v in rows_of()]
    skills = run(table(rows)).skills
    assert skills.scale == "log"
    assert decide_numbers(table(rows[:8]), skills).scale == "log"
    with pytest.raises(ValueError, match=r"^values: the skills are of a log scale, which needs values above 0\.$"):
        decide_numbers(table([(0, 0, -1.0)]), skills)
