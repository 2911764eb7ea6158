"""Krippendorff's alpha for nominal, ordinal and interval data with a bootstrap interval.

    alpha = 1 - D_o / D_e,   D_o = (1/n) sum_u 1/(m_u - 1) sum_{i != j in u} d(v_ui, v_uj),   D_e = 1/(n(n - 1)) sum_{i != j} d(v_i, v_j)

over units (items) u with m_u >= 2 values, n values in all (Krippendorff, Content Analysis, 2004; Hayes & Krippendorff 2007,
doi:10.1080/19312450709336664). d is 0/1 for nominal, the squared difference for interval; the ordinal d is the squared difference of
mid-ranks, which is Krippendorff's sum of the frequencies between two grades. So all three are sums over items, linear in the answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..answers.ids import encode, equally_long

LEVELS = ("nominal", "ordinal", "interval")
MAX_BLOCKS = 2000  # items are resampled in at most so many random blocks: the same interval for far less work


@dataclass(frozen=True)
class Alpha:
    """alpha (1 perfect, 0 chance, negative below chance); low, high: bootstrap percentile interval; observed, expected disagreement;
    n_values: values in items with at least two. Without any disagreement alpha is 1, without comparable values nan."""

    alpha: float
    low: float
    high: float
    observed: float
    expected: float
    n_values: int


def krippendorff_alpha(
    item: np.ndarray,
    value: np.ndarray,
    level: str = "nominal",
    n_resamples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Alpha:
    """Alpha of values (A,) given to items (A,), codes or ids of any type; who gave them does not matter. value: numbers, or, for the
    nominal level, labels of any type.

    The interval resamples items (n_resamples draws from a generator seeded with `seed`; 0 leaves it out). Raises ValueError for an
    unknown level, lengths that differ, a missing id, values that are no finite numbers, and a confidence outside 0 to 1.
    """
    if level not in LEVELS:
        raise ValueError(f'level must be one of {", ".join(LEVELS)}, not "{level}".')
    if not 0 < confidence < 1 or n_resamples < 0:
        raise ValueError("confidence must lie between 0 and 1, and n_resamples must be 0 or more.")
    item, value = equally_long(item=item, value=value)
    item, value = encode(item, None, "item")[0], _numbers(value, level)
    unit, value = _comparable(item, value)
    if not len(unit):
        return Alpha(np.nan, np.nan, np.nan, np.nan, np.nan, 0)
    sums = (
        _nominal_sums(unit, value)
        if level == "nominal"
        else _interval_sums(unit, _ranks(value) if level == "ordinal" else value)
    )
    observed, expected = _disagreements(sums.sum(axis=0, keepdims=True), level)
    low, high = _interval(sums, level, n_resamples, confidence, seed)
    return Alpha(float(_alpha(observed, expected)[0]), low, high, float(observed[0]), float(expected[0]), len(value))


def _numbers(value: np.ndarray, level: str) -> np.ndarray:
    """Values as numbers; labels of the nominal level that are none as their codes."""
    array = np.asarray(value).reshape(-1) if isinstance(value, np.ndarray | list | tuple) else np.array(list(value))
    if array.dtype.kind in "iub":
        return array.astype(np.int64, copy=False)
    if array.dtype.kind in "USO" and level == "nominal":
        return encode(list(value), None, "value")[0]
    if array.dtype.kind != "f" or not np.isfinite(array).all():
        raise ValueError(
            "value: one finite value for each item code is needed; only the nominal level takes labels of any type."
        )
    return array


def _comparable(item: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Unit codes and values of the items with at least two values."""
    unit = encode(item, None, "item")[0]
    several = np.bincount(unit) > 1
    if several.all():
        return unit, value
    kept = several[unit]
    return (np.cumsum(several) - 1)[unit[kept]], value[kept]


def _codes(value: np.ndarray) -> np.ndarray:
    """Codes of the values in their order."""
    return encode(value, None, "value")[0] if value.dtype.kind in "iu" else np.unique(value, return_inverse=True)[1]


def _ranks(value: np.ndarray) -> np.ndarray:
    """Mid-rank of every value among all."""
    code = _codes(value)
    count = np.bincount(code)
    return (np.cumsum(count) - count / 2)[code]


def _nominal_sums(unit: np.ndarray, value: np.ndarray) -> np.ndarray:
    """(U, 2 + K) per unit: disagreement, values, and values of each class."""
    code, m = _codes(value), np.bincount(unit)
    n_classes = int(code.max()) + 1
    cell = unit * np.int64(n_classes) + code
    if len(m) * n_classes <= 8 * len(unit) + 1024:
        count = np.bincount(cell, minlength=len(m) * n_classes).reshape(len(m), n_classes)
        same = np.einsum("uk,uk->u", count, count)
    else:
        cell, count = np.unique(cell, return_counts=True)
        same = np.bincount(cell // n_classes, count.astype(float) ** 2, minlength=len(m))
    block, n_blocks = _blocks(len(m))
    table = np.bincount(block[unit] * n_classes + code, minlength=n_blocks * n_classes).reshape(n_blocks, n_classes)
    return np.hstack([_in_blocks((m**2 - same) / (m - 1), block, n_blocks), _in_blocks(m, block, n_blocks), table])


def _interval_sums(unit: np.ndarray, value: np.ndarray) -> np.ndarray:
    """(U, 4) per unit: disagreement, values, sum and sum of squares; values centred first, for the sake of rounding."""
    value = value - value.mean()
    m = np.bincount(unit)
    total, squares = np.bincount(unit, value), np.bincount(unit, value**2)
    mean = (total / m)[unit]
    inside = 2 * m * np.bincount(unit, (value - mean) ** 2) / (m - 1)
    block, n_blocks = _blocks(len(m))
    return np.hstack([_in_blocks(column, block, n_blocks) for column in (inside, m, total, squares)])


def _blocks(n_units: int) -> tuple[np.ndarray, int]:
    n_blocks = min(n_units, MAX_BLOCKS)
    return np.random.default_rng(0).permutation(n_units) % n_blocks, n_blocks


def _in_blocks(column: np.ndarray, block: np.ndarray, n_blocks: int) -> np.ndarray:
    return np.bincount(block, column, minlength=n_blocks)[:, None]


def _disagreements(sums: np.ndarray, level: str) -> tuple[np.ndarray, np.ndarray]:
    """Observed and expected disagreement of each row of summed columns."""
    n = sums[:, 1]
    chance = n**2 - (sums[:, 2:] ** 2).sum(axis=1) if level == "nominal" else 2 * (n * sums[:, 3] - sums[:, 2] ** 2)
    return sums[:, 0] / n, np.maximum(chance, 0.0) / (n * (n - 1))


def _alpha(observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return np.where(observed > 0, 1 - observed / np.where(expected > 0, expected, 1.0), 1.0)


def _interval(sums: np.ndarray, level: str, n_resamples: int, confidence: float, seed: int) -> tuple[float, float]:
    if not n_resamples:
        return np.nan, np.nan
    n_blocks = len(sums)
    draws = np.random.default_rng(seed).integers(n_blocks, size=(n_resamples, n_blocks))
    draws += np.arange(n_resamples)[:, None] * n_blocks
    times = np.bincount(draws.ravel(), minlength=draws.size).reshape(draws.shape)
    drawn = _alpha(*_disagreements(times @ sums, level))
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)
