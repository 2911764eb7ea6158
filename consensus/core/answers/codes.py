"""Arithmetic of integer codes: which rows share one, the pairs of these, and a mean for each."""

from __future__ import annotations

import numpy as np


def group(code: np.ndarray, n: int) -> list[np.ndarray]:
    """Of codes (A,): the indices i with code[i] == k for every k < n, each list in rising order."""
    order = np.argsort(code, kind="stable")
    return np.split(order, np.cumsum(np.bincount(code, minlength=n))[:-1]) if n else []


def pairs_within(code: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All unordered pairs (left, right) of positions with one code, left before right, for a sorted `code` (n,)."""
    n = len(code)
    last = np.searchsorted(code, code, side="right")
    later = last - np.arange(n) - 1
    left = np.repeat(np.arange(n), later)
    right = left + 1 + np.arange(len(left)) - np.repeat(np.cumsum(later) - later, later)
    return left, right


def mean_by(code: np.ndarray, value: np.ndarray, n: int) -> np.ndarray:
    """(n,) mean of the values of each code; nan where there is none."""
    count = np.bincount(code, minlength=n)
    return np.where(count > 0, np.bincount(code, value, minlength=n) / np.maximum(count, 1), np.nan)
