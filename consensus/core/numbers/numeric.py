"""Numbers: what many people measured or rated, merged into one value an item with its standard deviation.

`merge_numbers` runs the model of numeric_model.py (worker bias, scale and noise, item difficulty, outliers) in plain units or in
logarithms, whichever explains the answers better, and keeps to the bounds and the step of the scale.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from ..answers.ids import Coded, encode_answers
from .numeric_model import Fit, Learned, fit_numbers, place_numbers

Z95 = 1.959963984540054
LARGEST_LOG = 700.0  # of a float
LARGEST = 1e100  # of a value: its square is still a number
MIN_GOLD = 10
PSEUDO_GOLD = 5
CLEARLY = 3.0  # nats: logarithms must be some twenty times likelier than plain units
SCALES = ("auto", "linear", "log")


class Bounds(NamedTuple):
    """The scale that workers saw: lowest and highest answer and the step between answers; None where there is none."""

    low: float | None = None
    high: float | None = None
    step: float | None = None


UNBOUNDED = Bounds()


@dataclass(frozen=True, eq=False)
class Numbers(Coded):
    """N answers: item, worker: int64 (N,) codes; value: float (N,). Sorted by item, worker, value.

    item_ids (I,), worker_ids (W,): the caller's ids. bounds: of the scale; a value outside is refused.
    """

    item: np.ndarray
    worker: np.ndarray
    value: np.ndarray
    item_ids: np.ndarray = field(repr=False)
    worker_ids: np.ndarray = field(repr=False)
    bounds: Bounds = UNBOUNDED

    @classmethod
    def from_rows(
        cls,
        items: Sequence[Hashable] | np.ndarray,
        workers: Sequence[Hashable] | np.ndarray,
        values: Sequence[float] | np.ndarray,
        bounds: Bounds | tuple = UNBOUNDED,
        *,
        item_ids: Sequence[Hashable] | None = None,
        worker_ids: Sequence[Hashable] | None = None,
    ) -> Numbers:
        """Encode columns (N,) of items, workers and values, ids of any hashable type; item_ids and worker_ids name all known
        ones, in order.

        Raises ValueError, in one sentence that names the argument, for unequal lengths, an unknown or missing id, a
        value that is no finite number or lies outside the bounds, and bounds that make no scale.
        """
        item, worker, said, all_items, all_workers = encode_answers(items, workers, item_ids, worker_ids, values=values)
        bounds = _checked_bounds(Bounds(*bounds))
        value = _checked_values(said, bounds)
        order = np.lexsort((value, worker, item))
        item, worker = item.astype(np.int64)[order], worker.astype(np.int64)[order]
        return cls(item, worker, value[order], all_items, all_workers, bounds)


@dataclass(frozen=True, eq=False)
class Merged:
    """What `merge_numbers` returns; all in the units of the answers.

    values (I,): posterior medians, on the scale's steps and within its bounds (half a step: to the lower one). sd (I,):
    standard deviations (in log scale half the way from one below to one above); low, high (I,): 95 % intervals. An item
    without answers gets the typical value and the spread of all items.
    bias, noise (W,): a worker's mean error and the scale of her errors at the typical value; slope (W,): how many units her
    answer moves when the truth moves by one (0: blind to the item; in log scale: of powers). difficulty (I,): factor on
    the errors' variance.
    scale: "linear" or "log". shared_error: standard deviation, at the typical value, of errors that the whole crowd
    shares (0 without gold). log_likelihood per answer; n_iter and converged of the iteration. skills: for decide_numbers.
    """

    values: np.ndarray
    sd: np.ndarray
    low: np.ndarray
    high: np.ndarray
    bias: np.ndarray
    noise: np.ndarray
    slope: np.ndarray
    difficulty: np.ndarray
    scale: str
    shared_error: float
    log_likelihood: float
    n_iter: int
    converged: bool
    skills: NumberSkills


@dataclass(frozen=True, eq=False)
class NumberSkills:
    """All that `decide_numbers` needs of a merge: its workers, scale and correction by gold."""

    worker_ids: np.ndarray
    scale: str
    calibration: Calibration
    learned: Learned


class Scale(NamedTuple):
    """A map of the answers on which errors are even: forward, back and log_slope take and give arrays (N,)."""

    name: str
    forward: Callable[[np.ndarray], np.ndarray]
    back: Callable[[np.ndarray], np.ndarray]
    log_slope: Callable[[np.ndarray], np.ndarray]  # log of the forward map's derivative


LINEAR = Scale("linear", lambda x: x, lambda y: y, np.zeros_like)
LOG = Scale("log", np.log, np.exp, lambda x: -np.log(x))


def merge_numbers(
    numbers: Numbers, scale: str = "auto", gold: np.ndarray | None = None, n_iter: int = 100, tol: float = 1e-4
) -> Merged:
    """scale: "linear", "log" (errors are proportional; all values above 0), or "auto": plain
    units unless logarithms are clearly likelier.

    gold (I,): known values, NaN where unknown. They are returned as they are; ten and more also correct the crowd's
    level and unit and set the standard deviations to the errors seen. Without gold, errors that all workers share
    cannot be seen. Stops when no item moves by more than tol spreads of the items in a pass, or after n_iter passes.
    """
    known = _checked_gold(gold, numbers)
    fits = [(one, _fit(numbers, one, n_iter, tol)) for one in _scales(scale, numbers, known)]
    chosen, fit = fits[0]
    if len(fits) > 1 and len(numbers.value) * (fits[1][1].log_likelihood - fit.log_likelihood) > CLEARLY:
        chosen, fit = fits[1]
    given = ~np.isnan(known)
    calibration = _calibrate(fit, chosen.forward(known[given]), given)
    return _merged(numbers, chosen, fit, known, calibration)


def decide_numbers(numbers: Numbers, skills: NumberSkills) -> Merged:
    """Values under skills learned before, in O(answers): what a live project decides with between two merges.

    Each item is decided by its own answers alone. Workers are matched by id; a newcomer is the crowd. The skills
    returned are those given. ValueError for values at or below 0 under skills of a log scale.
    """
    place = {worker: code for code, worker in enumerate(skills.worker_ids.tolist())}
    known = np.array([place.get(worker, -1) for worker in numbers.worker_ids.tolist()], dtype=np.int64)
    scale = LOG if skills.scale == "log" else LINEAR
    if scale is LOG and not (numbers.value > 0).all():
        raise ValueError("values: the skills are of a log scale, which needs values above 0.")
    item, worker, value = _one_a_pair(numbers, scale)
    fit = place_numbers(item, worker, value, numbers.n_items, skills.learned.of_workers(known))
    merged = _merged(numbers, scale, fit, np.full(numbers.n_items, np.nan), skills.calibration)
    return replace(merged, skills=skills)


def _scales(name: str, numbers: Numbers, known: np.ndarray) -> list[Scale]:
    if name not in SCALES:
        raise ValueError(f'scale must be one of {", ".join(SCALES)}, not "{name}".')
    positive = bool((numbers.value > 0).all() and not (known <= 0).any())
    if name == "log" and not positive:
        raise ValueError('scale "log" needs values above 0; use "linear".')
    if name == "auto":
        return [LINEAR, LOG] if positive and numbers.bounds.high is None else [LINEAR]
    return [LOG if name == "log" else LINEAR]


def _fit(numbers: Numbers, scale: Scale, n_iter: int, tol: float) -> Fit:
    item, worker, value = _one_a_pair(numbers, scale)
    unit = _unit(value, scale, numbers.bounds)
    fit = fit_numbers(item, worker, value, numbers.n_items, numbers.n_workers, unit, n_iter, tol)
    slope = float(scale.log_slope(scale.back(value)).mean()) if len(value) else 0.0
    return fit._replace(log_likelihood=fit.log_likelihood + slope)


def _one_a_pair(numbers: Numbers, scale: Scale) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """item, worker, value in working units: one answer a worker and item, the mean of repeats."""
    key = numbers.item * max(numbers.n_workers, 1) + numbers.worker
    pair, place, times = np.unique(key, return_inverse=True, return_counts=True)
    item, worker = np.divmod(pair, max(numbers.n_workers, 1))
    value = np.bincount(place, scale.forward(numbers.value), minlength=len(pair)) / times
    return item, worker, value


def _unit(value: np.ndarray, scale: Scale, bounds: Bounds) -> float:
    """A length by which to judge differences: the answers' spread, else that of the scale, else of the value itself."""
    spread = float(value.std()) if len(value) else 0.0
    if spread > 1e-9 * float(np.abs(value).max(initial=0.0)):
        return spread
    if bounds.low is not None and bounds.high is not None:
        return (bounds.high - bounds.low) / 4
    return (float(np.abs(value).max(initial=0.0)) or 1.0) if scale is LINEAR else 1.0


def _merged(numbers: Numbers, scale: Scale, fit: Fit, known: np.ndarray, calibration: Calibration) -> Merged:
    given = ~np.isnan(known)
    truth = scale.forward(np.where(given, known, 1.0))
    spread = np.where(given, 0.0, np.sqrt(fit.spread**2 + calibration.shared2))
    middle = np.where(given, truth, fit.value + calibration.shift + calibration.stretch * (fit.value - fit.centre))
    if scale is LOG:
        spread = np.minimum(spread, (LARGEST_LOG - np.abs(middle)) / Z95)
    values, low, high = (scale.back(middle + z * spread) for z in (0.0, -Z95, Z95))
    sd = spread if scale is LINEAR else (scale.back(middle + spread) - scale.back(middle - spread)) / 2
    centre = scale.back(np.array(fit.centre))
    return Merged(
        values=_on_scale(values, numbers.bounds),
        sd=sd,
        low=_within(low, numbers.bounds),
        high=_within(high, numbers.bounds),
        bias=scale.back(fit.centre + fit.bias) - centre,
        noise=fit.noise if scale is LINEAR else centre * fit.noise,
        slope=fit.slope,
        difficulty=fit.difficulty,
        scale=scale.name,
        shared_error=np.sqrt(calibration.shared2) * (1.0 if scale is LINEAR else float(centre)),
        log_likelihood=fit.log_likelihood,
        n_iter=fit.n_iter,
        converged=fit.converged,
        skills=NumberSkills(numbers.worker_ids, scale.name, calibration, fit.learned),
    )


class Calibration(NamedTuple):
    """truth = value + shift + stretch (value - centre) + an error with variance spread^2 + shared2, in working units."""

    shift: float = 0.0
    stretch: float = 0.0
    shared2: float = 0.0


def _calibrate(fit: Fit, truth: np.ndarray, given: np.ndarray) -> Calibration:
    """Ridge regression of the gold's errors on the values, with PSEUDO_GOLD items without error; the errors' variance
    beyond the model's own is what workers share."""
    if len(truth) < MIN_GOLD:
        return Calibration()
    value = fit.value[given]
    design = np.column_stack([np.ones(len(value)), value - fit.centre])
    unit2 = float(((fit.value - fit.centre) ** 2).mean())
    prior = PSEUDO_GOLD * np.diag([1.0, unit2 or 1.0])
    shift, stretch = np.linalg.solve(design.T @ design + prior, design.T @ (truth - value))
    error = truth - value - shift - stretch * (value - fit.centre)
    return Calibration(shift, stretch, max(0.0, float((error**2 - fit.spread[given] ** 2).sum() / (len(error) - 2))))


def _within(values: np.ndarray, bounds: Bounds) -> np.ndarray:
    low, high = (np.inf if x is None else x for x in (bounds.low, bounds.high))
    return np.clip(values, -low if bounds.low is None else low, high)


def _on_scale(values: np.ndarray, bounds: Bounds) -> np.ndarray:
    values = _within(values, bounds)
    if bounds.step is None:
        return values
    start = bounds.low or 0.0
    steps = np.ceil((values - start) / bounds.step - 0.5 - 1e-9)
    return _within(start + bounds.step * steps, bounds)


def _checked_bounds(bounds: Bounds) -> Bounds:
    given = [x for x in bounds if x is not None]
    if not np.isfinite(given).all() or (bounds.step is not None and not bounds.step > 0):
        raise ValueError(f"bounds must be finite numbers with a step above 0, not {tuple(bounds)}.")
    if bounds.low is not None and bounds.high is not None and not bounds.low < bounds.high:
        raise ValueError(f"bounds: low {bounds.low} must be below high {bounds.high}.")
    return bounds


def _checked_values(values: Sequence[float] | np.ndarray, bounds: Bounds) -> np.ndarray:
    try:
        value = np.asarray(values, dtype=float).reshape(-1)
    except (TypeError, ValueError):
        bad = next(value for value in values if not isinstance(value, int | float | np.number))
        raise ValueError(f"values: {bad!r} is not a finite number; drop it.") from None
    if (bad := ~(np.abs(value) <= LARGEST)).any():
        raise ValueError(f"values: row {bad.argmax()} is not a finite number; drop it.")
    if (out := value != _within(value, bounds)).any():
        row = int(out.argmax())
        raise ValueError(f"values: {value[row]:g} in row {row} lies outside {bounds.low} to {bounds.high}; drop it.")
    return value


def _checked_gold(gold: np.ndarray | None, numbers: Numbers) -> np.ndarray:
    known = np.full(numbers.n_items, np.nan) if gold is None else np.asarray(gold, dtype=float)
    if known.shape != (numbers.n_items,) or np.isinf(known).any():
        raise ValueError(f"gold must be {numbers.n_items} finite numbers, one an item, NaN where unknown.")
    return known
