"""Machine-fast and machine-even answers.

Model: log seconds = item + worker + noise, fitted robustly (medians in turn: J. W. Tukey, Exploratory Data Analysis, 1977, ch. 11).
The answers of a worker, in the order of time, are cut into windows of WINDOW. Of each window: its level, the median of log
seconds less the item's; and its evenness, the log of the mean deviation from its median, the largest tenth left out. People
differ in both, and so does one person from hour to hour; the crowd's own windows say how much. A window is an outlier when its
distance below the crowd's middle is improbable (Student's t with as many degrees of freedom as there are other workers) and
large: MIN_RATIO of what others need on the same items. The p-value of a worker is that of her most extreme window, times the
number of her windows (Bonferroni).

So a quick worker is no machine, a hard item makes nobody slow, and a script that runs for a while among honest work is seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from .evidence import LEVEL, Flag, discoveries
from .log import Log

WINDOW = 20
MIN_RATIO = 1 / 4
MIN_S = 1e-3
ROUNDS = 3
PRIOR_VOTES = 2.0  # pull an item that few answered towards the usual
NORMAL_MAD = 1.4826  # a normal distribution's standard deviation over its median absolute deviation


@dataclass(frozen=True, eq=False)
class Windows:
    """Per window (M,): worker; rows first:last of `order`, the votes by worker and time; level and evenness in logs against the
    crowd's middle (0 = usual); fast_p and even_p, already times the number of her windows. item_s (N,): the usual seconds of
    every vote's item and took_s (N,) her own, in the order of the votes."""

    order: np.ndarray
    worker: np.ndarray
    first: np.ndarray
    last: np.ndarray
    level: np.ndarray
    evenness: np.ndarray
    fast_p: np.ndarray
    even_p: np.ndarray
    item_s: np.ndarray
    took_s: np.ndarray

    def p_values(self, name: str, n_workers: int) -> np.ndarray:
        """(W,) of "fast_p" or "even_p"; NaN for a worker with too few answers."""
        best = np.full(n_workers, np.inf)
        np.minimum.at(best, self.worker, getattr(self, name))
        return np.where(np.isinf(best), np.nan, best)


def find_fast(log: Log) -> Windows:
    """Stretches of answers that came too fast or too evenly; ValueError for a log without took_s."""
    if log.took_s is None:
        raise ValueError("log has no took_s; give the seconds of every answer.")
    order, votes = log.by_worker(), log.votes
    seconds = np.log(np.maximum(log.took_s, MIN_S))
    item = _item_effects(seconds, votes)
    worker, first, last = _windows(votes.worker_codes[order], votes.n_workers)
    number = np.repeat(np.arange(len(worker)), last - first)
    inside = order[np.flatnonzero(_mask(first, last, len(order)))]
    level = group_median(seconds[inside] - item[votes.item_codes[inside]], number, len(worker))
    evenness = _evenness(seconds[inside], number, len(worker))
    level, fast_p = _below(level, worker, votes.n_workers)
    evenness, even_p = _below(evenness, worker, votes.n_workers)
    usual = np.exp(item[votes.item_codes])
    return Windows(order, worker, first, last, level, evenness, fast_p, even_p, usual, log.took_s)


def fast_flags(log: Log, found: Windows, level: float = LEVEL) -> list[Flag]:
    """A "fast" flag for whoever has windows that are too fast, else a "constant" flag for windows that are too even."""
    n_workers, flags = log.votes.n_workers, []
    fast = discoveries(found.p_values("fast_p", n_workers), level)
    even = discoveries(found.p_values("even_p", n_workers), level) & ~fast
    for kind, name, workers in (("fast", "fast_p", fast), ("constant", "even_p", even)):
        p_values, size = getattr(found, name), found.level if kind == "fast" else found.evenness
        for worker in np.flatnonzero(workers):
            mine = np.flatnonzero((found.worker == worker) & (p_values <= level))
            worst = mine[size[mine].argmin()]
            flags.append(_flag(log, found, kind, mine, worst, float(size[worst]), float(p_values[worst])))
    return flags


def _flag(log: Log, found: Windows, kind: str, mine, worst, size: float, p_value: float) -> Flag:
    rows = found.order[found.first[worst] : found.last[worst]]
    took = np.sort(found.took_s[rows])
    tenth = len(took) // 10
    numbers = {
        "answers": int((found.last[mine] - found.first[mine]).sum()),
        "window": len(took),
        "seconds": round(float(np.median(took)), 3),
        "least_s": round(float(took[tenth]), 3),
        "most_s": round(float(took[len(took) - 1 - tenth]), 3),
        "usual_s": round(float(np.median(found.item_s[rows])), 3),
        "first_row": int(log.row[rows[0]]),
        "last_row": int(log.row[rows[-1]]),
    }
    worker = log.votes.worker_ids[log.votes.worker_codes[rows[:1]]].tolist()[0]
    return Flag(kind, worker, float(1 - np.exp(min(size, 0))), min(p_value, 1.0), numbers)


def group_median(values: np.ndarray, groups: np.ndarray, n_groups: int) -> np.ndarray:
    """(G,) median of each group, the mean of the middle two; 0 for an empty one."""
    order = np.lexsort((values, groups))
    counts = np.bincount(groups, minlength=n_groups)
    starts = np.cumsum(counts) - counts
    used = counts > 0
    low, high = order[(starts + (counts - 1) // 2)[used]], order[(starts + counts // 2)[used]]
    medians = np.zeros(n_groups)
    medians[used] = (values[low] + values[high]) / 2
    return medians


def _item_effects(seconds: np.ndarray, votes) -> np.ndarray:
    """(I,) log seconds that a usual worker takes for the item."""
    middle = float(np.median(seconds)) if len(seconds) else 0.0
    item, worker = np.zeros(votes.n_items), np.zeros(votes.n_workers)
    trust = votes.votes_per_item / (votes.votes_per_item + PRIOR_VOTES)
    for _ in range(ROUNDS):
        left = seconds - middle - item[votes.item_codes]
        worker = group_median(left, votes.worker_codes, votes.n_workers)
        left = seconds - middle - worker[votes.worker_codes]
        item = trust * group_median(left, votes.item_codes, votes.n_items)
    return middle + item


def _windows(worker: np.ndarray, n_workers: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(worker, first, last) of each window; what is left over at a worker's end joins her last window."""
    counts = np.bincount(worker, minlength=n_workers)
    windows, starts = counts // WINDOW, np.cumsum(counts) - counts
    who = np.repeat(np.arange(n_workers), windows)
    place = np.arange(len(who)) - np.repeat(np.cumsum(windows) - windows, windows)
    first = starts[who] + place * WINDOW
    last = np.where(place == windows[who] - 1, starts[who] + counts[who], first + WINDOW)
    return who, first, last


def _mask(first: np.ndarray, last: np.ndarray, n: int) -> np.ndarray:
    edges = np.zeros(n + 1, dtype=int)
    np.add.at(edges, first, 1)
    np.add.at(edges, last, -1)
    return np.cumsum(edges[:-1]) > 0


def _evenness(seconds: np.ndarray, window: np.ndarray, n_windows: int) -> np.ndarray:
    """(M,) log of the mean deviation from the window's median, without the largest tenth."""
    off = np.abs(seconds - group_median(seconds, window, n_windows)[window])
    order = np.lexsort((off, window))
    counts = np.bincount(window, minlength=n_windows)
    rank = np.arange(len(off)) - np.repeat(np.cumsum(counts) - counts, counts)
    kept = rank < counts[window[order]] - counts[window[order]] // 10
    total = np.bincount(window[order][kept], weights=off[order][kept], minlength=n_windows)
    return np.log(np.maximum(total / np.maximum(counts - counts // 10, 1), MIN_S))


def _below(values: np.ndarray, worker: np.ndarray, n_workers: int) -> tuple[np.ndarray, np.ndarray]:
    """(values less the crowd's middle, p-values of being so far below it, times the windows of the worker)."""
    if not len(values):
        return values, values
    windows = np.bincount(worker, minlength=n_workers)
    own = group_median(values, worker, n_workers)
    workers = own[windows > 0]
    middle = float(np.median(workers))
    between = NORMAL_MAD * np.median(np.abs(workers - middle))
    within = NORMAL_MAD * np.median(np.abs(values - own[worker]))
    scale, freedom = float(np.hypot(between, within)), len(workers) - 1
    below = values - middle
    if freedom < 1 or scale < 1e-9:
        return below, np.ones(len(values))
    p_values = np.minimum(stdtr(freedom, below / scale) * windows[worker], 1)
    return below, np.where(below <= np.log(MIN_RATIO), p_values, 1.0)
